/** The life of a client: its plugin is started once, and ended once. */
import { Deferred } from "../../protocol/async/deferred.js";
import { Bound } from "../../protocol/async/wait.js";
import { type ExitFacts, PluginError } from "../errors.js";
import type { KeepAlive } from "../keep-alive.js";
import type { Logger } from "../observe/logger.js";
import { traceWait } from "../observe/trace.js";
import { type ClientEvent, type ClientState, killOf, nextState, pluginOf } from "./client-state.js";
import type { KillResult } from "./kill-result.js";
import { exitText } from "./process/failure-text.js";
import { ProcessWatch } from "./process/process-watch.js";
import type { StderrTail } from "./process/stderr-tail.js";
import type { RunningPlugin, StartContext } from "./running-plugin.js";

/** What a life is made of. */
export interface LifeOptions {
  /** The program, for errors. */
  readonly path: string | undefined;
  readonly appVersions: readonly number[];
  readonly keepAlive: KeepAlive;
  readonly logger: Logger;
  readonly stderrTail: StderrTail;
  /** Launches the plugin, or finds it running. */
  readonly find: (context: StartContext) => Promise<RunningPlugin>;
  /** Ends a plugin that is up. Never rejects. */
  readonly end: (plugin: RunningPlugin) => Promise<KillResult>;
  /** The first `kill` is done. */
  readonly onKilled: () => void;
}

/** Keeps the state of a client (client-state.ts) and does what leads from one state to the next. */
export class ClientLife {
  readonly #options: LifeOptions;
  readonly #process: ProcessWatch;
  #state: ClientState = { name: "idle" };

  constructor(options: LifeOptions) {
    const { keepAlive, logger } = options;
    this.#options = options;
    this.#process = new ProcessWatch({ keepAlive, logger, onExit: () => this.#onExit() });
  }

  /** The process id as text; empty before the start. */
  get id(): string {
    return this.#process.id;
  }

  /** See `Client.exited`. */
  get exited(): Promise<ExitFacts> {
    return this.#process.exited;
  }

  /** Whether the plugin's process has ended. */
  get hasExited(): boolean {
    return this.#process.exit !== undefined;
  }

  /** The plugin, once it has come up, also after its end. */
  get plugin(): RunningPlugin | undefined {
    return pluginOf(this.#state);
  }

  /** @throws PluginError `ended` when the plugin has ended, or `kill` was called. */
  assertUsable(): void {
    if (this.#state.name === "ended" || killOf(this.#state) !== undefined) throw this.endedError();
  }

  /** The plugin. It is started now if it was not. Rejects if the start has failed, or the plugin is not up any more. */
  async start(signal?: AbortSignal): Promise<RunningPlugin> {
    const state = this.#state;
    switch (state.name) {
      case "idle":
        return this.#start(signal);
      case "starting":
      case "aborting":
        return state.start;
      case "running":
        return state.plugin;
      case "failed":
        throw state.error;
      case "ending":
      case "ended":
        throw this.endedError();
    }
  }

  /** Ends the plugin. The first call does it; later calls wait for the first one. Never rejects. */
  kill(): Promise<KillResult> {
    const before = this.#state;
    const underWay = killOf(before);
    if (underWay !== undefined) return underWay;
    const killed = new Deferred<KillResult>();
    this.#on({ type: "kill", killed: killed.promise, error: this.endedError() });
    killed.resolve(this.#options.keepAlive.during(() => this.#end(before)));
    return killed.promise;
  }

  /** Tells how the plugin ended. */
  endedError(): PluginError {
    const { path, stderrTail } = this.#options;
    const { exit } = this.#process;
    const how = exit === undefined ? "killed by its host" : exitText(exit);
    return new PluginError("ended", `plugin: this client has ended (${how}); make a new Client`, {
      phase: "connect",
      path,
      stderrTail: stderrTail.text,
      ...exit,
    });
  }

  #start(signal: AbortSignal | undefined): Promise<RunningPlugin> {
    const start = new Deferred<RunningPlugin>();
    const abort = new AbortController();
    this.#on({ type: "start", start: start.promise, abort });
    start.resolve(this.#options.keepAlive.during(() => this.#bringUp(abort, signal)));
    return start.promise;
  }

  /** The state changes before anyone who waits for the start goes on. */
  async #bringUp(abort: AbortController, signal: AbortSignal | undefined): Promise<RunningPlugin> {
    const { appVersions, keepAlive, logger, stderrTail, find } = this.#options;
    const link = new Bound({ signal }, (_why, reason) => abort.abort(reason));
    if (signal?.aborted) abort.abort(signal.reason);
    try {
      const plugin = await find({
        appVersions,
        signal: abort.signal,
        stderrTail,
        logger,
        onRunner: (runner) => this.#process.watch(runner),
      });
      for (const handle of plugin.runner.handles) keepAlive.add(handle);
      this.#on({ type: "up", plugin });
      // It may have ended between its handshake and now.
      if (this.hasExited) this.#onExit();
      return plugin;
    } catch (error) {
      this.#process.giveUp();
      this.#on({ type: "fail", error });
      throw error;
    } finally {
      link.release();
    }
  }

  /** @param before - the state in which `kill` was called. */
  async #end(before: ClientState): Promise<KillResult> {
    const { end, onKilled } = this.#options;
    let result: KillResult = { outcome: this.id === "" ? "not-running" : "killed" };
    if (before.name === "starting") {
      before.abort.abort(this.endedError());
      await before.start.catch(() => {});
    }
    // It may have come up before the abort.
    const { plugin } = this;
    if (plugin !== undefined) {
      result = await traceWait("process", `end of ${this.id}`, end(plugin));
    }
    if (result.outcome === "left-alone") this.#process.leave();
    else this.#process.giveUp();
    this.#on({ type: "done" });
    onKilled();
    return result;
  }

  #onExit(): void {
    this.#on({ type: "exit" });
    this.plugin?.remains.tidy();
  }

  #on(event: ClientEvent): void {
    const next = nextState(this.#state, event);
    if (next === undefined) throw new Error(`goplug: ${event.type} in state ${this.#state.name}`);
    this.#state = next;
  }
}
