/** The environment of a plugin that we launch. */
import { GO_PLUGIN_ENV, pluginEnv } from "../../protocol/handshake/index.js";
import type { OneTimeCertificate } from "../tls/certificate.js";
import type { ClientConfig } from "./client-config.js";

const DEFAULT_MIN_PORT = 10_000;
const DEFAULT_MAX_PORT = 25_000;

/** What one start adds to the configuration. */
export interface StartFacts {
  /** The application versions that the host has plugins for. */
  readonly appVersions: readonly number[];
  /** Our certificate, with AutoMTLS. */
  readonly own: OneTimeCertificate | undefined;
  /** The directory that was made for the plugin's sockets. */
  readonly socketDir: string | undefined;
}

/** All variables that the plugin gets: inherited ones, those of the user, and those of the handshake [HANDSHAKE-8]. */
export function pluginEnvironment(
  config: ClientConfig,
  { appVersions, own, socketDir }: StartFacts,
): Record<string, string> {
  const env = pluginEnv(config.skipHostEnv ? {} : process.env, config.env ?? {}, {
    cookie: config.handshake,
    appVersions,
    minPort: config.minPort ?? DEFAULT_MIN_PORT,
    maxPort: config.maxPort ?? DEFAULT_MAX_PORT,
  });
  if (own !== undefined) env[GO_PLUGIN_ENV.clientCert] = own.cert;
  const group = config.unixSocket?.group;
  if (group) env[GO_PLUGIN_ENV.unixSocketGroup] = group;
  if (socketDir !== undefined) env[GO_PLUGIN_ENV.unixSocketDir] = socketDir;
  return env;
}
