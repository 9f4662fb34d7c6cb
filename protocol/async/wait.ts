/** Waits that time or an AbortSignal can end. Every layer bounds its waits with what is here. */

import { Deferred } from "./deferred.js";
import { rejection } from "./rejection.js";
import { Timer, whenArrivalsHandled } from "./timer.js";

/** Limits on one wait. */
export interface WaitOptions {
  /** Gives the wait up. The signal's reason becomes the cause of the error. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the wait is given up. Default: no limit. */
  readonly timeoutMs?: number | undefined;
}

/** Why a wait was given up. */
export type GiveUpReason = "timeout" | "aborted";

/** Makes the error of a wait that was given up. The owner of the wait forgets it here. */
export type GiveUp = (reason: GiveUpReason, cause?: unknown) => Error;

/**
 * A timer and a listener on a signal. The first one that fires takes the other one off. Neither the timer nor an
 * `AbortSignal.timeout` counts before what has arrived was handled: see {@link Timer}.
 */
export class Bound {
  readonly #signal: AbortSignal | undefined;
  readonly #timer: Timer | undefined;
  readonly #onGiveUp: (reason: GiveUpReason, cause?: unknown) => void;
  #isReleased = false;

  /**
   * A signal that has fired before does nothing: check it before the work begins, or use {@link within}.
   *
   * @param onGiveUp - called at most once, and not after {@link release}.
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
    this.#timer = new Timer(timeoutMs, () => this.#giveUp("timeout"), holdsProcess);
  }

  /** The wait is over: no timer and no listener is left. Safe to call again. */
  release(): void {
    this.#isReleased = true;
    this.#timer?.clear();
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }

  #giveUp(reason: GiveUpReason, cause?: unknown): void {
    if (this.#isReleased) return;
    this.release();
    this.#onGiveUp(reason, cause);
  }

  readonly #onAbort = (): void => {
    const cause: unknown = this.#signal?.reason;
    const abort = (): void => this.#giveUp("aborted", cause);
    // `AbortSignal.timeout` is a timer too. Every other abort is somebody's wish.
    if ((cause as Error | undefined)?.name === "TimeoutError")
      whenArrivalsHandled(abort, undefined);
    else abort();
  };
}

/** A promise that is settled by its owner, by time, or by a signal: the first one counts. */
export class Wait<T> {
  readonly #deferred = new Deferred<T>();
  readonly #bound: Bound;

  /**
   * As with {@link Bound}, a signal that has fired before does nothing.
   *
   * @param giveUp - makes the error that the promise rejects with when time or signal end the wait.
   * @param holdsProcess - whether the timer keeps the process alive; false where a connection does.
   */
  constructor(options: WaitOptions, giveUp: GiveUp, holdsProcess = true) {
    this.#bound = new Bound(
      options,
      (reason, cause) => this.#deferred.resolve(rejection(giveUp(reason, cause))),
      holdsProcess,
    );
  }

  /** What the wait came to. */
  get promise(): Promise<T> {
    return this.#deferred.promise;
  }

  /** What was waited for is there. */
  resolve(value: T): void {
    this.#bound.release();
    this.#deferred.resolve(value);
  }

  /** What was waited for will not come. */
  reject(error: unknown): void {
    this.#bound.release();
    this.#deferred.reject(error);
  }
}

/**
 * Waits for `work` within `options`. A signal that has fired before gives up at once. When the wait is
 * given up, the work itself goes on, and its result is dropped.
 */
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
