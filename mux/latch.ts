/** Something that happens once and can be awaited before and after. Never rejects. */
export class Latch<T = void> {
  #value: { readonly of: T } | undefined;
  /** Made when asked for: most streams are never awaited. */
  #promise: Promise<T> | undefined;
  #resolve: ((value: T) => void) | undefined;

  get isSet(): boolean {
    return this.#value !== undefined;
  }

  get promise(): Promise<T> {
    this.#promise ??= this.#value
      ? Promise.resolve(this.#value.of)
      : new Promise((resolve) => {
          this.#resolve = resolve;
        });
    return this.#promise;
  }

  /** Only the first call counts. */
  set(value: T): void {
    if (this.#value !== undefined) return;
    this.#value = { of: value };
    this.#resolve?.(value);
  }
}
