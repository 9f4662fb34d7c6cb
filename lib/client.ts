import { unlink } from "node:fs/promises";
import type { Writable } from "node:stream";
import type { Handshake } from "../protocol/handshake/index.js";
import { pluginEnv } from "../protocol/handshake/index.js";
import type { CallOptions } from "../protocol/netrpc/index.js";
import { PluginError } from "./errors.js";
import { KeepAlive } from "./keep-alive.js";
import { awaitHandshake, describeExit } from "./launch.js";
import type { ClientOf, ClientPluginSet, HandshakeConfig } from "./plugin.js";
import { ProcessRunner } from "./process-runner.js";
import { HostConnection } from "./rpc-client.js";
import type { ExitFacts, Runner } from "./runner.js";
import { DEFAULT_GRACE_MS, shutdown } from "./shutdown.js";
import { type Address, connectSocket } from "./socket.js";
import { StderrTail } from "./stderr-tail.js";

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
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Variables for the plugin; they beat inherited ones, and `undefined` removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Do not hand the host's own environment on. Default false. */
  readonly skipHostEnv?: boolean;
  readonly cwd?: string;
  /** Milliseconds until the handshake line must have come. Default 60,000. */
  readonly startTimeoutMs?: number;
  /** Milliseconds a plugin may take to end after `kill` asked it to. Default 2,000. */
  readonly killGraceMs?: number;
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
type SetOf<P, V> = [Given<P> | GivenVersion<V>] extends [never]
  ? ClientPluginSet
  : Given<P> | { [K in GivenVersion<V>]: V[K] }[GivenVersion<V>];
type NameIn<S> = S extends ClientPluginSet ? keyof S & string : never;
type Dispensed<S, N extends string> = S extends { readonly [K in N]: infer T }
  ? ClientOf<T>
  : never;

const DEFAULT_START_TIMEOUT_MS = 60_000;
const DEFAULT_MIN_PORT = 10_000;
const DEFAULT_MAX_PORT = 25_000;

/** A plugin that runs. */
interface Running {
  readonly runner: Runner;
  readonly handshake: Handshake;
}

/**
 * A plugin as its host sees it: started on first use, called through what `dispense` returns, ended
 * by `kill`. A client is for one life of one process; after the end make a new one. Go: `Client`.
 */
export class Client<
  const P extends ClientPluginSet = ClientPluginSet,
  const V extends VersionedPlugins = VersionedPlugins,
