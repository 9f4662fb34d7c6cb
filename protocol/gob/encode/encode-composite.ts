import type { AnySchema } from "../../schema/index.js";
import {
  type BareSchema,
  bare,
  type KnownArray,
  type KnownCodec,
  type KnownMap,
  type KnownMarshaler,
  type KnownOptional,
  type KnownSlice,
  numberRange,
} from "../../schema/known.js";
import { at, fail, keyText, shapeOf } from "../failure.js";
import { spell } from "../type/go-name.js";
import { goType } from "../type/go-type.js";
import type { ValueEncoder } from "./compile-encoder.js";
import type { EncodeState } from "./encode-state.js";

export const isNil = (value: unknown): boolean => value === undefined || value === null;

/** The field method of kinds that are always sent. */
export const alwaysField =
  (encoder: Pick<ValueEncoder, "write">): ValueEncoder["writeField"] =>
  (e, value, delta) => {
    e.uint(delta);
    encoder.write(e, value);
    return true;
  };

function always(write: ValueEncoder["write"]): ValueEncoder {
  return { write, writeField: alwaysField({ write }) };
}

/** A slice is left out as a field when it is empty: nil and empty are the same to gob. */
const unlessEmpty = (write: ValueEncoder["write"]): ValueEncoder => ({
  write,
  writeField(e, value, delta) {
    if (Array.isArray(value) && value.length === 0) return false;
    e.uint(delta);
    write(e, value);
    return true;
  },
});

/** What is sent whenever a pointer to it is not nil. */
const ALWAYS_SENT: ReadonlySet<string> = new Set(["struct", "array", "map", "marshaler"]);

/** [GOB-15] A nil pointer leaves its field out, and has no form elsewhere. */
export function optionalEncoder(schema: KnownOptional, inner: ValueEncoder): ValueEncoder {
  const target = bare(schema.elem);
  const nil = target.kind === "marshaler" ? target.nil : undefined;
  // A pointer to a marshaler is sent even where it points to a zero.
  const isAlwaysSent = ALWAYS_SENT.has(target.kind);
  return {
    write(e, value) {
      if (!isNil(value)) inner.write(e, value);
      else if (nil !== undefined) e.blob(nil);
      else fail("bad-value", `nil element: cannot encode nil pointer of type ${spellOf(schema)}`);
    },
    writeField(e, value, delta) {
      if (isNil(value)) return false;
      if (!isAlwaysSent) return inner.writeField(e, value, delta);
      e.uint(delta);
      inner.write(e, value);
      return true;
    },
  };
}

/** [GOB-18] A count and the elements. */
export function sliceEncoder(schema: KnownSlice, elem: ValueEncoder): ValueEncoder {
  return unlessEmpty(elementsWriter(schema, elem));
}

export function arrayEncoder(schema: KnownArray, elem: ValueEncoder): ValueEncoder {
  return always(elementsWriter(schema, elem));
}

/** One function with the loop in it: what nests takes as little of the stack as possible. */
function elementsWriter(
  schema: KnownSlice | KnownArray,
  elem: ValueEncoder,
): ValueEncoder["write"] {
  const writeScalars = scalarsWriter(bare(schema.elem));
  const length = schema.kind === "array" ? schema.length : undefined;
  return (e, value) => {
    if (!Array.isArray(value)) failShape(schema, value);
    if (length !== undefined && value.length !== length) {
      fail("bad-value", `want ${spellOf(schema)}, got ${value.length} elements`);
    }
    e.uint(value.length);
    // What the short way does not take is left to the long one, which says what is wrong with it.
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

/** Writes elements as long as they are what they should be, and returns how many. */
type WriteScalars = (e: EncodeState, values: readonly unknown[]) => number;

/** Loops without a call through an encoder, for the kinds that come in long lists. */
function scalarsWriter(schema: BareSchema): WriteScalars | undefined {
  if (schema.kind === "string") return (e, values) => e.strings(values);
  if (schema.kind === "float" && schema.bits === 64) return (e, values) => e.floats(values);
  if (schema.kind !== "int" && schema.kind !== "uint") return undefined;
  if (schema.as === "bigint") return undefined;
  const [min, max] = numberRange(schema);
  if (schema.kind === "int") return (e, values) => e.ints(values, min, max);
  return (e, values) => e.uints(values, max);
}

/** [GOB-5] A slice of uint8 given as an array of numbers. */
export const byteArrayEncoder: ValueEncoder = unlessEmpty((e, value) => {
  if (!Array.isArray(value)) fail("bad-value", `want []uint8, got ${shapeOf(value)}`);
  e.uint(value.length);
  e.reserve(value.length);
  for (const [i, byte] of value.entries()) {
    if (!Number.isInteger(byte) || byte < 0 || byte > 255) {
      throw at(failByte(byte), `[${i}]`);
    }
    e.byte(byte);
  }
});

function failByte(byte: unknown): unknown {
  try {
    return fail("bad-value", `want uint8, got ${shapeOf(byte)}`);
  } catch (failure) {
    return failure;
  }
}

/** [GOB-19] A count, then keys and elements in turn. An empty map is not a nil one, so it is sent. */
export function mapEncoder(
  schema: KnownMap,
  keys: ValueEncoder,
  elems: ValueEncoder,
): ValueEncoder {
  const entriesOf = schema.form === "map" ? mapEntries : recordEntries;
  return always((e, value) => {
    const entries = entriesOf(value) ?? failShape(schema, value);
    e.uint(entries.size);
    e.enter();
    let current: unknown;
    try {
      for (const [key, elem] of entries) {
        current = key;
        keys.write(e, key);
        elems.write(e, elem);
      }
    } catch (error) {
      throw at(error, `[${keyText(current)}]`);
    }
    e.depth--;
  });
}

const mapEntries = (value: unknown): ReadonlyMap<unknown, unknown> | undefined =>
  value instanceof Map ? value : undefined;

function recordEntries(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return value instanceof Map ? undefined : new Map(Object.entries(value));
}

/** What the codec makes of the value, by the rules of what it makes. */
export function codecEncoder(
  schema: KnownCodec & { optional?: boolean },
  wire: ValueEncoder,
): ValueEncoder {
  return {
    write: (e, value) => wire.write(e, schema.encode(value, e.context)),
    writeField(e, value, delta) {
      if (value === undefined && schema.optional === true) return false;
      return wire.writeField(e, schema.encode(value, e.context), delta);
    },
  };
}

/** [GOB-16] A byte count and the bytes that the type brings. */
export function marshalerEncoder(schema: KnownMarshaler): ValueEncoder {
  const write = (e: EncodeState, value: unknown): void => {
    if (isNil(value)) failShape(schema, value);
    const bytes = schema.encode(value);
    if (!ArrayBuffer.isView(bytes)) fail("codec-failed", `${schema.name} did not encode to bytes`);
    e.blob(bytes);
  };
  return {
    write,
    writeField(e, value, delta) {
      if (!isNil(value) && schema.isZero?.(value) === true) return false;
      e.uint(delta);
      write(e, value);
      return true;
    },
  };
}

const spellOf = (schema: AnySchema): string => spell(goType(schema));

export function failShape(schema: AnySchema, value: unknown): never {
  const typeName = spellOf(schema);
  return fail("bad-value", `want ${typeName}, got ${shapeOf(value)}`, { typeName });
}
