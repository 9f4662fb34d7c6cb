/** A host's connection to a plugin with TLS on it. */
import type { NetConnectOpts, Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { PluginError } from "../errors.js";
import { type Address, connectFailed, connectSocket, type SocketTransport } from "../net/socket.js";
import { tlsFailed, tlsReason } from "./tls-failed.js";

/**
 * Connects to a plugin. Resolves after the TLS handshake [TLS-1]. With TLS 1.3 the plugin may still refuse our
 * certificate afterwards.
 *
 * @throws PluginError `connect-failed`, `tls-failed`, `path-too-long`, `bad-config`.
 */
export async function connectSecure(
  address: Address,
  tls: ConnectionOptions,
  signal?: AbortSignal,
): Promise<SocketTransport> {
  return connectSocket(address, signal, {
    dial: await tlsDial(tls),
    readyEvent: "secureConnect",
    failed: (where, cause, isConnected) =>
      isConnected
        ? tlsFailed("connect", `tls: ${tlsReason(cause)} (${where})`, cause)
        : connectFailed(where, cause),
  });
}

/** `tls.connect` with the user's options, except those that say where to connect to. */
async function tlsDial(tls: ConnectionOptions): Promise<(options: NetConnectOpts) => Socket> {
  // Loaded only here, because it takes a millisecond that a plain connection can save.
  const { connect, createSecureContext } = await import("node:tls");
  const { host, port, path, socket, ...rest } = tls;
  try {
    const secureContext = tls.secureContext ?? createSecureContext(rest);
    // Certificates are for names, and the address of a plugin is not a name.
    return (at) => connect({ servername: "localhost", ...rest, secureContext, ...at });
  } catch (cause) {
    const text = `plugin: bad tls options: ${(cause as Error).message}`;
    throw new PluginError("bad-config", text, { phase: "connect", cause });
  }
}
