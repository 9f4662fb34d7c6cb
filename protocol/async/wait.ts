/** Waits that time or an AbortSignal can end. Every layer bounds its waits with what is here. */
import { Deferred } from "./deferred.js";

export interface WaitOptions {
  /** Gives the wait up; the signal's reason becomes the cause of the error. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the wait is given up. Default: no limit. */
  readonly timeoutMs?: number | undefined;
}

/** Why a wait was given up. */
export type GiveUpReason = "timeout" | "aborted";

/** Makes the error of a wait that was given up; the owner forgets the wait here. */
export type GiveUp = (reason: GiveUpReason, cause?: unknown) => Error;

/** The longest time that Node's timers take. A longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A timer and a listener that belong together: the first of them that fires takes the other off. */
export class Bound {
  readonly #signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #onGiveUp: (reason: GiveUpReason, cause?: unknown) => void;

  /**
   * @param onGiveUp - called at most once. A signal that fired before counts no more: see {@link within}.
   * @param holdsProcess - whether the timer keeps the process alive.
   */
  constructor(
    { signal, timeoutMs }: WaitOptions,
    onGiveUp: (reason: GiveUpReason, cause?: unknown) => void,
    holdsProcess = true,
  ) {
    this.#onGiveUp = onGiveUp;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort);
    if (timeoutMs === undefined) return;
    this.#timer = setTimeout(this.#onTimeout, Math.min(timeoutMs, MAX_TIMER_MS));
    if (!holdsProcess) this.#timer.unref();
  }

  /** The wait is over: no timer and no listener is left. Safe to call again. */
  release(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }

  readonly #onTimeout = (): void => {
    this.release();
    this.#onGiveUp("timeout");
  };

  readonly #onAbort = (): void => {
    this.release();
    this.#onGiveUp("aborted", this.#signal?.reason);
  };
}

/** A promise that its owner settles, or time, or the signal: whoever comes first. */
export class Wait<T> {
  readonly #deferred = new Deferred<T>();
  readonly #bound: Bound;

  /** @param holdsProcess - whether the timer keeps the process alive; not where a connection does so. */
  constructor(options: WaitOptions, giveUp: GiveUp, holdsProcess = true) {
    this.#bound = new Bound(
      options,
      (reason, cause) => this.#deferred.reject(giveUp(reason, cause)),
      holdsProcess,
    );
  }

  get promise(): Promise<T> {
    return this.#deferred.promise;
  }

  resolve(value: T): void {
    this.#bound.release();
    this.#deferred.resolve(value);
  }

  reject(error: unknown): void {
    this.#bound.release();
    this.#deferred.reject(error);
  }
}

/** Waits for `work` within `options`. When the wait is given up, the work itself goes on. */
export function within<T>(work: Promise<T>, options: WaitOptions, giveUp: GiveUp): Promise<T> {
  const { signal, timeoutMs } = options;
  if (signal === undefined && timeoutMs === undefined) return work;
  const wait = new Wait<T>(options, giveUp);
  work.then(
    (value) => wait.resolve(value),
    (error) => wait.reject(error),
  );
  if (signal?.aborted) wait.reject(giveUp("aborted", signal.reason));
  return wait.promise;
}
