/** Stacks that lead to those who wait. */

/**
 * A promise that rejects with `error`. Resolve with it the promise for which others wait, in place of a rejection.
 *
 * The error of an answer or of a time limit is made where a socket or a timer calls us, and its stack says nothing of
 * the caller. V8 looks who waits for the promise reaction that runs: the stack that is taken in it names the `async`
 * functions behind an `await`, also through `then` and `Promise.all`. It costs nothing before there is a failure.
 */
export function rejection(error: unknown): Promise<never> {
  // The promise that others wait for needs a turn to wait for this one.
  return Promise.resolve()
    .then(() => {})
    .then(function fail() {
      if (error instanceof Error && Object.isExtensible(error)) {
        Error.captureStackTrace(error, fail);
      }
      throw error;
    });
}
