/** Waits of one kind, in order of arrival: what comes goes to the one that waits longest. */

import type { GiveUp, Wait, WaitOptions } from "../protocol/async/wait.js";
import { muxWait } from "./wait.js";

/** Waits for values of type `T`. */
export class WaitQueue<T> {
  /** Insertion order is the order of arrival. */
  readonly #waits = new Set<Wait<T>>();

  /** Waits at the end of the queue. A wait that is given up leaves it. */
  join(options: WaitOptions, giveUp: GiveUp): Promise<T> {
    const wait: Wait<T> = muxWait(options, (reason, cause) => {
      this.#waits.delete(wait);
      return giveUp(reason, cause);
    });
    this.#waits.add(wait);
    return wait.promise;
  }

  /** Takes out the wait that is next, for the caller to settle; undefined if there is none. */
  shift(): Wait<T> | undefined {
    const [first] = this.#waits;
    if (first !== undefined) this.#waits.delete(first);
    return first;
  }

  /** Ends all waits that are in the queue now. */
  fail(error: () => Error): void {
    const waits = [...this.#waits];
    this.#waits.clear();
    for (const wait of waits) wait.reject(error());
  }
}
