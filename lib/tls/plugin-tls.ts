import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TlsOptions } from "node:tls";
import { type Environment, GO_PLUGIN_ENV } from "../../protocol/handshake/index.js";
import { PluginError } from "../errors.js";
import type { Logger } from "../observe/logger.js";
import { tlsReason } from "./tls-failed.js";

/** A plugin's own TLS configuration, if it has one. Go: `ServeConfig.TLSProvider`. */
export type TlsProvider = () => TlsOptions | undefined | Promise<TlsOptions | undefined>;

export interface PluginTls {
  /** Undefined: no TLS. */
  readonly tls: TlsOptions | undefined;
  /** For the handshake line; empty without AutoMTLS. */
  readonly certificate: string;
}

/** How long a connection may take for its TLS handshake, unless the provider says otherwise. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * How a plugin secures its connections: as its own provider says, else as the host asks for it [TLS-7].
 *
 * @throws PluginError `tls-failed` when the provider throws or the host's certificate is none: no host could
 * connect.
 */
export async function pluginTls(
  provider: TlsProvider | undefined,
  env: Environment,
  logger: Logger,
): Promise<PluginTls> {
  const provided = await orFail("plugin tls init", () => provider?.());
  if (provided !== undefined) return { tls: provided, certificate: "" };
  const hostCertificate = env[GO_PLUGIN_ENV.clientCert] ?? "";
  if (hostCertificate === "") return { tls: undefined, certificate: "" };
  logger.debug({}, "configuring server automatic mTLS");
  // Loaded only here: node:crypto takes 4 ms of a start.
  const { formatCertificate, pluginOptions } = await import("./auto-mtls.js");
  const { generateCertificate } = await import("./certificate.js");
  const own = await generateCertificate();
  const text = "client cert provided but failed to parse";
  const tls = await orFail(text, () => pluginOptions(own, hostCertificate));
  return { tls, certificate: formatCertificate(own) };
}

/**
 * Puts TLS on accepted sockets [TLS-1]: gives what turns a handler of secured connections into one of raw
 * ones. A connection whose handshake fails is reported and gone.
 *
 * @throws PluginError `tls-failed` for options that cannot work.
 */
export async function tlsAcceptor(
  options: TlsOptions,
  onError: (text: string, error: unknown) => void,
): Promise<(onSecure: (socket: Duplex) => void) => (socket: Socket) => void> {
  const { createServer } = await import("node:tls");
  const withTimeout = { handshakeTimeout: HANDSHAKE_TIMEOUT_MS, ...options };
  // It never listens; Node documents that connections may be handed to it.
  const server = await orFail("plugin tls init", () => createServer(withTimeout));
  server.on("tlsClientError", (error, { authorizationError }) => {
    // Node closes on a certificate that it refuses, and keeps the reason apart.
    if (authorizationError) {
      onError("error accepting connection", `tls: bad client certificate: ${authorizationError}`);
    } else if (!isHangUp(error)) {
      onError("error accepting connection", `tls: ${tlsReason(error)}`);
    }
  });
  return (onSecure) => {
    server.on("secureConnection", onSecure);
    return (socket) => server.emit("connection", socket);
  };
}

/** As normal as without TLS: hosts look so whether we are there. */
const isHangUp = (error: Error & { readonly code?: string }): boolean =>
  error.code === "ECONNRESET";

async function orFail<T>(text: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PluginError("tls-failed", `${text}: ${why}`, { phase: "serve", cause });
  }
}
