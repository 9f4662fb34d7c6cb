/** Pings the peer in intervals and finds out when it is gone [YAMUX-43]. Go: `Session.keepalive`. */

import { type MuxError, yamuxError } from "./errors.js";

export interface PeriodicPingOptions {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Sends one ping; rejects when there is no answer within the time. */
  ping(timeoutMs: number): Promise<unknown>;
  /** No answer came. */
  onDead(error: MuxError): void;
}

export class PeriodicPing {
  readonly #options: PeriodicPingOptions;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: PeriodicPingOptions) {
    this.#options = options;
    this.#schedule();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.#probe(), this.#options.intervalMs).unref();
  }

  /**
   * A timeout that comes late says that this process was busy or stopped, not that the peer is gone: its
   * answer may lie unread in the socket. So there is one more chance, and the error tells the reason.
   */
  async #probe(): Promise<void> {
    const first = await this.#attempt();
    if (first.isAlive || this.#isStopped) return this.#schedule();
    const second = first.lateMs > 0 ? await this.#attempt() : first;
    if (second.isAlive || this.#isStopped) return this.#schedule();
    this.#options.onDead(deadError(this.#options.timeoutMs, first.lateMs, second.cause));
  }

  /** `lateMs`: by how much our own timer was late; 0 unless it was by more than a tenth of the time. */
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
