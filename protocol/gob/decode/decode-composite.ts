/** Decoders of lists, marshalers and codecs. */
import { COST, MAX_FULL_LENGTH } from "../../bytes/cost.js";
import {
  type BareSchema,
  bare,
  type KnownArray,
  type KnownCodec,
  type KnownMarshaler,
} from "../../schema/known.js";
import { at, fail } from "../failure.js";
import { readBytes } from "./decode-scalar.js";
import type { DecodeState } from "./decode-state.js";
import { elementCost } from "./part-cost.js";
import type { Read, ValueDecoder } from "./value-decoder.js";

/** [GOB-5] A slice of uint8, which travels as bytes, as an array of numbers. */
export const byteArrayReader: Read = (r) => {
  const bytes = readBytes(r);
  r.charge(COST.list + COST.place * bytes.length);
  return [...bytes];
};

/** [GOB-18] [GOB-24] A Go slice. An array given to merge into is used again if it is long enough. */
export function sliceReader(elemSchema: BareSchema, elem: ValueDecoder): Read {
  const readList = listReader(elemSchema);
  return readList === undefined
    ? elementsReader(elemSchema, elem)
    : scalarSliceReader(elemSchema, readList);
}

/** [GOB-18] A Go array, whose count must be its length. */
export const arrayReader = (schema: KnownArray, elem: ValueDecoder): Read =>
  elementsReader(bare(schema.elem), elem, schema.length);

/**
 * The count is a claim of the peer. Every element takes a byte at least, so no more places are made than there are
 * bytes, and a wrong count runs out of data. The loop is in the decoder itself: one call less for each level lets
 * values nest deeper before the stack ends.
 */
function elementsReader(schema: BareSchema, elem: ValueDecoder, length?: number): Read {
  const each = elementCost(schema, false);
  return (r, into) => {
    const count = r.uint();
    if (length !== undefined && count !== length) {
      fail("corrupt", "gob: length mismatch in decodeArray", { offset: r.offset, isGoText: true });
    }
    r.chargeParts(COST.list, count, each);
    const isMerged = Array.isArray(into) && into.length >= count;
    const out: unknown[] = isMerged ? into : places(Math.min(count, r.end - r.pos));
    let i = 0;
    r.enter();
    try {
      if (isMerged) for (; i < count; i++) out[i] = elem.read(r, out[i]);
      else for (; i < count; i++) out[i] = elem.read(r, undefined);
    } catch (error) {
      throw at(error, `[${i}]`);
    }
    r.depth--;
    out.length = count;
    return out;
  };
}

/**
 * A list that does not have to grow while it is filled: growing it takes up to three times the memory, for a time.
 * An empty list stays the engine's smallest.
 */
const places = (count: number): unknown[] =>
  count > 0 && count <= MAX_FULL_LENGTH ? new Array(count) : [];

/** Reads `count` elements, of which at least as many bytes are there. Errors carry the index. */
type ReadList = (r: DecodeState, count: number) => unknown[];

/** The loop for elements of a schema. Undefined for kinds that need a decoder. */
function listReader(elem: BareSchema): ReadList | undefined {
  if (elem.kind === "string") return readStrings;
  if (elem.kind === "float" && elem.bits === 64) return readFloats;
  if (elem.kind !== "int" && elem.kind !== "uint") return undefined;
  if (elem.bits < 64 || elem.as !== "number") return undefined;
  return elem.kind === "int" ? readInts : readUints;
}

const readStrings: ReadList = (r, count) => r.strings(count);
const readFloats: ReadList = (r, count) => r.floats(count);
const readInts: ReadList = (r, count) => r.ints(count);
const readUints: ReadList = (r, count) => r.uints(count);

function scalarSliceReader(elem: BareSchema, read: ReadList): Read {
  const each = elementCost(elem, elem.kind !== "string");
  return (r) => {
    const count = r.uint();
    refuseCount(r, count, elem.kind);
    r.chargeParts(COST.list, count, each);
    return read(r, count);
  };
}

/** Every element takes a byte at least, so a count beyond the bytes that are left is wrong. */
function refuseCount(r: DecodeState, count: number, kind: string): void {
  if (count <= r.end - r.pos) return;
  const text = `gob: decoding ${kind} array or slice: length exceeds input size (${count} elements)`;
  fail("corrupt", text, { offset: r.offset, isGoText: true });
}

/** A value that a user's codec makes of a simpler one. */
export const codecReader =
  (schema: KnownCodec, wire: ValueDecoder): Read =>
  (r) =>
    schema.decode(wire.read(r, undefined), r.context);

/** [GOB-16] A value that is made of the bytes which Go's GobEncode or MarshalBinary made. */
export const marshalerReader =
  (schema: KnownMarshaler): Read =>
  (r) =>
    schema.decode(readBytes(r));
