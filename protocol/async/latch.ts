/** An event that happens once, for those who ask before it and those who ask after it. */

import { Deferred } from "./deferred.js";

/**
 * Something that happens once, with a value. Never rejects. A {@link Deferred} makes its promise at once;
 * a Latch makes it when somebody asks, because most streams are never waited for.
 */
export class Latch<T = void> {
  #value: { readonly of: T } | undefined;
  #deferred: Deferred<T> | undefined;

  /** Whether it has happened. */
  get isSet(): boolean {
    return this.#value !== undefined;
  }

  /** Resolves when it happens, or at once if it has. The same promise each time. */
  get promise(): Promise<T> {
    if (this.#deferred === undefined) {
      this.#deferred = new Deferred();
      if (this.#value !== undefined) this.#deferred.resolve(this.#value.of);
    }
    return this.#deferred.promise;
  }

  /** It happens now. Only the first call counts. */
  set(value: T): void {
    if (this.#value !== undefined) return;
    this.#value = { of: value };
    this.#deferred?.resolve(value);
  }
}
