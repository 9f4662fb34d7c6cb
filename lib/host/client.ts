/** A plugin as its host sees it: the public face of its life (client-life.ts) and of the connection to it. */
import type { CallOptions } from "../../protocol/netrpc/index.js";
import type { ClientPluginSet } from "../contract/plugin.js";
import type { ExitFacts } from "../errors.js";
import { KeepAlive } from "../keep-alive.js";
import type { Address } from "../net/socket.js";
import { guarded, type Logger } from "../observe/logger.js";
import { assertConfig, type ClientConfig, clientPluginSets } from "./client-config.js";
import { ClientLife } from "./client-life.js";
import { connectPlugin } from "./connect.js";
import type { Connected, Dispensed, NameIn, SetOf, VersionedPlugins } from "./connected.js";
import type { HostConnection } from "./host-connection.js";
import type { KillResult } from "./kill-result.js";
import { launch } from "./launch.js";
import { manage, unmanage } from "./managed.js";
import { StderrTail } from "./process/stderr-tail.js";
import { assertSpoken, isSpoken } from "./protocols.js";
import { reattach } from "./reattach.js";
import type { ReattachConfig } from "./reattach-config.js";
import type { RunningPlugin } from "./running-plugin.js";
import { SharedConnection } from "./shared-connection.js";
import { shutdown } from "./shutdown.js";

