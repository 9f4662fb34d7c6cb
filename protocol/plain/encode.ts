import type { AnySchema, TypedValue } from "../schema/index.js";
import {
  bare,
  bigRange,
  type KnownMap,
  type KnownMarshaler,
  type KnownOptional,
  type KnownSchema,
  type KnownStruct,
  numberRange,
} from "../schema/known.js";
import { isByte, plainFields } from "./fields.js";
import type { PlainWriter } from "./format.js";
import { at, refuse, shapeOf } from "./mismatch.js";

type Write = (w: PlainWriter, value: unknown, context: unknown) => void;
/** Recursive schemas refer to it before it is complete, so `write` is looked up when called. */
interface Encoder {
  write: Write;
}

const compiled = new WeakMap<AnySchema, Encoder>();

/** The encoder of a schema for formats without Go types, made once. Throws Mismatch. */
export function plainEncoder(of: AnySchema): Encoder {
  const schema = bare(of);
  let encoder = compiled.get(schema);
  if (encoder === undefined) {
    encoder = { write: () => refuse("bad-value", "part of the schema was refused before") };
    compiled.set(schema, encoder);
    try {
      encoder.write = compile(schema);
    } catch (error) {
      compiled.delete(schema);
      throw error;
    }
  }
  return encoder;
}

function compile(schema: KnownSchema): Write {
  switch (schema.kind) {
    case "bool":
      return (w, value) => w.bool(typeof value === "boolean" ? value : failType("bool", value));
    case "int":
    case "uint":
      return integer(schema);
    case "float":
      return schema.bits === 32
        ? (w, value) => w.float(toFloat32(value))
        : (w, value) => w.float(typeof value === "number" ? value : failType("float64", value));
    case "string":
      return (w, value) => w.string(typeof value === "string" ? value : failType("string", value));
    case "bytes":
      return (w, value) => w.bytes(toBytes(value));
    case "interface":
      return writeAny;
    case "optional":
      return optional(schema);
    case "slice":
      return isByte(schema.elem)
        ? (w, value) => w.bytes(Uint8Array.from(bytesOf(value)))
        : elements(schema.elem, undefined);
    case "array":
      return isByte(schema.elem)
        ? (w, value) => w.byteArray(Uint8Array.from(bytesOf(value, schema.length)))
        : elements(schema.elem, schema.length);
    case "map":
      return mapOf(schema);
    case "struct":
      return struct(schema);
    case "codec": {
      const wire = plainEncoder(schema.wire);
      return (w, value, context) => wire.write(w, schema.encode(value, context), context);
    }
    case "marshaler":
      return marshaled(schema);
    default:
      return refuse("bad-value", `${schema.kind} has no form in this format`);
  }
}

function integer(schema: KnownSchema & { kind: "int" | "uint" }): Write {
  const { kind, bits, go, as } = schema;
  const [min, max] = numberRange({ kind, bits });
  const [bigMin, bigMax] = bigRange({ kind, bits });
  return (w, value) => {
    if (typeof value === "number" && as !== "bigint") {
      if (!Number.isInteger(value)) failType(go, value);
      if (value < min || value > max) failRange(go, value);
      w.int(value);
    } else if (typeof value === "bigint" && as !== "number") {
      if (value < bigMin || value > bigMax) failRange(go, value);
      const isSafe = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
      w.int(isSafe ? Number(value) : value);
    } else failType(as === "bigint" ? `${go} as bigint` : go, value);
  };
}

function toFloat32(value: unknown): number {
  if (typeof value !== "number") return failType("float32", value);
  const rounded = Math.fround(value);
  if (!Number.isFinite(rounded) && Number.isFinite(value)) failRange("float32", value);
  return rounded;
}

function toBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (!ArrayBuffer.isView(value)) return failType("[]uint8", value);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

