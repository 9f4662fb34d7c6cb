/** Errors that any walk over a peer's bytes can meet, mostly in Go's words. Apart, so that hot functions stay small. */
import { fail } from "../failure.js";
import type { Cursor } from "./cursor.js";

/** [GOB-13] A field number beyond the last field of its struct. */
export function failOutOfBounds(c: Cursor): never {
  const text = "gob: bad data: field numbers out of bounds";
  fail("corrupt", text, { offset: c.offset, isGoText: true });
}

/** [GOB-8] A value of a type that was never defined. */
export function failUndefinedType(c: Cursor, id: number): never {
  const text = `gob: bad data: undefined type ${id}`;
  fail("corrupt", text, { offset: c.offset, isGoText: true });
}

/** [GOB-33] Values nested too deep. */
export function failDepth(c: Cursor, maxDepth: number): never {
  fail("limit", `value nests deeper than maxDepth (${maxDepth}): invalid nesting depth`, {
    offset: c.offset,
  });
}

/** [GOB-33] Parts that take too much memory. */
export function failCharge(c: Cursor, maxValueBytes: number): never {
  fail("limit", `parts of the value take more than maxValueBytes (${maxValueBytes}) of memory`, {
    offset: c.offset,
  });
}
