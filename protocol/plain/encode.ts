/** Schemas compiled to encoders for the formats without Go types, msgpack and JSON. */
import { CompiledSchemas, unready } from "../schema/compiled.js";
import { at, fail } from "../schema/failure.js";
import type { AnySchema } from "../schema/index.js";
import { isTypedValue } from "../schema/interface.js";
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
import { isByte, plainFields } from "./fields.js";
import type { PlainWriter } from "./format.js";

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

function compile(schema: BareSchema): Write {
  switch (schema.kind) {
    case "interface":
      return writeAny;
    case "optional":
      return optional(schema);
    case "slice":
      return isByte(schema.elem)
        ? (w, value) => w.bytes(bytesOf(value))
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

function elements(elem: AnySchema, length: number | undefined): Write {
  const encoder = plainEncoder(elem);
  return (w, value, context) => {
    if (!Array.isArray(value)) return failType("slice", value);
    if (length !== undefined && value.length !== length) failLength(length, value.length);
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

const KEY_KINDS: ReadonlySet<string> = new Set(["string", "int", "uint", "bool"]);

/** Go's maps have any keys that can be compared; these formats have scalars. */
function mapOf(schema: KnownMap): Write {
  const key = bare(schema.key);
  if (!KEY_KINDS.has(key.kind)) {
    fail("bad-value", `map keys of kind ${key.kind} have no form in this format`);
  }
  const keys = plainEncoder(key);
  const elem = plainEncoder(schema.elem);
  const entriesOf = schema.form === "map" ? mapEntries : recordEntries;
  return (w, value, context) => {
    const entries = entriesOf(value);
    w.openMap(entries.length);
    for (const [name, item] of entries) {
      try {
        keys.write(asKeys(w), name, context);
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

const keyWriters = new WeakMap<PlainWriter, PlainWriter>();

/**
 * The same writer with its scalar methods replaced by `mapKey`. The compiled encoder of the key's schema can
 * then check the key like any value, and writes it as a key.
 */
function asKeys(w: PlainWriter): PlainWriter {
  let keys = keyWriters.get(w);
  if (keys === undefined) {
    const write = (value: string | number | bigint | boolean) => w.mapKey(value);
    keys = Object.assign(Object.create(w) as PlainWriter, {
      bool: write,
      int: write,
      string: write,
    });
    keyWriters.set(w, keys);
  }
  return keys;
}

/** Writes all fields, zeros and keys that were left out too, as Go's libraries for these formats do. */
function struct(schema: KnownStruct): Write {
  if (schema.empty === true) return writeEmpty;
  const parts = plainFields(schema).map(({ key, go, schema: of }) => ({
    key,
    go,
    of,
    encoder: plainEncoder(of),
  }));
  return (w, value, context) => {
    if (!isObject(value)) failType(schema.name || "struct", value);
    w.openMap(parts.length);
    for (const { key, go, of, encoder } of parts) {
      try {
        w.mapKey(go);
        const part = passedKey(value, key);
        if (part !== undefined) encoder.write(w, part, context);
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

/** A Go interface: the few JavaScript values that have one Go type only, and typed values. */
const writeAny: Write = (w, value, context) => {
  if (value === undefined || value === null) w.nil();
  else if (typeof value === "boolean") w.bool(value);
  else if (typeof value === "string") w.string(value);
  else if (ArrayBuffer.isView(value)) w.bytes(toBytes(value));
  else if (isTypedValue(value)) plainEncoder(value.schema).write(w, value.value, context);
  else fail("bad-value", `say the Go type with value(schema, …), got ${shapeOf(value)}`);
};

/** Go's libraries for these formats call `MarshalBinary`, never `GobEncode`. `time.Time` has both with equal bytes. */
function marshaled(schema: KnownMarshaler): Write {
  if (schema.form !== "binary" && schema.name !== "time.Time") {
    fail("bad-value", `${schema.name} has no form in this format`);
  }
  return (w, value) => w.marshaled(schema.name, schema.encode(value));
}
