/** The life of a client: its plugin is started once, and ended once. */
import { Deferred } from "../../protocol/async/deferred.js";
import { Latch } from "../../protocol/async/latch.js";
import { Bound } from "../../protocol/async/wait.js";
import { type ExitFacts, PluginError, type PluginErrorFacts } from "../errors.js";
import type { KeepAlive } from "../keep-alive.js";
import type { Logger } from "../observe/logger.js";
import { traceWait } from "../observe/trace.js";
import { type ClientEvent, type ClientState, killOf, nextState, pluginOf } from "./client-state.js";
import type { KillResult } from "./kill-result.js";
import type { LossFacts, PluginEnd } from "./plugin-loss.js";
import { exitText, withStderr } from "./process/failure-text.js";
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
export class ClientLife implements PluginEnd {
  readonly #options: LifeOptions;
  readonly #process: ProcessWatch;
  readonly #over = new Latch();
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
    this.#over.set();
    killed.resolve(this.#options.keepAlive.during(() => this.#end(before)));
    return killed.promise;
  }

  /** `kill` was called, or the process has ended and its last output has arrived. */
  get isOver(): boolean {
    return this.#over.isSet;
  }

  /** Resolves when {@link isOver} becomes true. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /** A process that is not our child is looked at more often for a while. */
  expectExit(): void {
    this.plugin?.found?.hurry();
  }

  /**
   * Tells how the plugin ended.
   *
   * @param when - what the end interrupted. Default: nothing, the user came too late.
   */
  endedError(facts: LossFacts = { phase: "connect" }, when?: string): PluginError {
    const wasKilled = killOf(this.#state) !== undefined;
    const { exit } = this.#process;
    const how = endText(exit);
    const text =
      wasKilled || when === undefined
        ? `plugin: this client has ended (${how}); make a new Client`
        : `plugin: the plugin ended ${when} (${how})`;
    const stderrTail = this.#options.stderrTail.text;
    const message = wasKilled ? text : withStderr(text, stderrTail);
    return new PluginError("ended", message, { ...facts, ...this.#facts, ...exit });
  }

  /** Tells why the connection was lost, which is not because the process has ended. */
  connectionLost({ phase, cause }: LossFacts & { readonly cause: Error }): PluginError {
    const text = `plugin: connection lost, and the plugin has not ended: ${cause.message}`;
    return new PluginError("connection-lost", text, { phase, cause, ...this.#facts });
  }

  get #facts(): Pick<PluginErrorFacts, "path" | "stderrTail"> {
    const { path = this.plugin?.address.address, stderrTail } = this.#options;
    return { path, stderrTail: stderrTail.text };
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
    void this.plugin?.remains.tidy().then(() => this.#over.set());
  }

  #on(event: ClientEvent): void {
    const next = nextState(this.#state, event);
    if (next === undefined) throw new Error(`goplug: ${event.type} in state ${this.#state.name}`);
    this.#state = next;
  }
}

function endText(exit: ExitFacts | undefined): string {
  if (exit === undefined) return "killed by its host";
  const isKnown = exit.exitCode !== undefined || exit.signal !== undefined;
  return isKnown ? exitText(exit) : "its process is gone";
}
