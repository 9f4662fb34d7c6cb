/** Schemas compiled to encoders for the formats without Go types, msgpack and JSON. */
import { CompiledSchemas, unready } from "../schema/compiled.js";
import { at, fail } from "../schema/failure.js";
import { type AnySchema, Extension } from "../schema/index.js";
import { isTypedValue } from "../schema/interface.js";
import { isBytes, typeOf } from "../schema/js-type.js";
import { isObject, isRecord, passedKey } from "../schema/keys.js";
import {
  type BareSchema,
  bare,
  type KnownCodec,
  type KnownMap,
  type KnownMarshaler,
  type KnownOptional,
  type KnownStruct,
} from "../schema/known.js";
import { isNilList, isNilMap } from "../schema/nil.js";
import { Time } from "../schema/time.js";
import { encodeTime } from "../schema/time-schema.js";
import {
  bytesOf,
  failLength,
  failType,
  scalarWriter,
  toBytes,
  type Write,
} from "./encode-scalar.js";
import { writeZero } from "./encode-zero.js";
import { entryPart, shapeOf } from "./failure.js";
import { isByte, type PlainSchema } from "./fields.js";
import { flatFields, holderOf } from "./flatten.js";
import { knownTypesWriter, onlyType } from "./known-types.js";

/** How the values of one schema are written. Look `write` up at each call: see {@link CompiledSchemas}. */
export interface PlainEncoder {
  write: Write;
}

const encoders = new CompiledSchemas<PlainEncoder>(
  () => ({ write: unready }),
  (encoder, schema) => {
    encoder.write = compile(schema);
  },
);

/** The encoder of a schema. It throws Failures, and so does this function for a schema without a form here. */
export const plainEncoder = (schema: AnySchema): PlainEncoder => encoders.of(schema);

function compile(schema: PlainSchema): Write {
  switch (schema.kind) {
    case "extension":
      return (w, value) =>
        w.extension(value instanceof Extension ? value : failType("extension", value));
    case "interface":
      return "types" in schema
        ? knownTypesWriter(schema, plainEncoder(onlyType(schema)))
        : writeAny;
    case "optional":
      return optional(schema);
    case "slice":
      return isByte(schema.elem)
        ? (w, value) => (isNil(value) ? w.nil() : w.bytes(bytesOf(value)))
        : elements(schema.elem, undefined);
    case "array":
      return isByte(schema.elem)
        ? (w, value) => w.byteArray(bytesOf(value, schema.length))
        : elements(schema.elem, schema.length);
    case "map":
      return mapOf(schema);
    case "struct":
      return struct(schema);
    case "codec":
      return codec(schema);
    case "marshaler":
      return marshaled(schema);
    default:
      return scalarWriter(schema);
  }
}

/** Whether a list was made of nil [NETRPC-32]. */
const isNil = (value: unknown): boolean => Array.isArray(value) && isNilList(value);

function elements(elem: AnySchema, length: number | undefined): Write {
  const encoder = plainEncoder(elem);
  return (w, value, context) => {
    if (!Array.isArray(value)) return failType("slice", value);
    if (length !== undefined && value.length !== length) failLength(length, value.length);
    if (length === undefined && isNilList(value)) {
      w.nil();
      return;
    }
    w.openArray(value.length);
    let i = 0;
    try {
      for (; i < value.length; i++) encoder.write(w, value[i], context);
    } catch (error) {
      throw at(error, `[${i}]`);
    }
    w.closeArray();
  };
}

/** [NETRPC-32] A map that was made of nil is nil again. JSON has texts for keys only, and refuses other kinds. */
function mapOf(schema: KnownMap): Write {
  const keys = plainEncoder(schema.key);
  const elem = plainEncoder(schema.elem);
  const entriesOf = schema.form === "map" ? mapEntries : recordEntries;
  return (w, value, context) => {
    const entries = entriesOf(value);
    if (entries.length === 0 && isNilMap(value as object)) {
      w.nil();
      return;
    }
    w.openMap(entries.length);
    for (const [name, item] of entries) {
      try {
        keys.write(w.keys, name, context);
        elem.write(w, item, context);
      } catch (error) {
        throw at(error, entryPart(name));
      }
    }
    w.closeMap();
  };
}

