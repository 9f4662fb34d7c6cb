/** Encodes slices and arrays [GOB-18]: a count, then the elements. */
import { type BareSchema, bare, type KnownArray, type KnownSlice } from "../../schema/known.js";
import { numberRange } from "../../schema/numbers.js";
import { at, fail } from "../failure.js";
import type { EncodeState } from "./encode-state.js";
import { writeFloats, writeInts, writeStrings, writeUints } from "./scalar-lists.js";
import { unless, type ValueEncoder } from "./value-encoder.js";
import { failSchema, failType, spellSchema } from "./wrong-type.js";

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** A slice. Its field is left out when it is empty, because nil and empty are the same to gob. */
export const sliceEncoder = (schema: KnownSlice, elem: ValueEncoder): ValueEncoder =>
  unless(isEmptyList, elementsWriter(schema, elem), []);

/** An array of exactly the schema's length, which is always sent. */
export function arrayEncoder(schema: KnownArray, elem: ValueEncoder): ValueEncoder {
  const write = elementsWriter(schema, elem);
  const writeZero = zeroElementsWriter(schema, elem);
  return {
    write,
    writeField(e, value, delta) {
      e.uint(delta);
      if (value === undefined) writeZero(e);
      else write(e, value);
      return true;
    },
    writeZero,
  };
}

/** [GOB-49] An array that the user left out: as many zeros as it has elements. */
function zeroElementsWriter({ length }: KnownArray, elem: ValueEncoder): ValueEncoder["writeZero"] {
  return (e) => {
    e.uint(length);
    e.enter();
    let i = 0;
    try {
      for (; i < length; i++) elem.writeZero(e);
    } catch (error) {
      throw at(error, `[${i}]`);
    }
    e.depth--;
  };
}

/**
 * Everything is done in one function, loop included: each level of a value that nests costs one stack frame
 * here and one in its element, and fewer frames mean deeper values.
 */
function elementsWriter(
  schema: KnownSlice | KnownArray,
  elem: ValueEncoder,
): ValueEncoder["write"] {
  const writeScalars = scalarsWriter(bare(schema.elem));
  const length = schema.kind === "array" ? schema.length : undefined;
  return (e, value) => {
    if (!Array.isArray(value)) failSchema(schema, value);
    if (length !== undefined && value.length !== length) {
      fail("bad-value", `want ${spellSchema(schema)}, got ${value.length} elements`);
    }
    e.uint(value.length);
    // This stops at the first element that it cannot take. The loop below goes on there, and its encoder throws.
    let i = writeScalars?.(e, value) ?? 0;
    e.enter();
    try {
      for (; i < value.length; i++) elem.write(e, value[i]);
    } catch (error) {
      throw at(error, `[${i}]`);
    }
    e.depth--;
  };
}

/** Writes elements up to the first that is not as it should be, and returns how many. */
type WriteScalars = (e: EncodeState, values: readonly unknown[]) => number;

/** A loop without a call through an encoder, for the kinds that come in long lists. */
function scalarsWriter(schema: BareSchema): WriteScalars | undefined {
  if (schema.kind === "string") return writeStrings;
  if (schema.kind === "float" && schema.bits === 64) return writeFloats;
  if (schema.kind !== "int" && schema.kind !== "uint") return undefined;
  if (schema.as === "bigint") return undefined;
  const [min, max] = numberRange(schema);
  if (schema.kind === "int") return (e, values) => writeInts(e, values, min, max);
  return (e, values) => writeUints(e, values, max);
}

const writeByteList: ValueEncoder["write"] = (e, value) => {
  if (!Array.isArray(value)) failType("[]uint8", value);
  e.uint(value.length);
  e.reserve(value.length);
  let i = 0;
  try {
    for (; i < value.length; i++) e.byte(toByte(value[i]));
  } catch (error) {
    throw at(error, `[${i}]`);
  }
};

/** [GOB-5] A slice of uint8 that the user passes as an array of numbers. It is bytes to Go. */
export const byteListEncoder: ValueEncoder = unless(isEmptyList, writeByteList, []);

const toByte = (value: unknown): number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 255
    ? value
    : failType("uint8", value);
