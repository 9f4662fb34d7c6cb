/** A limit on one kind of waiting: armed when a wait begins, cleared when it ends. Go: a stream's deadlines. */
export class Deadline {
  readonly #ms: number | undefined;
  readonly #onPassed: (ms: number) => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param ms - undefined: no limit, and nothing is ever armed. */
  constructor(ms: number | undefined, onPassed: (ms: number) => void) {
    this.#ms = ms;
    this.#onPassed = onPassed;
  }

  /** A wait has begun; one that is under way goes on with its own time. */
  arm(): void {
    const ms = this.#ms;
    if (ms === undefined || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#onPassed(ms);
    }, ms).unref();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