type Entries = readonly (readonly [unknown, unknown])[];

const mapEntries = (value: unknown): Entries =>
  value instanceof Map ? [...value] : failType("Map", value);

const recordEntries = (value: unknown): Entries =>
  isRecord(value) ? Object.entries(value) : failType("record", value);

/** Writes all fields, zeros and keys that were left out too, as Go's libraries for these formats do. */
function struct(schema: KnownStruct): Write {
  if (schema.empty === true) return writeEmpty;
  const parts = flatFields(schema)
    .filter(({ isVisible }) => isVisible)
    .map(({ field: { key, go, schema: of }, ...rest }) => ({
      ...rest,
      key,
      go,
      of,
      encoder: plainEncoder(of),
    }));
  return (w, value, context) => {
    if (!isObject(value)) failType(schema.name || "struct", value);
    w.openMap(parts.length);
    for (const { key, go, of, encoder, through, isAmbiguous } of parts) {
      if (isAmbiguous && w.layer === "json") continue;
      try {
        const holder = through.length === 0 ? value : holderOf(value, through);
        // Behind an embedded pointer that is nil, encoding/json has no fields, and msgpack has nils.
        const isNil = holder === undefined && through.some(({ isOptional }) => isOptional);
        if (isNil && w.layer === "json") continue;
        w.fieldName(go);
        const part = holder && passedKey(holder, key);
        if (isNil) w.nil();
        else if (part !== undefined) encoder.write(w, part, context);
        else writeZero({ w, context, encoderOf: plainEncoder }, of);
      } catch (error) {
        throw at(error, `.${go}`);
      }
    }
    w.closeMap();
  };
}

const writeEmpty: Write = (w) => {
  w.openMap(0);
  w.closeMap();
};

/** A codec may have a wire value for nil. For all other schemas nil is the format's own. */
function optional(schema: KnownOptional): Write {
  const elem = bare(schema.elem) as BareSchema & { absent?: unknown };
  const encoder = plainEncoder(elem);
  const nil = elem.kind === "codec" && "absent" in elem ? plainEncoder(elem.wire) : undefined;
  return (w, value, context) => {
    if (value !== undefined && value !== null) encoder.write(w, value, context);
    else if (nil !== undefined) nil.write(w, elem.absent, context);
    else w.nil();
  };
}

function codec(schema: KnownCodec): Write {
  const wire = plainEncoder(schema.wire);
  return (w, value, context) => wire.write(w, schema.encode(value, context), context);
}

/** A Go interface: the JavaScript values that have one Go type only, and typed values. */
const writeAny: Write = (w, value, context) => {
  if (value === undefined || value === null) w.nil();
  else if (typeof value === "boolean") w.bool(value);
  else if (typeof value === "string") w.string(value);
  else if (isBytes(value)) w.bytes(toBytes(value));
  else if (value instanceof Time) w.marshaled("time.Time", encodeTime(value));
  else if (value instanceof Extension) w.extension(value);
  else if (isTypedValue(value)) plainEncoder(value.schema).write(w, value.value, context);
  else writeUntyped(w, value, context);
};

/** [GOB-53] A value that leaves its Go type to us. */
const writeUntyped: Write = (w, value, context) => {
  const schema = typeOf(value);
  if (schema !== undefined) plainEncoder(schema).write(w, value, context);
  else fail("bad-value", `say the Go type with value(schema, …), got ${shapeOf(value)}`);
};

/** Go's libraries for these formats call `MarshalBinary`, never `GobEncode`. `time.Time` has both with equal bytes. */
function marshaled(schema: KnownMarshaler): Write {
  if (schema.form !== "binary" && schema.name !== "time.Time") {
    fail("bad-value", `${schema.name} has no form in this format`);
  }
  return (w, value) => w.marshaled(schema.name, schema.encode(value));
}
