/** How long a host waits: for the start of its plugin, and for a connection to it. */
import { type GiveUpReason, type WaitOptions, within } from "../../protocol/async/wait.js";
import { isPluginError, PluginError } from "../errors.js";

/**
 * Waits for a connection no longer than this caller wants to; for the others it is made all the same.
 *
 * @throws PluginError `connect-timeout`, `aborted`.
 */
export function connectedInTime<T>(connection: Promise<T>, options: WaitOptions = {}): Promise<T> {
  const { signal, timeoutMs } = options;
  const giveUp = (why: GiveUpReason) =>
    why === "timeout"
      ? new PluginError(
          "connect-timeout",
          `plugin: no connection within the ${timeoutMs} ms of this call`,
          { phase: "connect" },
        )
      : new PluginError("aborted", "plugin: waiting for a connection aborted", {
          phase: "connect",
          cause: signal?.reason,
        });
  return within(connection, options, giveUp);
}

/** What is left of the time that a start may take. */
export class StartBudget {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly #deadline: number;

  constructor(timeoutMs: number, signal: AbortSignal) {
    this.timeoutMs = timeoutMs;
    this.signal = signal;
    this.#deadline = performance.now() + timeoutMs;
  }

  get leftMs(): number {
    return Math.max(0, this.#deadline - performance.now());
  }

  /**
   * Does something of a runner, which may be a user's: it may take for ever, or fail in words of its own.
   *
   * @throws PluginError `start-timeout`, `aborted`; `spawn-failed` with the runner's error as cause.
   */
  async run<T>(path: string, step: () => T | Promise<T>): Promise<T> {
    const giveUp = (why: GiveUpReason) =>
      why === "timeout"
        ? new PluginError("start-timeout", startTimeoutText(this.timeoutMs), {
            phase: "start",
            path,
          })
        : new PluginError("aborted", "plugin: start aborted", {
            phase: "start",
            path,
            cause: this.signal.reason,
          });
    // Nothing is begun that nobody would end.
    if (this.signal.aborted) throw giveUp("aborted");
    const work = (async () => step())().catch((cause: unknown) => {
      throw isPluginError(cause) ? cause : runnerFailed(path, cause);
    });
    return within(work, { signal: this.signal, timeoutMs: this.leftMs }, giveUp);
  }
}

export const startTimeoutText = (timeoutMs: number): string =>
  `timeout while waiting for plugin to start (${timeoutMs} ms)`;

function runnerFailed(path: string, cause: unknown): PluginError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new PluginError("spawn-failed", `plugin: the runner failed (${path}): ${why}`, {
    phase: "start",
    path,
    cause,
  });
}