function bytesOf(value: unknown, length?: number): number[] {
  if (!Array.isArray(value)) return failType("[]uint8", value);
  if (length !== undefined && value.length !== length) failLength(length, value.length);
  for (const byte of value) {
    if (!Number.isInteger(byte) || byte < 0 || byte > 255) failRange("uint8", byte);
  }
  return value;
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

/** Go's maps have any keys that can be compared; these formats have scalars. */
function mapOf(schema: KnownMap): Write {
  const key = bare(schema.key);
  if (!["string", "int", "uint", "bool"].includes(key.kind)) {
    refuse("bad-value", `map keys of kind ${key.kind} have no form in this format`);
  }
  const keys = plainEncoder(key);
  const elem = plainEncoder(schema.elem);
  const entriesOf = (value: unknown): (readonly [unknown, unknown])[] => {
    if (schema.form === "map") return value instanceof Map ? [...value] : failType("Map", value);
    const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
    if (!isRecord || value instanceof Map) return failType("record", value);
    return Object.entries(value);
  };
  return (w, value, context) => {
    const entries = entriesOf(value);
    w.openMap(entries.length);
    for (const [name, item] of entries) {
      try {
        keys.write(asKeys(w), name, context);
        elem.write(w, item, context);
      } catch (error) {
        throw at(error, `[${JSON.stringify(String(name)).slice(0, 40)}]`);
      }
    }
    w.closeMap();
  };
}

const keyWriters = new WeakMap<PlainWriter, PlainWriter>();

/** The same writer, taking scalars as keys. */
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

/** All fields, zeros too: that is what Go's libraries do. */
function struct(schema: KnownStruct): Write {
  if (schema.empty === true) {
    return (w) => {
      w.openMap(0);
      w.closeMap();
    };
  }
  const parts = plainFields(schema).map(({ key, name, schema: of }) => ({
    key,
    name,
    encoder: plainEncoder(of),
  }));
  return (w, value, context) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      failType(schema.name || "struct", value);
    }
    w.openMap(parts.length);
    for (const { key, name, encoder } of parts) {
      try {
        w.mapKey(name);
        encoder.write(w, passedKey(value, key), context);
      } catch (error) {
        throw at(error, `.${name}`);
      }
    }
    w.closeMap();
  };
}

/** What every object inherits is not a value that somebody passed. */
function passedKey(value: object, key: string): unknown {
  if (key in Object.prototype && !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}

function optional(schema: KnownOptional): Write {
  const elem = bare(schema.elem) as KnownSchema & { absent?: unknown };
  const encoder = plainEncoder(elem);
  const nil = elem.kind === "codec" && "absent" in elem ? plainEncoder(elem.wire) : undefined;
  return (w, value, context) => {
    if (value !== undefined && value !== null) encoder.write(w, value, context);
    else if (nil !== undefined) nil.write(w, elem.absent, context);
    else w.nil();
  };
}

const writeAny: Write = (w, value, context) => {
  if (value === undefined || value === null) w.nil();
  else if (typeof value === "boolean") w.bool(value);
  else if (typeof value === "string") w.string(value);
  else if (ArrayBuffer.isView(value)) w.bytes(toBytes(value));
  else if (isTyped(value)) plainEncoder(value.schema).write(w, value.value, context);
  else refuse("bad-value", `say the Go type with value(schema, …), got ${shapeOf(value)}`);
};

const isTyped = (value: unknown): value is TypedValue =>
  typeof value === "object" &&
  value !== null &&
  (value as { kind?: unknown }).kind === "value" &&
  "schema" in value;

function marshaled(schema: KnownMarshaler): Write {
  // Only these formats' users of MarshalBinary are known to them; GobEncode is gob's alone.
  if (schema.form !== "binary" && schema.name !== "time.Time") {
    refuse("bad-value", `${schema.name} has no form in this format`);
  }
  return (w, value) => w.marshaled(schema.name, schema.encode(value));
}

function failType(typeName: string, value: unknown): never {
  return refuse("bad-value", `want ${typeName}, got ${shapeOf(value)}`, typeName);
}
function failRange(typeName: string, value: unknown): never {
  return refuse("out-of-range", `${String(value)} is out of range for ${typeName}`, typeName);
}
function failLength(wanted: number, got: number): never {
  return refuse("bad-value", `want ${wanted} elements, got ${got}`);
}
