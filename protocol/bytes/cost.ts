/** The memory that the parts of a value take. Receivers count it before they make a part. */

/**
 * [GOB-33] Each part counts against `maxValueBytes` with about the bytes of memory that it takes beside its
 * content. A single byte from a peer can ask for the most expensive of them.
 */
export const COST = {
  struct: 64,
  /** A field of a struct, whether it was sent or not. */
  field: 16,
  list: 64,
  /** A place in a list. An element that is not a number counts in addition. */
  place: 8,
  /** A text, or a bigint. */
  text: 24,
  map: 192,
  entry: 48,
  bytes: 192,
  complex: 48,
  /** A value behind an interface, unless it is nil. */
  dynamic: 96,
} as const;

/** The default of `maxValueBytes`: 256 MiB. */
export const DEFAULT_MAX_VALUE_BYTES = 256 * 1024 * 1024;
