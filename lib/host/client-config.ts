/** The configuration of a client: what a host says about its plugin, and which contradictions are refused. */
import type { Writable } from "node:stream";
import type { ConnectionOptions } from "node:tls";
import { isObject } from "../../protocol/schema/keys.js";
import { assertHandshake, assertPlugins, badConfig, refuse } from "../contract/check-config.js";
import type { ClientPluginSet, HandshakeConfig } from "../contract/plugin.js";
import type { Logger } from "../observe/logger.js";
import type { VersionedPlugins } from "./connected.js";
import type { SecureConfig } from "./process/checksum.js";
import type { RunnerFunc } from "./process/runner.js";
import type { ReattachConfig } from "./reattach-config.js";

/** How a client gets its plugin, and how it treats it. Go: `ClientConfig`. */
export interface ClientConfig<
  P extends ClientPluginSet = ClientPluginSet,
  V extends VersionedPlugins = VersionedPlugins,
> {
  /** The cookie and the version that host and plugin agree on. */
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
  /** The checksum that the program's file must have to be started. */
  readonly secureConfig?: SecureConfig;
  /**
   * Variables for the plugin. They beat inherited ones (in Go inherited ones win), and `undefined` removes one. The
   * `PLUGIN_*` variables that our process has from a host of its own are never inherited.
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Do not pass our own environment on. Default false. */
  readonly skipHostEnv?: boolean;
  /** The plugin's working directory; a `command` that is a relative path is found from there. Default: ours. */
  readonly cwd?: string;
  /** Milliseconds until the handshake line must have come. Default 60,000. */
  readonly startTimeoutMs?: number;
  /** Milliseconds that a plugin may take to end after `kill` asked it to. Default 2,000. */
  readonly killGraceMs?: number;
  /** Start the program as the leader of a process group, and end the whole group if it must be killed. Default false. */
  readonly processGroup?: boolean;
  /**
   * End the plugin by force when our process ends without `kill`: by an exit, an uncaught error, or a signal such as
   * Ctrl-C. It changes neither the exit code nor the signal. Where the program has a handler of its own for the signal,
   * the plugin is ended when the program exits. False: the plugin runs on, and others may reattach to it. Not for
   * `reattach`. Default true.
   */
  readonly cleanup?: boolean;
  /** Take part in `cleanupClients()`, which asks the plugins to quit. Default false. */
  readonly managed?: boolean;
  /** Milliseconds until the plugin must have answered on a new connection. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** TLS on the connection, as `tls.connect` takes it. `servername` is `localhost` by default. */
  readonly tls?: ConnectionOptions;
  /** Use one-time certificates on both sides, made for this start; they replace `tls`. Not with `reattach`. */
  readonly autoMtls?: boolean;
  /** Gets the records of the plugin's log, and goplug's own. Default: none. */
  readonly logger?: Logger;
  /**
   * Whether a contract must have exactly the fields of the plugin's types. If not, the call fails with CodecError
   * `type-mismatch`, reason `fields` (the cause of RpcError `bad-reply`). Default false: differences are logged [GOB-56].
   */
  readonly strict?: boolean;
  /** A longer line of the log is passed on in pieces of this many bytes. Default 65,536. */
  readonly pluginLogBufferSize?: number;
  /** Gets the plugin's log, byte for byte. */
  readonly stderr?: Writable;
  /**
   * Gets what the plugin prints on stdout after its handshake. While 1 MiB waits in it, the plugin's output waits; when it
   * takes nothing for 10 s, output is dropped and the log says how much. Default: all is dropped.
   */
  readonly syncStdout?: Writable;
  /** The same for what the plugin prints on stderr after its handshake. Its log goes to `stderr`. */
  readonly syncStderr?: Writable;
  /** The lowest port for plugins that listen on TCP. Default 10,000. */
  readonly minPort?: number;
  /** The highest of these ports. Default 25,000. */
  readonly maxPort?: number;
  /**
   * The protocols that the plugin may announce. Default `["netrpc"]`; with a `handshake.line` that has no field for the
   * protocol, that line's `defaultProtocol`. If goplug does not speak the protocol, `start` gives the address, `kill`
   * kills the process without asking it, and all that needs a connection fails with `unsupported-protocol`.
   */
  readonly allowedProtocols?: readonly string[];
  /**
   * Where the plugin makes its Unix socket, and who may connect to it. A custom runner always gets a private directory
   * for its sockets. A `command` gets one only if `tempDir` is given; Go gives it none. Without it the plugin uses its
   * own temporary directory. If it is then killed before it says where its socket is, the file stays behind.
   */
  readonly unixSocket?: {
    /** The group that may connect: its name or number. The plugin gets it and sets it on the socket. */
    readonly group?: string;
    /** Where the private directory is made. It is removed with all that it holds when the plugin has ended. */
    readonly tempDir?: string;
  };
}

/**
 * Refuses a configuration that contradicts itself, in Go's order and with Go's texts.
 *
 * @throws PluginError `bad-config`.
 */
export function assertConfig(config: ClientConfig): void {
  if (!isObject(config)) refuse("configuration", "an object", config);
  if (config.command !== undefined) assertCommand(config.command);
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
  assertHandshake(config.handshake);
  assertPlugins(config, "client");
  const { line, envNames } = config.handshake;
  const hasCertificates =
    (line === undefined || line.fields.includes("certificate")) &&
    (envNames === undefined || envNames.clientCert !== undefined);
  if (config.autoMtls && !hasCertificates) {
    throw badConfig("autoMtls needs a handshake whose line and variables carry certificates");
  }
  if (config.command !== undefined && !config.command[0]) throw badConfig("command is empty");
  if ((config.minPort ?? 0) > (config.maxPort ?? Number.MAX_SAFE_INTEGER)) {
    throw badConfig(`minPort ${config.minPort} is above maxPort ${config.maxPort}`);
  }
}

/** All plugin sets by version. On the host `versionedPlugins` wins over `plugins` [HANDSHAKE-11]. */
export function clientPluginSets(config: ClientConfig): ReadonlyMap<number, ClientPluginSet> {
  const sets = new Map<number, ClientPluginSet>();
  for (const [version, set] of Object.entries(config.versionedPlugins ?? {})) {
    sets.set(Number(version), set);
  }
  const version = config.handshake.protocolVersion ?? 0;
  if (config.plugins !== undefined && !sets.has(version)) sets.set(version, config.plugins);
  return sets;
}

/** A text is not split at its spaces, as no shell is there to do it. */
function assertCommand(command: unknown): void {
  if (!Array.isArray(command)) {
    const hint = typeof command === "string" ? ` ${JSON.stringify([command])}` : "";
    refuse("command", `the program and its arguments as a list of strings${hint}`, command);
  }
  const at = command.findIndex((part) => typeof part !== "string");
  if (at >= 0) refuse(`command[${at}]`, "a string", command[at]);
}
