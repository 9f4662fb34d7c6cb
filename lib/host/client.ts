import type { ConnectionOptions } from "node:tls";
import type { CallOptions } from "../../protocol/netrpc/index.js";
import type { ClientPluginSet } from "../contract/plugin.js";
import { type ExitFacts, PluginError } from "../errors.js";
import { KeepAlive } from "../keep-alive.js";
import type { Address } from "../net/socket.js";
import { publishProcess } from "../observe/diagnostics.js";
import { guarded, type Logger, NULL_LOGGER } from "../observe/logger.js";
import { tracer, traceWait } from "../observe/trace.js";
import { describeExit } from "./await-handshake.js";
import {
  assertConfig,
  type ClientConfig,
  type Connected,
  clientPluginSets,
  type Dispensed,
  type NameIn,
  type SetOf,
  type VersionedPlugins,
} from "./client-config.js";
import { connectPlugin, DEFAULT_CONNECT_TIMEOUT_MS } from "./connect.js";
import type { HostConnection } from "./host-connection.js";
import { launch } from "./launch.js";
import { killAtExit, manage, unmanage } from "./managed.js";
import { connectedInTime } from "./patience.js";
import { findPlugin, type ReattachConfig } from "./reattach.js";
import type { AttachedRunner } from "./runner.js";
import {
  DEFAULT_GRACE_MS,
  type Remains,
  removeSocketDir,
  shutdown,
  tidy,
  tidyNow,
} from "./shutdown.js";
import { StderrTail } from "./stderr-tail.js";

const NO_PROCESS: ExitFacts = { exitCode: undefined, signal: undefined };

/** A plugin that runs, started by us or found running. */
interface Running extends Remains {
  readonly runner: AttachedRunner;
  readonly protocol: string;
  readonly version: number;
  readonly tls: ConnectionOptions | undefined;
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
  readonly #logger: Logger;
  readonly #keepAlive = new KeepAlive();
  readonly #stderrTail = new StderrTail();
  readonly #abortStart = new AbortController();
  readonly #abortDial = new AbortController();
  /** Known from the spawn on, before the plugin counts as running. */
  #runner: AttachedRunner | undefined;
  #running: Promise<Running> | undefined;
  /** What `#running` has resolved with. */
  #found: Running | undefined;
  #connection: Promise<HostConnection> | undefined;
  #killed: Promise<void> | undefined;
  #tidied: Promise<void> | undefined;
  #exit: ExitFacts | undefined;
  #isExitAwaited = false;
  readonly #exited: Promise<ExitFacts>;
  #resolveExited!: (facts: ExitFacts) => void;

