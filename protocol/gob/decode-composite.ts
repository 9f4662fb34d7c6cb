import type { Read, ValueDecoder } from "./compile-decoder.js";
import { at, fail, keyText } from "./failure.js";
import type {
  KnownArray,
  KnownCodec,
  KnownMap,
  KnownMarshaler,
  KnownSchema,
} from "./known-schema.js";
import type { MessageReader } from "./message-reader.js";
import { setKey } from "./zero.js";

/** A slice of uint8 as an array of numbers. */
export const byteArrayReader: Read = (r) => [...r.blob()];

/** [GOB-18] [GOB-24] An array given to merge into is reused if it is long enough. */
export function sliceReader(elemSchema: KnownSchema, elem: ValueDecoder): Read {
  const readScalars = scalarsReader(elemSchema);
  return (r, into) => {
    const count = r.uint();
    if (readScalars !== undefined) {
      refuseCount(r, count, elemSchema.kind);
      return readScalars(r, count);
    }
    const out = Array.isArray(into) && into.length >= count ? into : [];
    readElements(r, elem, count, out);
    out.length = count;
    return out;
  };
}

export function arrayReader(schema: KnownArray, elem: ValueDecoder): Read {
  return (r, into) => {
    const count = r.uint();
    if (count !== schema.length) {
      fail("corrupt", "gob: length mismatch in decodeArray", { offset: r.offset, isGoText: true });
    }
    const out = Array.isArray(into) && into.length === count ? into : [];
    readElements(r, elem, count, out);
    return out;
  };
}

/**
 * The count is the peer's: nothing is allocated by it. Every element takes at least a byte, so a
 * count that lies runs out of data.
 */
function readElements(r: MessageReader, elem: ValueDecoder, count: number, out: unknown[]): void {
  const merged = out.length;
  let i = 0;
  r.enter();
  try {
    for (; i < merged && i < count; i++) out[i] = elem.read(r, out[i]);
    for (; i < count; i++) out.push(elem.read(r, undefined));
  } catch (error) {
    throw at(error, `[${i}]`);
  }
  r.depth--;
}

/** Elements of a byte at least: more of them than bytes are a lie. */
function refuseCount(r: MessageReader, count: number, kind: string): void {
  if (count <= r.end - r.pos) return;
  const text = `gob: decoding ${kind} array or slice: length exceeds input size (${count} elements)`;
  fail("corrupt", text, { offset: r.offset, isGoText: true });
}

type ReadScalars = (r: MessageReader, count: number) => unknown[];

/** Loops without a call through a decoder, for the kinds that come in long lists. */
function scalarsReader(schema: KnownSchema): ReadScalars | undefined {
  if (schema.kind === "string") return readStrings;
  if (schema.kind === "float" && schema.bits === 64) return readFloats;
  if (schema.kind !== "int" && schema.kind !== "uint") return undefined;
  if (schema.bits < 64 || schema.as !== "number") return undefined;
  return schema.kind === "int" ? readInts : readUints;
}

const list =
  <T>(read: (r: MessageReader, count: number, out: T[]) => void): ReadScalars =>
  (r, count) => {
    const out: T[] = [];
    try {
      read(r, count, out);
    } catch (error) {
      throw at(error, `[${out.length}]`);
    }
    return out;
  };

const readStrings = list<string>((r, count, out) => r.strings(count, out));
const readFloats = list<number>((r, count, out) => r.floats(count, out));
const readInts = list<number>((r, count, out) => r.ints(count, out));
const readUints = list<number>((r, count, out) => r.uints(count, out));

/** [GOB-19] [GOB-24] Entries are added to a map given to merge into; an equal key is replaced. */
export function mapReader(schema: KnownMap, key: ValueDecoder, elem: ValueDecoder): Read {
  const isMap = schema.form === "map";
  return (r, into) => {
    const count = r.uint();
    const out = (into ?? (isMap ? new Map() : Object.create(null))) as object;
    let name: unknown;
    let i = 0;
    r.enter();
    try {
      for (; i < count; i++) {
        name = undefined;
        name = key.read(r, undefined);
        const value = elem.read(r, undefined);
        if (isMap) (out as Map<unknown, unknown>).set(name, value);
        else setKey(out, name as string, value);
      }
    } catch (error) {
      throw at(error, name === undefined ? `[key ${i}]` : `[${keyText(name)}]`);
    }
    r.depth--;
    return out;
  };
}

export const codecReader =
  (schema: KnownCodec, wire: ValueDecoder): Read =>
  (r) =>
    schema.decode(wire.read(r, undefined), r.context);

/** [GOB-16] */
export const marshalerReader =
  (schema: KnownMarshaler): Read =>
  (r) =>
    schema.decode(r.blob());
