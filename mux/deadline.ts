/** A limit on one kind of waiting of a stream's user. Go: a stream's deadlines. */

import { Bound } from "../protocol/async/wait.js";

/** Armed when a wait begins, cleared when it ends, and armed again for the next one. */
export class Deadline {
  readonly #ms: number | undefined;
  readonly #onPassed: () => void;
  #bound: Bound | undefined;

  /** @param ms - undefined: no limit, and nothing is ever armed. */
  constructor(ms: number | undefined, onPassed: () => void) {
    this.#ms = ms;
    this.#onPassed = onPassed;
  }

  /** A wait has begun. One that is under way already keeps its own time. */
  arm(): void {
    if (this.#ms === undefined || this.#bound !== undefined) return;
    const onPassed = (): void => {
      this.#bound = undefined;
      this.#onPassed();
    };
    this.#bound = new Bound({ timeoutMs: this.#ms }, onPassed, false);
  }

  /** The wait has ended. */
  clear(): void {
    this.#bound?.release();
    this.#bound = undefined;
  }
}
