/** What the parts of a value cost in memory, which receivers count before they make them. */

/**
 * [GOB-33] What a part of a value counts against `maxValueBytes`: about the bytes of memory that it takes beside its
 * content. A single byte from a peer can ask for the most expensive of them.
 */
export const COST = {
  struct: 64,
  /** A field of a struct, whether it was sent or not. */
  field: 16,
  list: 64,
  /** A place in a list. What is not a number is an object besides, and counts for itself. */
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
