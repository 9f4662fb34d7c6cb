/** Encoders of maps, and of the kinds that refer to another value: pointers, users' codecs and marshalers. */
import { isRecord } from "../../schema/keys.js";
import {
  bare,
  type KnownCodec,
  type KnownMap,
  type KnownMarshaler,
  type KnownOptional,
} from "../../schema/known.js";
import { refuseLeftOut } from "../../schema/left-out.js";
import { isNilMap } from "../../schema/nil.js";
import { at, fail, keyText } from "../failure.js";
import { hasNilZero, isNilPointer } from "../type/nil-pointer.js";
import type { EncodeState } from "./encode-state.js";
import { isNil, unless, type ValueEncoder } from "./value-encoder.js";
import { failSchema, spellSchema } from "./wrong-type.js";

/**
 * [GOB-19] A count, then keys and elements in turn. A field with an empty map is sent, because only nil is left out
 * [GOB-46], or the map that the user left out [GOB-49].
 */
export function mapEncoder(
  schema: KnownMap,
  keys: ValueEncoder,
  elems: ValueEncoder,
): ValueEncoder {
  const entriesOf = schema.form === "map" ? mapEntries : recordEntries;
  const write: ValueEncoder["write"] = (e, value) => {
    const entries = entriesOf(value) ?? failSchema(schema, value);
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
  };
  return schema.form === "map"
    ? unless(isNilMapObject, write, new Map())
    : unless(isNilRecord, write, {});
}

const isNilMapObject = (value: unknown): boolean =>
  value instanceof Map && value.size === 0 && isNilMap(value);

const isNilRecord = (value: unknown): boolean => isRecord(value) && isNilMap(value);

const mapEntries = (value: unknown): ReadonlyMap<unknown, unknown> | undefined =>
  value instanceof Map ? value : undefined;

const recordEntries = (value: unknown): ReadonlyMap<string, unknown> | undefined =>
  isRecord(value) ? new Map(Object.entries(value)) : undefined;

/** The kinds that a field sends whenever the pointer to it is not nil. */
const ALWAYS_SENT: ReadonlySet<string> = new Set(["struct", "array", "map", "marshaler"]);

/**
 * [GOB-15] A Go pointer. nil leaves its field out, and cannot be encoded elsewhere, unless a marshaler has
 * bytes for it. A pointer to a zero leaves its field out, too, unless the kind is always sent. A marshaler
 * is always sent behind a pointer, though without one its zero is left out.
 */
export function optionalEncoder(schema: KnownOptional, inner: ValueEncoder): ValueEncoder {
  const target = bare(schema.elem);
  const nil = target.kind === "marshaler" ? target.nil : undefined;
  const isAlwaysSent = ALWAYS_SENT.has(target.kind);
  const writeNil = (e: EncodeState, value: unknown): void => {
    if (nil !== undefined) e.blob(nil);
    // The marshaler made `undefined` of an element that was there.
    else if (target.kind === "marshaler" && hasNilZero(target)) inner.write(e, value);
    else {
      const name = spellSchema(schema);
      fail("bad-value", `nil element: cannot encode nil pointer of type ${name}`);
    }
  };
  return {
    write(e, value) {
      if (isNilPointer(schema.elem, value)) writeNil(e, value);
      else inner.write(e, value);
    },
    writeField(e, value, delta) {
      if (isNilPointer(schema.elem, value)) return false;
      if (!isAlwaysSent) return inner.writeField(e, value, delta);
      e.uint(delta);
      inner.write(e, value);
      return true;
    },
    writeZero: (e) => writeNil(e, undefined),
  };
}

/**
 * Encodes the value that the codec makes, by the rules for that value. A field that the user left out is the wire
 * type's zero, and the codec is not asked.
 */
export function codecEncoder(schema: KnownCodec, wire: ValueEncoder): ValueEncoder {
  return {
    write: (e, value) => wire.write(e, schema.encode(value, e.context)),
    writeField(e, value, delta) {
      if (value !== undefined) return wire.writeField(e, schema.encode(value, e.context), delta);
      if (schema.optional === true) return false;
      refuseLeftOut(schema);
      return wire.writeField(e, undefined, delta);
    },
    writeZero(e) {
      if (schema.optional === true) wire.write(e, schema.absent);
      else {
        refuseLeftOut(schema);
        wire.writeZero(e);
      }
    },
  };
}

/** [GOB-16] A byte count, then the bytes that the type's own method makes. */
export function marshalerEncoder(schema: KnownMarshaler & { optional?: boolean }): ValueEncoder {
  const write = (e: EncodeState, value: unknown): void => {
    if (isNil(value) && !hasNilZero(schema)) failSchema(schema, value);
    const bytes = schema.encode(value);
    if (!ArrayBuffer.isView(bytes)) fail("codec-failed", `${schema.name} did not encode to bytes`);
    e.blob(bytes);
  };
  return {
    write,
    writeField(e, value, delta) {
      if (value === undefined && (schema.optional === true || schema.isZero !== undefined)) {
        return false;
      }
      if (isZero(schema, value)) return false;
      e.uint(delta);
      write(e, value === undefined ? schema.zero() : value);
      return true;
    },
    writeZero: (e) => write(e, schema.zero()),
  };
}

/** Whether Go leaves a field with this value out. A nil is the zero if the marshaler's zero is nil. */
function isZero(schema: KnownMarshaler, value: unknown): boolean {
  if (schema.isZero === undefined || (isNil(value) && !hasNilZero(schema))) return false;
  return isNil(value) || schema.isZero(value);
}
