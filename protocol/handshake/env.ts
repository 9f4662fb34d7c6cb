/**
 * What host and plugin tell each other through environment variables: pure functions over a record.
 * The names are data, as the line's grammar is.
 */

/** A process environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** [HANDSHAKE-8] */
export interface EnvNames {
  readonly minPort: string;
  readonly maxPort: string;
  readonly protocolVersions: string;
  readonly clientCert: string;
  readonly unixSocketDir: string;
  readonly unixSocketGroup: string;
  readonly multiplex: string;
}

export const GO_PLUGIN_ENV: EnvNames = {
  minPort: "PLUGIN_MIN_PORT",
  maxPort: "PLUGIN_MAX_PORT",
  protocolVersions: "PLUGIN_PROTOCOL_VERSIONS",
  clientCert: "PLUGIN_CLIENT_CERT",
  unixSocketDir: "PLUGIN_UNIX_SOCKET_DIR",
  unixSocketGroup: "PLUGIN_UNIX_SOCKET_GROUP",
  multiplex: "PLUGIN_MULTIPLEX_GRPC",
};

/** The cookie both sides know. It keeps users from starting a plugin by hand; it is no secret. */
export interface Cookie {
  readonly magicCookieKey: string;
  readonly magicCookieValue: string;
}

export interface HostOffer {
  readonly cookie: Cookie;
  readonly appVersions: readonly number[];
  readonly minPort: number;
  readonly maxPort: number;
}

/**
 * The plugin's environment: the host's own without what an outer host told it [HANDSHAKE-9], then
 * the user's, then ours.
 */
export function pluginEnv(
  inherited: Environment,
  user: Environment,
  offer: HostOffer,
  names: EnvNames = GO_PLUGIN_ENV,
): Record<string, string> {
  const reserved = new Set(Object.values(names));
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries(inherited)) {
    if (value !== undefined && !reserved.has(key)) env[key] = value;
  }
  for (const [key, value] of Object.entries(user)) {
    if (value === undefined) delete env[key];
    else env[key] = value;
  }
  env[offer.cookie.magicCookieKey] = offer.cookie.magicCookieValue;
  env[names.minPort] = String(offer.minPort);
  env[names.maxPort] = String(offer.maxPort);
  env[names.protocolVersions] = offer.appVersions.join(",");
  return env;
}

/** Why a plugin must not serve in this environment. */
export type CookieProblem = "misconfigured" | "not-a-host";

/** [HANDSHAKE-10] */
export function checkCookie(env: Environment, cookie: Cookie): CookieProblem | undefined {
  if (cookie.magicCookieKey === "" || cookie.magicCookieValue === "") return "misconfigured";
  return env[cookie.magicCookieKey] === cookie.magicCookieValue ? undefined : "not-a-host";
}

export interface Negotiated {
  readonly version: number;
  /** Items of the host's list that are no numbers. */
  readonly invalid: readonly string[];
}

/**
 * The plugin's choice: its highest version that the host has too; else its lowest, for the host to
 * report the mismatch [HANDSHAKE-11].
 *
 * @param served - the versions the plugin has; never empty.
 * Go: `protocolVersion`.
 */
export function negotiateVersion(
  env: Environment,
  served: readonly number[],
  names: EnvNames = GO_PLUGIN_ENV,
): Negotiated {
  const offered = new Set<number>();
  const invalid: string[] = [];
  const list = env[names.protocolVersions] ?? "";
  for (const item of list === "" ? [] : list.split(",")) {
    if (/^[+-]?\d+$/.test(item)) offered.add(Number(item));
    else invalid.push(item);
  }
  const descending = [...served].sort((a, b) => b - a);
  const version = descending.find((candidate) => offered.has(candidate)) ?? descending.at(-1)!;
  return { version, invalid };
}
