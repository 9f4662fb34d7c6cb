/** A plugin's end of TLS: puts it on the sockets that the plugin accepts [TLS-1]. */
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TlsOptions } from "node:tls";
import type { OnFailure } from "../observe/logger.js";
import { tlsFailed, tlsReason } from "./tls-failed.js";

/** How long the TLS handshake of a connection may take, unless the user's options set another time. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Turns a handler of secured connections into a handler of accepted sockets. */
export type TlsAcceptor = (onSecure: (conn: Duplex) => void) => (socket: Socket) => void;

/**
 * Makes what puts TLS on accepted sockets. A connection whose TLS handshake fails is closed and reported to
 * `onFailure`.
 *
 * @throws PluginError `tls-failed` for options that cannot work.
 */
export async function tlsAcceptor(options: TlsOptions, onFailure: OnFailure): Promise<TlsAcceptor> {
  // The server never listens. Node documents that connections may be handed to it by this event.
  const server = await secureServer({ handshakeTimeout: HANDSHAKE_TIMEOUT_MS, ...options });
  server.on("tlsClientError", (error, { authorizationError }) => {
    // When Node refuses the client's certificate, `error` says only that it closed the socket.
    if (authorizationError) {
      onFailure("error accepting connection", `tls: bad client certificate: ${authorizationError}`);
    } else if (!isHangUp(error)) {
      onFailure("error accepting connection", `tls: ${tlsReason(error)}`);
    }
  });
  return (onSecure) => {
    server.on("secureConnection", onSecure);
    return (socket) => server.emit("connection", socket);
  };
}

async function secureServer(options: TlsOptions) {
  const { createServer } = await import("node:tls");
  try {
    return createServer(options);
  } catch (cause) {
    throw tlsFailed("serve", `plugin tls init: ${(cause as Error).message}`, cause);
  }
}

/** Not a failure, with TLS or without: hosts connect and hang up to see whether a plugin is there. */
const isHangUp = (error: Error & { readonly code?: string }): boolean =>
  error.code === "ECONNRESET";