  /** @throws PluginError `bad-config`. Nothing is started yet. */
  constructor(config: ClientConfig<P, V>) {
    assertConfig(config);
    this.#config = config;
    this.#sets = clientPluginSets(config);
    this.#logger = config.logger === undefined ? NULL_LOGGER : guarded(config.logger);
    this.#exited = new Promise((resolve) => {
      this.#resolveExited = resolve;
    });
    if (config.managed) manage(this);
  }

  /**
   * Starts the plugin and waits for its handshake. Once only: later calls wait for the same start.
   *
   * @throws PluginError - see the codes there; `ended` when the plugin has ended since, where Go gives the
   * address of a socket that is no more. Go: `Client.Start`.
   */
  async start(options: { readonly signal?: AbortSignal } = {}): Promise<Address> {
    if (this.#hasEnded) throw this.#ended();
    const { address } = await this.#ensureRunning(options.signal);
    return address;
  }

  /** Starts and connects if need be. Go: `Client.Client`. */
  async client(): Promise<Connected<P, V>> {
    const connection = await this.#connect();
    return {
      version: this.#found!.version,
      dispense: (name: string, options?: CallOptions) => connection.dispense(name, options),
      ping: (options?: CallOptions) => connection.ping(options),
    } as Connected<P, V>;
  }

  /**
   * A new instance of a plugin, started and connected if need be. `options` bound each wait on the way.
   *
   * @throws PluginError `unknown-plugin` and all of `start`. @throws ServerError from the plugin.
   */
  async dispense<N extends NameIn<SetOf<P, V>>>(
    name: N,
    options?: CallOptions,
  ): Promise<Dispensed<SetOf<P, V>, N>> {
    const connection = await this.#connect(options);
    return (await connection.dispense(name, options)) as Dispensed<SetOf<P, V>, N>;
  }

  /** A round trip to the plugin. */
  async ping(options?: CallOptions): Promise<void> {
    const connection = await this.#connect(options);
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
   * Resolves with how the plugin's process ended; with neither exit code nor signal when there never was a process.
   * Whoever asks is waiting: from the first access our own process stays alive until then.
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
    return this.#found?.version;
  }

  /** `netrpc`; undefined before the start. */
  get protocol(): string | undefined {
    return this.#found?.protocol;
  }

  /**
   * What another Client needs to use the same plugin; undefined before the start and after the end.
   * Go: `Client.ReattachConfig`.
   */
  get reattachConfig(): ReattachConfig | undefined {
    if (this.#config.reattach !== undefined) return this.#config.reattach;
    if (this.#found === undefined || this.#exit !== undefined) return undefined;
    const { address, protocol, version, runner } = this.#found;
    const common = { protocol, protocolVersion: version, address };
    return this.#config.runner === undefined ? { ...common, pid: Number(runner.id) } : common;
  }

  #ensureRunning(signal?: AbortSignal): Promise<Running> {
    if (this.#running === undefined) {
      if (this.#killed !== undefined) return Promise.reject(this.#ended());
      this.#running = this.#keepAlive.during(() => this.#start(signal));
    }
    return this.#running;
  }

  async #start(signal: AbortSignal | undefined): Promise<Running> {
    const onAbort = () => this.#abortStart.abort(signal?.reason);
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      const { reattach } = this.#config;
      this.#found = await (reattach === undefined ? this.#launch() : this.#reattach(reattach));
      const found = this.#found;
      for (const handle of found.runner.handles) this.#keepAlive.add(handle);
      found.runner.exited.then(() => this.#tidy(found));
      return found;
    } finally {
      signal?.removeEventListener("abort", onAbort);
      if (this.#runner === undefined) this.#resolveExited(NO_PROCESS);
    }
  }

  async #launch(): Promise<Running> {
    const { runner, handshake, tls, socketDir } = await launch(this.#config, {
      appVersions: [...this.#sets.keys()],
      signal: this.#abortStart.signal,
      stderrTail: this.#stderrTail,
      logger: this.#logger,
      onRunner: (started, socketDir) => this.#watch(started, socketDir),
    });
    return {
      runner,
      address: { network: handshake.network, address: handshake.address },
      protocol: handshake.protocol,
      version: handshake.appVersion,
      tls,
      outputs: [runner.stdout, runner.stderr],
      socketDir,
    };
  }

  /** Go checks neither protocol nor version here, and knows no sets by version. */
  async #reattach(reattach: ReattachConfig): Promise<Running> {
    const protocol = reattach.protocol ?? "netrpc";
    const allowed = this.#config.allowedProtocols ?? ["netrpc"];
    if (!allowed.includes(protocol)) {
      const text = `unsupported plugin protocol ${JSON.stringify(protocol)}. Supported: [${allowed.join(" ")}]`;
      throw new PluginError("unsupported-protocol", text, { phase: "config" });
    }
    const version = reattach.protocolVersion ?? this.#config.handshake.protocolVersion ?? 0;
    if (!this.#sets.has(version)) {
      const hostVersions = [...this.#sets.keys()];
      const text =
        `incompatible API version with plugin. Plugin version: ${version}, ` +
        `Client versions: [${hostVersions.join(" ")}]`;
      throw new PluginError("app-version", text, {
        phase: "config",
        pluginVersion: version,
        hostVersions,
      });
    }
    const runner = await findPlugin(reattach);
    this.#watch(runner);
    const { address } = reattach;
    const { tls } = this.#config;
    return { runner, address, protocol, version, tls, outputs: [], socketDir: undefined };
  }

  /** @param socketDir - of ours; until the handshake all that is known of what the plugin may leave behind. */
  #watch(runner: AttachedRunner, socketDir?: string): void {
    this.#runner = runner;
    const isOurs = this.#config.reattach === undefined && !this.#config.keepAtExit;
    const killNow = () => {
      runner.kill();
      if (this.#found !== undefined) tidyNow(this.#found);
      else removeSocketDir(socketDir);
    };
    const forget = isOurs ? killAtExit({ killNow }) : () => {};
    runner.exited.then((facts) => {
      forget();
      this.#exit = facts;
      this.#logger.info({ id: runner.id, ...facts }, "plugin process exited");
      publishProcess({ event: "end", id: runner.id, ...facts });
      tracer("process")?.(`plugin ${runner.id}: ${describeExit(facts)}`);
      this.#resolveExited(facts);
    });
  }

  /** The connection, made once. A failed attempt is forgotten, so that it can be tried again. */
  async #connect(options?: CallOptions): Promise<HostConnection> {
    if (this.#killed !== undefined || this.#hasEnded) throw this.#ended();
    return this.#keepAlive.during(() => connectedInTime(this.#open(), options));
  }

  #open(): Promise<HostConnection> {
    this.#connection ??= this.#dial().catch((error) => {
      this.#connection = undefined;
      throw error;
    });
    return this.#connection;
  }

  async #dial(): Promise<HostConnection> {
    const { address, protocol, version, tls } = await this.#ensureRunning();
    if (this.#exit !== undefined) throw this.#ended();
    if (protocol !== "netrpc") {
      const text = `unknown server protocol: ${protocol}`;
      throw new PluginError("unsupported-protocol", text, { phase: "connect" });
    }
    return connectPlugin({
      address,
      tls,
      timeoutMs: this.#config.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
      signal: this.#abortDial.signal,
      path: this.#config.command?.[0],
      exited: this.#exited,
      stderrTail: this.#stderrTail,
      plugins: this.#sets.get(version)!,
      syncStdout: this.#config.syncStdout,
      syncStderr: this.#config.syncStderr,
      keepAlive: this.#keepAlive,
      logger: this.#logger,
    });
  }

  async #kill(): Promise<void> {
    this.#abortStart.abort(this.#ended());
    const running = await this.#running?.catch(() => undefined);
    if (running !== undefined) await traceWait("process", `end of ${this.id}`, this.#end(running));
    this.#abortDial.abort(this.#ended());
    if (this.#runner === undefined) this.#resolveExited(NO_PROCESS);
    if (this.#config.managed) unmanage(this);
  }

  async #end(running: Running): Promise<void> {
    if (this.#config.reattach?.test) {
      this.#abortDial.abort(this.#ended());
      await (await this.#connection?.catch(() => undefined))?.close();
      return;
    }
    const { runner } = running;
    const graceMs = this.#config.killGraceMs ?? DEFAULT_GRACE_MS;
    const { exit, wasKilled, unreached } = await shutdown(runner, () => this.#open(), graceMs);
    const facts = { id: runner.id, ...(unreached === undefined ? {} : { error: `${unreached}` }) };
    if (exit === undefined) this.#logger.error(facts, "error killing plugin");
    else if (wasKilled) this.#logger.warn(facts, "plugin failed to exit gracefully");
    else this.#logger.debug(facts, "plugin exited");
    await this.#tidy(running);
  }

  /** Once, when the plugin has ended, whoever ended it. */
  #tidy(running: Running): Promise<void> {
    this.#tidied ??= tidy(running);
    return this.#tidied;
  }

  /** It ran and does no more. A start that failed tells its own reason for ever. */
  get #hasEnded(): boolean {
    return this.#found !== undefined && (this.#exit ?? this.#killed) !== undefined;
  }

  #ended(): PluginError {
    const exit = this.#exit;
    const how = exit === undefined ? "killed by its host" : describeExit(exit);
    return new PluginError("ended", `plugin: this client has ended (${how}); make a new Client`, {
      phase: "connect",
      path: this.#config.command?.[0],
      stderrTail: this.#stderrTail.text,
      ...exit,
    });
  }
}
