/** A promise that an AbortSignal or a timeout can give up: the one way in which this layer waits [YAMUX-51]. */

import { MuxError } from "./errors.js";

export interface WaitOptions {
  /** Gives the wait up with code `aborted`; the signal's reason is the cause. */
  readonly signal?: AbortSignal | undefined;
  /** Gives the wait up with code `timeout`. Default: see the method; undefined or 0 is no limit. */
  readonly timeoutMs?: number | undefined;
}

/** The longest time Node's timers take; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Called once when the time is over or the signal fires: the owner forgets the wait and says what failed. */
export type GiveUp = (code: "timeout" | "aborted", cause?: unknown) => MuxError;

/** Settles once: by its owner, by time, or by the signal. Holds no timer or listener afterwards. */
export class Wait<T> {
  readonly promise: Promise<T>;
  readonly #signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  #resolve!: (value: T) => void;
  #reject!: (error: Error) => void;

  constructor({ signal, timeoutMs }: WaitOptions, giveUp: GiveUp) {
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#giveUp = giveUp;
    if (timeoutMs) {
      const boundedMs = Math.min(timeoutMs, MAX_TIMER_MS);
      // The connection below keeps the process alive, not the waits on it.
      this.#timer = setTimeout(() => this.reject(giveUp("timeout")), boundedMs).unref();
    }
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort);
  }

  readonly #giveUp: GiveUp;
  readonly #onAbort = (): void => this.reject(this.#giveUp("aborted", this.#signal?.reason));

  resolve(value: T): void {
    this.#release();
    this.#resolve(value);
  }

  reject(error: Error): void {
    this.#release();
    this.#reject(error);
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }
}

/** Refuses to start a wait whose signal fired before. */
export function throwIfAborted(options: WaitOptions, what: string): void {
  if (!options.signal?.aborted) return;
  throw new MuxError("aborted", `yamux: ${what} aborted`, { cause: options.signal.reason });
}
