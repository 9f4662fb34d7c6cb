/**
 * The part of a Go interface in front of its value: the registered name, definitions of types that the stream has not
 * seen yet, and the id of the value's type.
 */
import { fail } from "../failure.js";
import { MAX_NAME_BYTES } from "../limits.js";
import type { WireType } from "../type/wire-type.js";
import type { Cursor } from "./cursor.js";
import type { DecodeState } from "./decode-state.js";
import { readDefinition } from "./read-definition.js";

/** [GOB-25] The registered name; empty for nil, and then nothing follows. */
export function readInterfaceName(c: Cursor): string {
  const start = c.pos;
  const byteLength = c.uint();
  if (byteLength > c.end - c.pos) {
    const text = `gob: invalid type name length ${byteLength}: exceeds input size`;
    fail("corrupt", text, { offset: c.offset, isGoText: true });
  }
  if (byteLength > MAX_NAME_BYTES) {
    fail("limit", `name too long (${byteLength} bytes, limit ${MAX_NAME_BYTES})`, {
      offset: c.offset,
    });
  }
  c.pos = start;
  return c.key();
}

/** [GOB-26] The type of the value, after the definitions that come first. */
export function readInterfaceType(r: DecodeState): WireType {
  for (;;) {
    if (r.pos === r.end) r.nextMessage();
    const id = r.int();
    if (id >= 0) return definedType(r, id);
    readInnerDefinition(r, -id);
  }
}

/**
 * [GOB-26] A definition in the middle of a value. At the top it ends its message. Inside another interface the
 * length of the next piece follows, which nothing depends on.
 */
export function readInnerDefinition(r: DecodeState, id: number): void {
  readDefinition(r, id, false);
  if (r.pos < r.end) r.uint();
}

/** [GOB-8] The type of an id that a value needs. */
export function definedType(r: DecodeState, id: number): WireType {
  const type = r.types.get(id);
  if (type !== undefined) return type;
  const text = "gob: unknown type id or corrupted data";
  fail("corrupt", text, { offset: r.offset, isGoText: true, typeName: `type ${id}` });
}

/** [GOB-7] Reads the 0 in front of a whole value that is not a struct. */
export function readSingleton(c: Cursor, type: WireType): void {
  if (type.kind === "struct") return;
  if (c.uint() === 0) return;
  const text = "gob: decode: corrupted data: non-zero delta for singleton";
  fail("corrupt", text, { offset: c.offset, isGoText: true });
}
