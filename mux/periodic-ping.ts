/** Pings the peer at intervals, to notice when it is gone [YAMUX-43]. Go: `Session.keepalive`. */

import { type MuxError, yamuxError } from "./errors.js";

/** What {@link PeriodicPing} needs of its session. */
export interface PeriodicPingOptions {
  /** Milliseconds from the start, or from an answer, to the next ping. */
  readonly intervalMs: number;
  /** Milliseconds that the answer may take. */
  readonly timeoutMs: number;
  /** Sends one ping. Rejects when no answer comes in time. */
  ping(timeoutMs: number): Promise<unknown>;
  /** No answer came. Called once; no more pings follow. */
  onDead(error: MuxError): void;
}

/** Runs from its construction to {@link PeriodicPing.stop}. Does not keep the process alive. */
export class PeriodicPing {
  readonly #options: PeriodicPingOptions;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: PeriodicPingOptions) {
    this.#options = options;
    this.#schedule();
  }

  /** No more pings. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.#probe(), this.#options.intervalMs).unref();
  }

  async #probe(): Promise<void> {
    const { timeoutMs, ping, onDead } = this.#options;
    const startMs = performance.now();
    try {
      await ping(timeoutMs);
    } catch (cause) {
      if (!this.#isStopped) onDead(deadError(timeoutMs, performance.now() - startMs, cause));
      return;
    }
    this.#schedule();
  }
}

/** The wait is longer than its limit only if our own process was blocked: see `Timer`. */
function deadError(timeoutMs: number, waitedMs: number, cause: unknown): MuxError {
  const blocked =
    waitedMs > timeoutMs * 1.1
      ? `, nor within ${Math.round(waitedMs)} ms; this process' own event loop was blocked meanwhile`
      : "";
  return yamuxError("keep-alive-timeout", `no answer to a ping within ${timeoutMs} ms${blocked}`, {
    cause,
  });
}
