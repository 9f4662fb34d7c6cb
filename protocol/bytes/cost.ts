/** The memory that the parts of a value take. Receivers count it before they make a part. */

/**
 * [GOB-33] Each part counts against `maxValueBytes` with about the bytes of memory that it takes beside its
 * content. A single byte from a peer can ask for the most expensive of them.
 *
 * Measured with `benchmarks/charged.ts` on Node 20 (64 bit). Change a figure only with a new measurement.
 */
export const COST = {
  /** An object, with room for the properties that are added later. */
  struct: 56,
  /** A property of a struct, whether it was sent or not, or a property that is added to an object later. */
  field: 8,
  list: 48,
  /** A place in a list. */
  place: 8,
  /** A double outside of a list of doubles. */
  boxed: 16,
  /** An integer that can be beyond 31 bits. Only then it is a double and boxed, thus the half. */
  int: 8,
  /** A text, or a bigint. */
  text: 24,
  map: 176,
  entry: 48,
  /** An entry of a plain object. */
  property: 64,
  bytes: 200,
  complex: 72,
  /** A value with its type, which is behind an interface, and the name of that type. */
  dynamic: 96,
  /** A value with its type, where the type has no name of its own. */
  typed: 48,
} as const;

/**
 * A list is made at its full length up to here, because growing takes three times the memory for a while. The engine makes
 * a longer one a dictionary, which is slow.
 */
export const MAX_FULL_LENGTH = 2 ** 25;

/** The default of `maxValueBytes`: 256 MiB. */
export const DEFAULT_MAX_VALUE_BYTES = 256 * 1024 * 1024;