> implements AsyncDisposable
{
  readonly #config: ClientConfig<P, V>;
  readonly #sets: ReadonlyMap<number, ClientPluginSet>;
  readonly #keepAlive = new KeepAlive();
  readonly #stderrTail = new StderrTail();
  readonly #abortStart = new AbortController();
  #runner: Runner | undefined;
  #running: Promise<Running> | undefined;
  #connection: Promise<HostConnection> | undefined;
  #killed: Promise<void> | undefined;
  #negotiated: Handshake | undefined;
  #exit: ExitFacts | undefined;
  #isExitAwaited = false;
  readonly #exited: Promise<ExitFacts>;
  #resolveExited!: (facts: ExitFacts) => void;

  /** @throws PluginError `bad-config`. Nothing is started yet. */
  constructor(config: ClientConfig<P, V>) {
    if (config.command.length === 0 || config.command[0] === "") {
      throw badConfig("command is empty");
    }
    this.#config = config;
    this.#sets = pluginSets(config);
    this.#exited = new Promise((resolve) => {
      this.#resolveExited = resolve;
    });
  }

  /**
   * Starts the plugin and waits for its handshake. Once only: later calls wait for the same start.
   *
   * @throws PluginError - see the codes there. Go: `Client.Start`.
   */
  async start(options: { readonly signal?: AbortSignal } = {}): Promise<Address> {
    const { handshake } = await this.#ensureRunning(options.signal);
    return { network: handshake.network, address: handshake.address };
  }

  /** Starts and connects if need be. Go: `Client.Client`. */
  async client(): Promise<Connected<P, V>> {
    const connection = await this.#connect();
    return {
      version: this.#negotiated!.appVersion,
      dispense: (name: string, options?: CallOptions) => connection.dispense(name, options),
      ping: (options?: CallOptions) => connection.ping(options),
    } as Connected<P, V>;
  }

  /**
   * A new instance of a plugin, started and connected if need be.
   *
   * @throws PluginError `unknown-plugin` and all of `start`. @throws ServerError from the plugin.
   */
  async dispense<N extends NameIn<SetOf<P, V>>>(
    name: N,
    options?: CallOptions,
  ): Promise<Dispensed<SetOf<P, V>, N>> {
    const connection = await this.#connect();
    return (await connection.dispense(name, options)) as Dispensed<SetOf<P, V>, N>;
  }

  /** A round trip to the plugin. */
  async ping(options?: CallOptions): Promise<void> {
    const connection = await this.#connect();
    await connection.ping(options);
  }

  /**
   * Ends the plugin: asks, waits `killGraceMs`, then kills. Bounded, safe to call again and at any
   * time; does nothing for a plugin that never started. Never rejects. Go: `Client.Kill`.
   */
  kill(): Promise<void> {
    this.#killed ??= this.#keepAlive.during(() => this.#kill());
    return this.#killed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  /**
   * Resolves with how the plugin's process ended. Whoever asks is waiting: from the first access our
   * own process stays alive until then.
   */
  get exited(): Promise<ExitFacts> {
    if (!this.#isExitAwaited && this.#exit === undefined) {
      this.#isExitAwaited = true;
      this.#keepAlive.acquire();
      this.#exited.then(() => this.#keepAlive.release());
    }
    return this.#exited;
  }

  /** The process id as text; empty before the start. Go: `Client.ID`. */
  get id(): string {
    return this.#runner?.id ?? "";
  }

  /** The version of the plugin set in use; undefined before the start. */
  get negotiatedVersion(): number | undefined {
    return this.#negotiated?.appVersion;
  }

  /** `netrpc`; undefined before the start. */
  get protocol(): string | undefined {
    return this.#negotiated?.protocol;
  }

  #ensureRunning(signal?: AbortSignal): Promise<Running> {
    if (this.#running === undefined) {
      if (this.#killed !== undefined) return Promise.reject(this.#ended());
      signal?.addEventListener("abort", () => this.#abortStart.abort(signal.reason), {
        once: true,
      });
      if (signal?.aborted) this.#abortStart.abort(signal.reason);
      this.#running = this.#start();
    }
    return this.#running;
  }

  async #start(): Promise<Running> {
    const config = this.#config;
    const appVersions = [...this.#sets.keys()];
    const env = pluginEnv(config.skipHostEnv ? {} : process.env, config.env ?? {}, {
      cookie: config.handshake,
      appVersions,
      minPort: config.minPort ?? DEFAULT_MIN_PORT,
      maxPort: config.maxPort ?? DEFAULT_MAX_PORT,
    });
    const runner = new ProcessRunner({ command: config.command, env, cwd: config.cwd });
    this.#runner = runner;
    runner.exited.then((facts) => {
      this.#exit = facts;
      this.#resolveExited(facts);
    });
    await runner.start();
    runner.stderr.on("data", (chunk: Buffer) => {
      this.#stderrTail.push(chunk);
      config.stderr?.write(chunk);
    });
    runner.stderr.on("error", () => {});
    this.#negotiated = await awaitHandshake({
      runner,
      expect: { appVersions, allowedProtocols: config.allowedProtocols ?? ["netrpc"] },
      startTimeoutMs: config.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS,
      signal: this.#abortStart.signal,
      stderr: this.#stderrTail,
    });
    for (const handle of runner.handles) this.#keepAlive.add(handle);
    return { runner, handshake: this.#negotiated };
  }

  /** The connection, made once. A failed attempt is forgotten, so that it can be tried again. */
  async #connect(): Promise<HostConnection> {
    if (this.#killed !== undefined) throw this.#ended();
    return this.#keepAlive.during(() => this.#open());
  }

  #open(): Promise<HostConnection> {
    this.#connection ??= this.#dial().catch((error) => {
      this.#connection = undefined;
      throw error;
    });
    return this.#connection;
  }

  async #dial(): Promise<HostConnection> {
    const { handshake } = await this.#ensureRunning();
    if (this.#exit !== undefined) throw this.#ended();
    const transport = await connectSocket(handshake);
    this.#keepAlive.add(transport.socket);
    return HostConnection.open(transport, {
      plugins: this.#sets.get(handshake.appVersion)!,
      syncStdout: this.#config.syncStdout,
      syncStderr: this.#config.syncStderr,
      keepAlive: this.#keepAlive,
    });
  }

  async #kill(): Promise<void> {
    this.#abortStart.abort(this.#ended());
    const running = await this.#running?.catch(() => undefined);
    if (running === undefined) return;
    const { runner, handshake } = running;
    const graceMs = this.#config.killGraceMs ?? DEFAULT_GRACE_MS;
    const { wasKilled } = await shutdown(runner, () => this.#open(), graceMs);
    // A plugin that ended by itself has removed its socket; one that was killed could not.
    if (wasKilled && handshake.network === "unix" && !handshake.address.startsWith("@")) {
      await unlink(handshake.address).catch(() => {});
    }
  }

  #ended(): PluginError {
    const exit = this.#exit;
    const how = exit === undefined ? "killed by its host" : describeExit(exit);
    return new PluginError("ended", `plugin: this client has ended (${how}); make a new Client`, {
      phase: "connect",
      path: this.#config.command[0],
      stderrTail: this.#stderrTail.text,
      ...exit,
    });
  }
}

/** All sets by version. On the host `versionedPlugins` wins over `plugins` [HANDSHAKE-11]. */
function pluginSets(config: ClientConfig): ReadonlyMap<number, ClientPluginSet> {
  const sets = new Map<number, ClientPluginSet>();
  for (const [version, set] of Object.entries(config.versionedPlugins ?? {})) {
    sets.set(Number(version), set);
  }
  const version = config.handshake.protocolVersion ?? 0;
  if (config.plugins !== undefined && !sets.has(version)) sets.set(version, config.plugins);
  return sets;
}

const badConfig = (text: string): PluginError =>
  new PluginError("bad-config", `plugin: ${text}`, { phase: "config" });
