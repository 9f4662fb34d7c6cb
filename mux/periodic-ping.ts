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

  /**
   * A timeout that fires late shows that this process was busy or stopped. The peer's answer may be in the
   * socket, unread. Therefore the peer gets a second ping, and the error mentions the delay.
   */
  async #probe(): Promise<void> {
    const first = await this.#attempt();
    if (first.isAlive || this.#isStopped) return this.#schedule();
    const second = first.lateMs > 0 ? await this.#attempt() : first;
    if (second.isAlive || this.#isStopped) return this.#schedule();
    this.#options.onDead(deadError(this.#options.timeoutMs, first.lateMs, second.cause));
  }

  /** `lateMs` is the delay of our own timer, or 0 if that is at most a tenth of the timeout. */
  async #attempt(): Promise<{ isAlive: boolean; lateMs: number; cause?: unknown }> {
    const { timeoutMs } = this.#options;
    const dueMs = performance.now() + timeoutMs;
    try {
      await this.#options.ping(timeoutMs);
      return { isAlive: true, lateMs: 0 };
    } catch (cause) {
      const lateMs = Math.round(performance.now() - dueMs);
      return { isAlive: false, lateMs: lateMs > timeoutMs / 10 ? lateMs : 0, cause };
    }
  }
}

function deadError(timeoutMs: number, lateMs: number, cause: unknown): MuxError {
  const blocked =
    lateMs > 0 ? `; this process' own event loop was blocked for ${lateMs} ms longer` : "";
  const what = `no answer to a ping within ${timeoutMs} ms${blocked}`;
  return yamuxError("keep-alive-timeout", what, { cause });
}
