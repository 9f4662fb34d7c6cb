/**
 * Go's nil slices, maps and byte slices, which are empty values here. A schema promises a list or a `Map`, thus nil
 * cannot be `undefined`. The decoder remembers which empty values it made of nil, and encoders write those as nil again
 * [GOB-46] [NETRPC-32]. Under `optional` nil is `undefined`, and no mark is needed.
 */

/** A constructor that makes nothing: `super` of the class below is then the object itself. */
class Same {
  constructor(value: object) {
    // biome-ignore lint/correctness/noConstructorReturn: this is how an object of another class gets a private field.
    return value;
  }
}

/**
 * The mark is a private field on the empty value, which nobody else can see: neither a comparison nor a copy. It takes a
 * few nanoseconds; a WeakSet took 170.
 */
class Nil extends Same {
  #isNil = true;

  static has(value: object): boolean {
    return #isNil in value && value.#isNil;
  }
  static forget(value: object): void {
    if (#isNil in value) value.#isNil = false;
  }
}

/** Remembers that this empty value came from nil. */
export function markNil<T extends object>(empty: T): T {
  new Nil(empty);
  return empty;
}

/** Forgets it: the peer has sent the value that the receiver merged into. */
export const unmarkNil = (value: object): void => Nil.forget(value);

/** Whether the list or the bytes are still the empty value that was made of nil. */
export const isNilList = (value: { readonly length: number }): boolean =>
  value.length === 0 && Nil.has(value);

/** The same for a `Map`, or for a plain object that is a map. */
export function isNilMap(value: object): boolean {
  if (value instanceof Map) return value.size === 0 && Nil.has(value);
  for (const _ in value) return false;
  return Nil.has(value);
}
