/**
 * Lists of numbers and strings, the kinds that come in long lists. Each has a loop of its own, because calling a
 * decoder for an element costs more than reading a number. Each loop also makes its own array. For each place in the
 * code that makes arrays the engine remembers the kind of their elements; arrays of one place for all kinds are slow.
 */
import type { BareSchema } from "../../schema/known.js";
import { at } from "../failure.js";
import type { Cursor } from "./cursor.js";

/** Reads `count` elements, of which at least as many bytes are there. Errors carry the index. */
export type ReadList = (c: Cursor, count: number) => unknown[];

/** An array is made at its full length up to here. The engine would make a longer one a dictionary, which is slow. */
const MAX_FULL_LENGTH = 1_000_000;

/** The loop for elements of a schema. Undefined for kinds that need a decoder. */
export function listReader(elem: BareSchema): ReadList | undefined {
  if (elem.kind === "string") return readStrings;
  if (elem.kind === "float" && elem.bits === 64) return readFloats;
  if (elem.kind !== "int" && elem.kind !== "uint") return undefined;
  if (elem.bits < 64 || elem.as !== "number") return undefined;
  return elem.kind === "int" ? readInts : readUints;
}

/** [GOB-3] Doubles. The form of 9 bytes, which most have, is read without a call. */
export function readFloats(c: Cursor, count: number): number[] {
  const out: number[] = count < MAX_FULL_LENGTH ? new Array(count) : [];
  const { bytes, end } = c;
  const view = c.view.of(bytes);
  const offset = c.view.offset + 1;
  let { pos } = c;
  let i = 0;
  try {
    for (; i < count; i++) {
      if (pos + 9 <= end && bytes[pos] === 0xf8) {
        out[i] = view.getFloat64(offset + pos, true);
        pos += 9;
      } else {
        c.pos = pos;
        out[i] = c.float();
        pos = c.pos;
      }
    }
    c.pos = pos;
  } catch (error) {
    throw at(error, `[${i}]`);
  }
  return out;
}

/** [GOB-2] Ints as numbers. Those of one and two bytes are read without a call. */
export function readInts(c: Cursor, count: number): number[] {
  const out: number[] = count < MAX_FULL_LENGTH ? new Array(count) : [];
  const { bytes, end } = c;
  let { pos } = c;
  let i = 0;
  try {
    for (; i < count; i++) {
      const first = pos < end ? (bytes[pos] as number) : 0x80;
      if (first < 0x80) {
        out[i] = (first >> 1) ^ -(first & 1);
        pos++;
      } else if (first === 0xff && pos + 1 < end) {
        const byte = bytes[pos + 1] as number;
        out[i] = (byte >> 1) ^ -(byte & 1);
        pos += 2;
      } else {
        c.pos = pos;
        out[i] = c.int();
        pos = c.pos;
      }
    }
    c.pos = pos;
  } catch (error) {
    throw at(error, `[${i}]`);
  }
  return out;
}

/** [GOB-1] Uints as numbers. */
export function readUints(c: Cursor, count: number): number[] {
  const out: number[] = count < MAX_FULL_LENGTH ? new Array(count) : [];
  let i = 0;
  try {
    for (; i < count; i++) out[i] = c.uint();
  } catch (error) {
    throw at(error, `[${i}]`);
  }
  return out;
}

/** [GOB-5] Strings. */
export function readStrings(c: Cursor, count: number): string[] {
  const out: string[] = count < MAX_FULL_LENGTH ? new Array(count) : [];
  let i = 0;
  try {
    for (; i < count; i++) out[i] = c.string();
  } catch (error) {
    throw at(error, `[${i}]`);
  }
  return out;
}
