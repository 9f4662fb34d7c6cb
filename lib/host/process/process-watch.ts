/** Watches the process of a client's plugin: which one it is, and how it ended. */
import { Deferred } from "../../../protocol/async/deferred.js";
import type { ExitFacts } from "../../errors.js";
import type { KeepAlive } from "../../keep-alive.js";
import { processChannel } from "../../observe/diagnostics.js";
import type { Logger } from "../../observe/logger.js";
import { tracer } from "../../observe/trace.js";
import { exitText } from "./failure-text.js";
import type { AttachedRunner } from "./runner.js";

const NO_PROCESS: ExitFacts = { exitCode: undefined, signal: undefined };

/** Who wants to know of the process. */
export interface WatchOptions {
  readonly keepAlive: KeepAlive;
  readonly logger: Logger;
  /** Called when the process has ended, before the log and `exited` tell of it. */
  readonly onExit: () => void;
}

/**
 * There may be no process yet, or never one: the program is missing, or the client is killed before its start.
 * Once there is one, it lasts as long as the client.
 */
export class ProcessWatch {
  readonly #options: WatchOptions;
  readonly #exited = new Deferred<ExitFacts>();
  #runner: AttachedRunner | undefined;
  #exit: ExitFacts | undefined;
  #isAwaited = false;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Called once, as soon as there is a runner. It need not have started. */
  watch(runner: AttachedRunner): void {
    this.#runner = runner;
    runner.exited.then((exit) => this.#onExited(runner.id, exit));
  }

  /** There will be no process, unless one is watched already. */
  giveUp(): void {
    if (this.#runner === undefined) this.#exited.resolve(NO_PROCESS);
  }

  /** The process runs on without us: how it ends will not be known. */
  leave(): void {
    this.#exited.resolve(NO_PROCESS);
  }

  /** The process id as text; empty before the start. */
  get id(): string {
    return this.#runner?.id ?? "";
  }

  /** How the process ended; undefined if it has not, or there is none. */
  get exit(): ExitFacts | undefined {
    return this.#exit;
  }

  /** Resolves with the exit facts. From the first access our process stays alive until then: the caller waits. */
  get exited(): Promise<ExitFacts> {
    if (!this.#isAwaited && this.#exit === undefined) {
      this.#isAwaited = true;
      this.#options.keepAlive.during(() => this.#exited.promise);
    }
    return this.#exited.promise;
  }

  #onExited(id: string, exit: ExitFacts): void {
    const { logger, onExit } = this.#options;
    this.#exit = exit;
    onExit();
    logger.info({ id, ...exit }, "plugin process exited");
    processChannel.publish({ event: "end", id, ...exit });
    tracer("process")?.(`plugin ${id}: ${exitText(exit)}`);
    this.#exited.resolve(exit);
  }
}
