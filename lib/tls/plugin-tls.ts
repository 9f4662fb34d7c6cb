/** Whether a plugin uses TLS, and with what options [TLS-7]. */
import type { TlsOptions } from "node:tls";
import { errorText } from "../../protocol/error-text.js";
import { type Environment, GO_PLUGIN_ENV } from "../../protocol/handshake/index.js";
import type { Logger } from "../observe/logger.js";
import { tlsFailed } from "./tls-failed.js";

/**
 * Gives a plugin's own TLS options, as `tls.createServer` takes them. Undefined: the plugin has none, and AutoMTLS
 * is used if the host offers it. Go: `ServeConfig.TLSProvider`.
 */
export type TlsProvider = () => TlsOptions | undefined | Promise<TlsOptions | undefined>;

/** What a plugin does about TLS. */
export interface PluginTls {
  /** For every connection. Undefined: no TLS. */
  readonly tls: TlsOptions | undefined;
  /** The certificate field of the handshake line. Empty without AutoMTLS. */
  readonly certificate: string;
}

/**
 * Decides it: the plugin's own provider comes first, then the host's offer in the environment.
 *
 * @throws PluginError `tls-failed` when the provider throws or the host's certificate cannot be read. In both
 *   cases no host could connect.
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
  // Loaded only here, because node:crypto adds 4 ms to a start.
  const { formatCertificate, pluginOptions } = await import("./auto-mtls.js");
  const { generateCertificate } = await import("./certificate.js");
  const own = await generateCertificate();
  const text = "client cert provided but failed to parse";
  const tls = await orFail(text, () => pluginOptions(own, hostCertificate));
  return { tls, certificate: formatCertificate(own) };
}

async function orFail<T>(text: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw tlsFailed("serve", `${text}: ${errorText(cause)}`, cause);
  }
}
