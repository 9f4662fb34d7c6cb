/**
 * The environment variables of the handshake, read and made by pure functions over a record.
 * The names of the variables are data, because Packer and others use other names.
 */

/** A process environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** [HANDSHAKE-8] The names of the variables. A variable without a name is not set and not read. */
export interface EnvNames {
  /** The lowest TCP port that the plugin may listen on. */
  readonly minPort?: string;
  /** The highest TCP port. */
  readonly maxPort?: string;
  /** The host's application versions, separated by commas. */
  readonly protocolVersions?: string;
  /** The host's certificate as PEM, for AutoMTLS. */
  readonly clientCert?: string;
  /** The directory for unix sockets. */
  readonly unixSocketDir?: string;
  /** The group that may use the socket, by name or id. */
  readonly unixSocketGroup?: string;
  /** Whether the host can multiplex gRPC; it asks for the line's last field. */
  readonly multiplex?: string;
}

/** The names that go-plugin uses. */
export const GO_PLUGIN_ENV: Required<EnvNames> = {
  minPort: "PLUGIN_MIN_PORT",
  maxPort: "PLUGIN_MAX_PORT",
  protocolVersions: "PLUGIN_PROTOCOL_VERSIONS",
  clientCert: "PLUGIN_CLIENT_CERT",
  unixSocketDir: "PLUGIN_UNIX_SOCKET_DIR",
  unixSocketGroup: "PLUGIN_UNIX_SOCKET_GROUP",
  multiplex: "PLUGIN_MULTIPLEX_GRPC",
};

/** The cookie that both sides know. It keeps users from starting a plugin by hand. It is not a secret. */
export interface Cookie {
  /** The name of the environment variable. Go: `MagicCookieKey`. */
  readonly magicCookieKey: string;
  /** The value that the variable must have. Go: `MagicCookieValue`. */
  readonly magicCookieValue: string;
}

/** The facts that the host tells every plugin. */
export interface HostOffer {
  readonly cookie: Cookie;
  readonly appVersions: readonly number[];
  /** For a plugin that listens on TCP. Both bounds are included. */
  readonly minPort: number;
  readonly maxPort: number;
  /** The host's certificate as PEM, with AutoMTLS. */
  readonly clientCert?: string | undefined;
  /** The directory for the plugin's sockets. */
  readonly unixSocketDir?: string | undefined;
  /** The group that may use the plugin's socket. */
  readonly unixSocketGroup?: string | undefined;
}

/**
 * The plugin's environment [HANDSHAKE-9]. The host's own comes first, without the variables that an outer host
 * set for it; then the user's variables, of which undefined removes one; then the handshake's.
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
  const { cookie, appVersions, minPort, maxPort, ...rest } = offer;
  env[cookie.magicCookieKey] = cookie.magicCookieValue;
  const values: Partial<Record<keyof EnvNames, string | undefined>> = {
    minPort: String(minPort),
    maxPort: String(maxPort),
    protocolVersions: appVersions.join(","),
    ...rest,
  };
  for (const [fact, value] of Object.entries(values)) {
    const name = names[fact as keyof EnvNames];
    if (name !== undefined && value !== undefined) env[name] = value;
  }
  return env;
}

/** The variables of the handshake under go-plugin's names, for a plugin whose host gives them other names. */
export function underGoNames(env: Environment, names: EnvNames): Environment {
  return Object.fromEntries(
    Object.entries(GO_PLUGIN_ENV).map(([fact, goName]) => {
      const name = names[fact as keyof EnvNames];
      return [goName, name === undefined ? undefined : env[name]];
    }),
  );
}

/** Why a plugin must not serve in this environment. */
export type CookieProblem = "misconfigured" | "not-a-host";

/** [HANDSHAKE-10] Undefined if the plugin may serve. */
export function checkCookie(env: Environment, cookie: Cookie): CookieProblem | undefined {
  if (cookie.magicCookieKey === "" || cookie.magicCookieValue === "") return "misconfigured";
  return env[cookie.magicCookieKey] === cookie.magicCookieValue ? undefined : "not-a-host";
}

/** The result of {@link negotiateVersion}. */
export interface Negotiated {
  readonly version: number;
  /** Items of the host's list that are not integers. */
  readonly invalid: readonly string[];
}

/**
 * [HANDSHAKE-11] The plugin's choice: its highest version that the host has, too. If there is none, its
 * lowest: the host then reports the mismatch.
 *
 * @param served - the versions the plugin has; never empty.
 * Go: `protocolVersion`.
 */
export function negotiateVersion(env: Environment, served: readonly number[]): Negotiated {
  const offered = new Set<number>();
  const invalid: string[] = [];
  const list = env[GO_PLUGIN_ENV.protocolVersions] ?? "";
  for (const item of list === "" ? [] : list.split(",")) {
    if (/^[+-]?\d+$/.test(item)) offered.add(Number(item));
    else invalid.push(item);
  }
  const descending = [...served].sort((a, b) => b - a);
  const version = descending.find((candidate) => offered.has(candidate)) ?? descending.at(-1)!;
  return { version, invalid };
}
