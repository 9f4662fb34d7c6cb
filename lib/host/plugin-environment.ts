/** The environment of a plugin that we launch. */
import { pluginEnv } from "../../protocol/handshake/index.js";
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
  const { handshake, skipHostEnv, env = {}, minPort, maxPort, unixSocket } = config;
  const offer = {
    cookie: handshake,
    appVersions,
    minPort: minPort ?? DEFAULT_MIN_PORT,
    maxPort: maxPort ?? DEFAULT_MAX_PORT,
    clientCert: own?.cert,
    unixSocketDir: socketDir,
    unixSocketGroup: unixSocket?.group || undefined,
  };
  return pluginEnv(skipHostEnv ? {} : process.env, env, offer, handshake.envNames);
}
