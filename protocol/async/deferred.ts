/** A promise and the two functions that settle it. */

/** `Promise.withResolvers`, which Node 20 does not have. */
export class Deferred<T = void> {
  readonly promise: Promise<T>;
  /** Only the first call of `resolve` or `reject` counts. */
  resolve!: (value: T | PromiseLike<T>) => void;
  reject!: (error: unknown) => void;

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}
