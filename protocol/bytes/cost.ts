/**
 * [GOB-33] What parts of a value count for against `maxValueBytes`: about what they take, in bytes of
 * memory, beside their content. A peer's byte can stand for the dearest of them.
 */
export const COST = {
  struct: 64,
  /** Of a struct, sent or not. */
  field: 16,
  list: 64,
  /** A place in a list. What stands there and is no number counts by itself. */
  place: 8,
  /** A text, or a bigint. */
  text: 24,
  map: 192,
  entry: 48,
  bytes: 192,
  complex: 48,
  /** What is not nil behind an interface. */
  dynamic: 96,
} as const;

export const DEFAULT_MAX_VALUE_BYTES = 256 * 1024 * 1024;
