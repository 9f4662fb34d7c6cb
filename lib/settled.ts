/** Waits for which being late is an answer, not an error. */
import { Deferred } from "../protocol/async/deferred.js";
import { Bound } from "../protocol/async/wait.js";

/**
 * Resolves with the value of `promise`, or with undefined when `ms` milliseconds pass or `signal` fires first.
 * Rejects as `promise` does. The work behind the promise goes on either way.
 */
export function settled<T>(
  promise: Promise<T>,
  ms: number,
  signal?: AbortSignal,
): Promise<T | undefined> {
  const first = new Deferred<T | undefined>();
  const bound = new Bound({ timeoutMs: ms, signal }, () => first.resolve(undefined));
  // A signal that has fired already sends no event.
  if (signal?.aborted) first.resolve(undefined);
  promise.then(first.resolve, first.reject);
  return first.promise.finally(() => bound.release());
}

/**
 * Resolves when `work` has settled, or when `position` did not move for `stallMs` milliseconds. Never rejects. The work goes
 * on either way.
 */
export async function settledOrStalled(
  work: Promise<unknown>,
  stallMs: number,
  position: () => number,
): Promise<void> {
  const done = work.then(
    () => true,
    () => true,
  );
  let before: number;
  do {
    before = position();
    if (await settled(done, stallMs)) return;
  } while (position() !== before);
}
