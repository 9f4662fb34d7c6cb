/** A host's connection with TLS on it. */
import type { NetConnectOpts, Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { PluginError } from "../errors.js";
import { type Address, connectFailed, connectSocket, type SocketTransport } from "../net/socket.js";
import { tlsReason } from "./tls-failed.js";

/**
 * Connects to a plugin, and resolves after the TLS handshake [TLS-1]. In TLS 1.3 the peer has not judged our
 * certificate by then.
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
      isConnected ? tlsFailed(where, cause) : connectFailed(where, cause),
  });
}

/** `tls.connect` with the user's options; where to connect to is not among them. */
async function tlsDial(tls: ConnectionOptions): Promise<(options: NetConnectOpts) => Socket> {
  // Loaded only here: it takes a millisecond that a plain connection has no use for.
  const { connect, createSecureContext } = await import("node:tls");
  const { host, port, path, socket, ...rest } = tls;
  try {
    const secureContext = tls.secureContext ?? createSecureContext(rest);
    // A plugin's address is no name that a certificate could be for.
    return (at) => connect({ servername: "localhost", ...rest, secureContext, ...at });
  } catch (cause) {
    const text = `plugin: bad tls options: ${(cause as Error).message}`;
    throw new PluginError("bad-config", text, { phase: "connect", cause });
  }
}

const tlsFailed = (where: string, cause: Error): PluginError =>
  new PluginError("tls-failed", `tls: ${tlsReason(cause)} (${where})`, { phase: "connect", cause });
