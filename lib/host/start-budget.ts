/** The time that one start may take, shared by its steps. */
import { type GiveUpReason, within } from "../../protocol/async/wait.js";
import { errorText } from "../../protocol/error-text.js";
import { isPluginError, PluginError } from "../errors.js";
import type { Reason } from "./process/failure-text.js";

/** Bounds each step of a start by what is left of `startTimeoutMs`, and by the signal that aborts the start. */
export class StartBudget {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  #deadline: number;

  /** Begins to count now. */
  constructor(timeoutMs: number, signal: AbortSignal) {
    this.timeoutMs = timeoutMs;
    this.signal = signal;
    this.#deadline = performance.now() + timeoutMs;
  }

  /**
   * The milliseconds for the step that begins now. When the time is over, the step before has come to its end all the
   * same: our own process was blocked meanwhile. The lost time is given back, as `Timer` does within a step.
   */
  takeStepMs(): number {
    const now = performance.now();
    const lateMs = Math.max(0, now - this.#deadline);
    if (lateMs > 0) this.#deadline = now + Math.min(lateMs, this.timeoutMs);
    return this.#deadline - now;
  }

  /** What the error says when the start was given up. */
  reason(why: GiveUpReason): Reason {
    return why === "timeout"
      ? {
          code: "start-timeout",
          text: `timeout while waiting for plugin to start (${this.timeoutMs} ms)`,
        }
      : { code: "aborted", text: "plugin: start aborted", cause: this.signal.reason };
  }

  /**
   * Runs one step of a runner. A runner may be the user's: its step may never settle, or fail with any error.
   *
   * @throws PluginError `start-timeout`, `aborted`; `spawn-failed` with the runner's error as cause.
   */
  async run<T>(path: string, step: () => T | Promise<T>): Promise<T> {
    const giveUp = (why: GiveUpReason) => {
      const { code, text, ...cause } = this.reason(why);
      return new PluginError(code, text, { phase: "start", path, ...cause });
    };
    // A step that begins after the abort would be ended by nobody.
    if (this.signal.aborted) throw giveUp("aborted");
    const work = (async () => step())().catch((cause: unknown) => {
      throw isPluginError(cause) ? cause : runnerFailed(path, cause);
    });
    return within(work, { signal: this.signal, timeoutMs: this.takeStepMs() }, giveUp);
  }
}

function runnerFailed(path: string, cause: unknown): PluginError {
  const text = `plugin: the runner failed (${path}): ${errorText(cause)}`;
  return new PluginError("spawn-failed", text, {
    phase: "start",
    path,
    cause,
  });
}
