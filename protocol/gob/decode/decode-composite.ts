import { COST } from "../../bytes/cost.js";
import { setKey } from "../../schema/keys.js";
import {
  type BareSchema,
  bare,
  type KnownArray,
  type KnownCodec,
  type KnownMap,
  type KnownMarshaler,
} from "../../schema/known.js";
import { at, fail, keyText as shownKey } from "../failure.js";
import type { Read, ValueDecoder } from "./compile-decoder.js";
import { KeyIdentity, keyTextOf } from "./key-identity.js";
import type { MessageReader } from "./message-reader.js";

/** A slice of uint8 as an array of numbers. */
export const byteArrayReader: Read = (r) => {
  const bytes = r.blob();
  r.charge(COST.place * bytes.length);
  return [...bytes];
};

/** [GOB-18] [GOB-24] An array given to merge into is reused if it is long enough. */
export function sliceReader(elemSchema: BareSchema, elem: ValueDecoder): Read {
  const readScalars = scalarsReader(elemSchema);
  return readScalars === undefined
    ? elementsReader(elemSchema, elem)
    : scalarListReader(elemSchema, readScalars);
}

export const arrayReader = (schema: KnownArray, elem: ValueDecoder): Read =>
  elementsReader(bare(schema.elem), elem, schema.length);

/**
 * The count is the peer's: nothing is allocated by it. Every element takes at least a byte, so a
 * count that lies runs out of data. One function with the loop in it: what nests takes as little of
 * the stack as possible.
 */
function elementsReader(schema: BareSchema, elem: ValueDecoder, length?: number): Read {
  const each = placeCost(schema);
  return (r, into) => {
    const count = r.uint();
    if (length !== undefined && count !== length) {
      fail("corrupt", "gob: length mismatch in decodeArray", { offset: r.offset, isGoText: true });
    }
    r.chargeParts(COST.list, count, each);
    const out: unknown[] = Array.isArray(into) && into.length >= count ? into : [];
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
    out.length = count;
    return out;
  };
}

function scalarListReader(elem: BareSchema, read: ReadScalars): Read {
  const each = placeCost(elem);
  return (r) => {
    const count = r.uint();
    refuseCount(r, count, elem.kind);
    r.chargeParts(COST.list, count, each);
    return read(r, count);
  };
}

/** Elements of a byte at least: more of them than bytes are a lie. */
function refuseCount(r: MessageReader, count: number, kind: string): void {
  if (count <= r.end - r.pos) return;
  const text = `gob: decoding ${kind} array or slice: length exceeds input size (${count} elements)`;
  fail("corrupt", text, { offset: r.offset, isGoText: true });
}

/** [GOB-33] What an element takes in its list; what counts by itself where it is read is left out. */
function placeCost(schema: BareSchema): number {
  switch (schema.kind) {
    case "bool":
    case "float":
    case "slice":
    case "array":
    case "map":
    case "struct":
    case "interface":
    case "complex":
      return COST.place;
    case "int":
    case "uint":
      return schema.as === "number" ? COST.place : COST.place + COST.text;
    default:
      return COST.place + COST.text;
  }
}

type ReadScalars = (r: MessageReader, count: number) => unknown[];

/** Loops without a call through a decoder, for the kinds that come in long lists. */
function scalarsReader(schema: BareSchema): ReadScalars | undefined {
  if (schema.kind === "string") return readStrings;
  if (schema.kind === "float" && schema.bits === 64) return readFloats;
  if (schema.kind !== "int" && schema.kind !== "uint") return undefined;
  if (schema.bits < 64 || schema.as !== "number") return undefined;
  return schema.kind === "int" ? readInts : readUints;
}

const readStrings: ReadScalars = (r, count) => r.strings(count);
const readFloats: ReadScalars = (r, count) => r.floats(count);
const readInts: ReadScalars = (r, count) => r.ints(count);
const readUints: ReadScalars = (r, count) => r.uints(count);

/** [GOB-19] [GOB-24] Entries are added to a map given to merge into; an equal key is replaced. */
export function mapReader(schema: KnownMap, key: ValueDecoder, elem: ValueDecoder): Read {
  const isMap = schema.form === "map";
  const isText = bare(schema.key).kind === "string";
  const keyText = keyTextOf(schema.key);
  return (r, into) => {
    const count = r.uint();
    r.chargeParts(COST.map, count, COST.entry);
    const out = (into ?? (isMap ? new Map() : Object.create(null))) as object;
    const keys = keyText && new KeyIdentity(keyText, (out as Map<unknown, unknown>).keys());
    let name: unknown;
    let i = 0;
    r.enter();
    try {
      for (; i < count; i++) {
        name = undefined;
        name = isText ? r.key() : key.read(r, undefined);
        if (keys !== undefined) name = keys.known(name);
        const value = elem.read(r, undefined);
        if (isMap) (out as Map<unknown, unknown>).set(name, value);
        else setKey(out, name as string, value);
      }
    } catch (error) {
      throw at(error, name === undefined ? `[key ${i}]` : `[${shownKey(name)}]`);
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
