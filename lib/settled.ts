/** Waits where being late is an answer and no error. */

import { Deferred } from "../protocol/async/deferred.js";
import { Bound } from "../protocol/async/wait.js";

/** The value of `promise` if it comes within `ms`, else undefined. Rejects as `promise` does. */
export function settled<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const first = new Deferred<T | undefined>();
  const bound = new Bound({ timeoutMs: ms }, () => first.resolve(undefined));
  promise.then(first.resolve, first.reject).finally(() => bound.release());
  return first.promise;
}
