import type { Writable } from "node:stream";
import type { ConnectionOptions } from "node:tls";
import type { CallOptions } from "../../protocol/netrpc/index.js";
import type { ClientOf, ClientPluginSet, HandshakeConfig } from "../contract/plugin.js";
import { PluginError } from "../errors.js";
import type { Logger } from "../observe/logger.js";
import type { SecureConfig } from "./checksum.js";
import type { ReattachConfig } from "./reattach.js";
import type { RunnerFunc } from "./runner.js";

/** Plugin sets by application version. */
export type VersionedPlugins = { readonly [version: number]: ClientPluginSet };

export interface ClientConfig<
  P extends ClientPluginSet = ClientPluginSet,
  V extends VersionedPlugins = VersionedPlugins,
> {
  readonly handshake: HandshakeConfig;
  /** The plugins of `handshake.protocolVersion`. */
  readonly plugins?: P;
  /** Plugins by version; an entry here beats `plugins` for the same version. */
  readonly versionedPlugins?: V;
  /** The program and its arguments. Exactly one of `command`, `reattach` and `runner` is given. */
  readonly command?: readonly string[];
  /** A plugin that runs already. */
  readonly reattach?: ReattachConfig;
  /** Starts the plugin in another way than as a child process. */
  readonly runner?: RunnerFunc;
  /** What the program's file must hash to before it is started. */
  readonly secureConfig?: SecureConfig;
  /**
   * Variables for the plugin; they beat inherited ones (in Go inherited ones win), and `undefined` removes one.
   * What a host tells its plugin by `PLUGIN_*` variables is never inherited from an outer host.
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Do not hand the host's own environment on. Default false. */
  readonly skipHostEnv?: boolean;
  readonly cwd?: string;
  /** Milliseconds until the handshake line must have come. Default 60,000. */
  readonly startTimeoutMs?: number;
  /** Milliseconds a plugin may take to end after `kill` asked it to. Default 2,000. */
  readonly killGraceMs?: number;
  /** Start the program as the leader of a process group, and end the whole group by force. */
  readonly processGroup?: boolean;
  /** Let the plugin run on when our process exits without `kill`: for others to reattach to. */
  readonly keepAtExit?: boolean;
  /** Take part in `cleanupClients()`. */
  readonly managed?: boolean;
  /** Milliseconds until the plugin must have answered on a new connection. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** TLS on the connection, as `tls.connect` takes it. `servername` is `localhost` by default. */
  readonly tls?: ConnectionOptions;
  /** One-time certificates on both sides, made for this start; replaces `tls`. Not with `reattach`. */
  readonly autoMtls?: boolean;
  /** Gets the plugin's log record by record, and goplug's own. Default: none. */
  readonly logger?: Logger;
  /** A longer line of the log is passed on in pieces of this many bytes. Default 65,536. */
  readonly pluginLogBufferSize?: number;
  /** Gets the plugin's log, byte for byte. */
  readonly stderr?: Writable;
  /** Gets what the plugin prints on its redirected stdout; dropped by default. */
  readonly syncStdout?: Writable;
  readonly syncStderr?: Writable;
  /** The ports for plugins that listen on TCP. Default 10,000 to 25,000. */
  readonly minPort?: number;
  readonly maxPort?: number;
  /** Default `["netrpc"]`. */
  readonly allowedProtocols?: readonly string[];
  /**
   * Who may connect to the plugin's unix socket: a group's name or number, handed to the plugin. And where a
   * private directory for its sockets is made, which goes with the plugin whatever it left there. A custom
   * runner always gets one, by default in the system's temporary directory; for a `command` it is made only
   * when `tempDir` is given: else the plugin uses its own temporary directory, and one that is killed before
   * it said where its socket is leaves the file behind. Go gives one to runners only.
   */
  readonly unixSocket?: { readonly group?: string; readonly tempDir?: string };
}

/** A connected plugin; `version` tells which set it serves. Go: `ClientProtocol`. */
export interface ConnectedPlugin<P extends ClientPluginSet, Version extends number> {
  /** The negotiated application version. */
  readonly version: Version;
  dispense<N extends keyof P & string>(name: N, options?: CallOptions): Promise<ClientOf<P[N]>>;
  ping(options?: CallOptions): Promise<void>;
}

// What was not given is inferred as its bound, which has every key.
type Given<P> = string extends keyof P ? never : P;
type GivenVersion<V> = number extends keyof V ? never : keyof V & number;

type ConnectedTo<P extends ClientPluginSet, V extends VersionedPlugins> =
  | { [K in GivenVersion<V>]: ConnectedPlugin<V[K], K> }[GivenVersion<V>]
  | ([Given<P>] extends [never] ? never : ConnectedPlugin<P, number>);

/** One member per version, so that `connected.version === 3` narrows the names and types. */
export type Connected<P extends ClientPluginSet, V extends VersionedPlugins> = [
  ConnectedTo<P, V>,
] extends [never]
  ? ConnectedPlugin<ClientPluginSet, number>
  : ConnectedTo<P, V>;

/** The sets a name may come from. */
export type SetOf<P, V> = [Given<P> | GivenVersion<V>] extends [never]
  ? ClientPluginSet
  : Given<P> | { [K in GivenVersion<V>]: V[K] }[GivenVersion<V>];
export type NameIn<S> = S extends ClientPluginSet ? keyof S & string : never;
export type Dispensed<S, N extends string> = S extends { readonly [K in N]: infer T }
  ? ClientOf<T>
  : never;

/**
 * Refuses what contradicts itself, in Go's order and with its texts.
 *
 * @throws PluginError `bad-config`.
 */
export function assertConfig(config: ClientConfig): void {
  const ways = [config.command, config.reattach, config.runner].filter((way) => way !== undefined);
  if (ways.length !== 1) {
    throw badConfig(
      "exactly one of Cmd, or Reattach, or RunnerFunc must be set (command, reattach, runner)",
    );
  }
  if (config.secureConfig !== undefined && config.reattach !== undefined) {
    throw badConfig("only one of Reattach or SecureConfig can be set");
  }
  if (config.secureConfig !== undefined && config.runner !== undefined) {
    throw badConfig("secureConfig needs a command: with a runner there is no file to check");
  }
  if (config.autoMtls && config.reattach !== undefined) {
    throw badConfig("autoMtls cannot be reattached to: its certificates are not kept");
  }
  if (config.command !== undefined && !config.command[0]) throw badConfig("command is empty");
  if ((config.minPort ?? 0) > (config.maxPort ?? Number.MAX_SAFE_INTEGER)) {
    throw badConfig(`minPort ${config.minPort} is above maxPort ${config.maxPort}`);
  }
}

/** All sets by version. On the host `versionedPlugins` wins over `plugins` [HANDSHAKE-11]. */
export function clientPluginSets(config: ClientConfig): ReadonlyMap<number, ClientPluginSet> {
  const sets = new Map<number, ClientPluginSet>();
  for (const [version, set] of Object.entries(config.versionedPlugins ?? {})) {
    sets.set(Number(version), set);
  }
  const version = config.handshake.protocolVersion ?? 0;
  if (config.plugins !== undefined && !sets.has(version)) sets.set(version, config.plugins);
  return sets;
}

const badConfig = (text: string): PluginError =>
  new PluginError("bad-config", text, { phase: "config" });