/**
 * A plugin as its host sees it: started on first use, called through what `dispense` returns, ended by `kill`. A
 * client is for one life of one process: after the end make a new one. Go: `Client`.
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
  readonly #life: ClientLife;
  readonly #connection = new SharedConnection((signal) => this.#dial(signal));

  /** Starts nothing yet. @throws PluginError `bad-config`. */
  constructor(config: ClientConfig<P, V>) {
    assertConfig(config);
    this.#config = config;
    this.#sets = clientPluginSets(config);
    this.#logger = guarded(config.logger);
    const { reattach: attach } = config;
    this.#life = new ClientLife({
      path: config.command?.[0],
      appVersions: [...this.#sets.keys()],
      keepAlive: this.#keepAlive,
      logger: this.#logger,
      stderrTail: this.#stderrTail,
      find: (context) =>
        attach === undefined ? launch(config, context) : reattach(attach, config, context),
      end: (plugin) => this.#end(plugin),
      onKilled: () => unmanage(this),
    });
    if (config.managed) manage(this);
  }

  /**
   * Starts the plugin and waits for its handshake. It is started once: later calls wait for the same start, and a start
   * that failed fails again with the same error.
   *
   * @param options - `signal` aborts the start; it has no effect on a start that is under way already.
   * @returns where the plugin listens.
   * @throws PluginError - why the plugin did not come up; `ended` if it came up and has ended since. Go returns the old
   * address in the second case.
   * Go: `Client.Start`.
   */
  async start(options: { readonly signal?: AbortSignal } = {}): Promise<Address> {
    const { address } = await this.#life.start(options.signal);
    return address;
  }

  /** Starts the plugin and connects to it, if that has not been done. @throws PluginError. Go: `Client.Client`. */
  async client(): Promise<Connected<P, V>> {
    const connection = await this.#connected();
    return {
      version: this.negotiatedVersion,
      broker: connection.broker,
      dispense: (name: string, options?: CallOptions) => connection.dispense(name, options),
      ping: (options?: CallOptions) => connection.ping(options),
    } as Connected<P, V>;
  }

  /**
   * Makes a new instance of a plugin. Starts and connects if that has not been done.
   *
   * @param options - bound each wait on the way.
   * @throws PluginError `unknown-plugin`, and all of `start`. @throws ServerError from the plugin.
   */
  async dispense<N extends NameIn<SetOf<P, V>>>(
    name: N,
    options?: CallOptions,
  ): Promise<Dispensed<SetOf<P, V>, N>> {
    const connection = await this.#connected(options);
    return (await connection.dispense(name, options)) as Dispensed<SetOf<P, V>, N>;
  }

  /** Calls the plugin and waits for its answer. Starts and connects if that has not been done. @throws PluginError. */
  async ping(options?: CallOptions): Promise<void> {
    const connection = await this.#connected(options);
    await connection.ping(options);
  }

  /**
   * Ends the plugin: asks it, waits `killGraceMs`, then kills it. Takes a limited time, works at any time, and may be
   * called again. A plugin that was not started is not started any more. Never rejects.
   *
   * A process of `reattach` is killed only if the plugin has answered on a connection of this client, which is made now
   * if there is none. Otherwise the process may be anybody's: it is left alone [PLUGIN-15].
   *
   * @returns what became of the process. Later calls give the result of the first one.
   * Go: `Client.Kill`.
   */
  kill(): Promise<KillResult> {
    return this.#life.kill();
  }

  /** The same as `kill`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  /**
   * Resolves with how the plugin's process ended; with neither exit code nor signal if there never was a process, or if
   * `kill` left it alone. From the first access our own process stays alive until then.
   */
  get exited(): Promise<ExitFacts> {
    return this.#life.exited;
  }

  /** The process id as text; empty before the start. Go: `Client.ID`. */
  get id(): string {
    return this.#life.id;
  }

  /** The version of the plugin set in use; undefined before the start. */
  get negotiatedVersion(): number | undefined {
    return this.#life.plugin?.version;
  }

  /** `netrpc`; undefined before the start. */
  get protocol(): string | undefined {
    return this.#life.plugin?.protocol;
  }

  /**
   * What another Client needs to use the same plugin; undefined before the start and after the end.
   * Go: `Client.ReattachConfig`.
   */
  get reattachConfig(): ReattachConfig | undefined {
    if (this.#config.reattach !== undefined) return this.#config.reattach;
    const { plugin, hasExited } = this.#life;
    if (plugin === undefined || hasExited) return undefined;
    const { address, protocol, version, runner } = plugin;
    const common = { protocol, protocolVersion: version, address };
    return this.#config.runner === undefined ? { ...common, pid: Number(runner.id) } : common;
  }

  /** The connection; made now if there is none. */
  async #connected(options?: CallOptions): Promise<HostConnection> {
    this.#life.assertUsable();
    return this.#keepAlive.during(() => this.#connection.openWithin(options));
  }

  /** Makes a connection. Also `kill` needs one, to ask the plugin to quit; that must not start it. */
  async #dial(signal: AbortSignal): Promise<HostConnection> {
    const { runner, address, protocol, version, tls } =
      this.#life.plugin ?? (await this.#life.start());
    if (this.#life.hasExited) throw this.#life.endedError();
    assertSpoken(protocol);
    return connectPlugin({
      address,
      tls,
      timeoutMs: this.#config.connectTimeoutMs,
      signal,
      path: this.#config.command?.[0],
      exited: runner.exited,
      end: this.#life,
      stderrTail: this.#stderrTail,
      plugins: this.#sets.get(version) ?? {},
      syncStdout: this.#config.syncStdout,
      syncStderr: this.#config.syncStderr,
      strict: this.#config.strict,
      keepAlive: this.#keepAlive,
      logger: this.#logger,
    });
  }

  async #end({ runner, protocol, found, remains }: RunningPlugin): Promise<KillResult> {
    if (this.#config.reattach?.test) {
      this.#connection.stopDialling(this.#life.endedError());
      await this.#connection.close();
      return { outcome: "left-alone", reason: "plugin: not ended: it is in test mode" };
    }
    const connect = () => (found ? this.#connection.openLive() : this.#connection.open());
    const result = await shutdown({
      runner,
      connect: isSpoken(protocol) ? connect : undefined,
      found,
      graceMs: this.#config.killGraceMs,
      logger: this.#logger,
    });
    if (result.outcome !== "left-alone") await remains.tidy();
    this.#connection.stopDialling(this.#life.endedError());
    return result;
  }
}
