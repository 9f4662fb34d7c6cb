/** Scalars in the formats without Go types. Each value is checked against its Go type before it is written. */
import { readUtf8 } from "../bytes/text.js";
import { fail } from "../schema/failure.js";
import type { KnownScalar } from "../schema/known.js";
import { isNilList } from "../schema/nil.js";
import { failRange, integerWriter, narrow, toFloat32 } from "../schema/numbers.js";
import { failKind, shapeOf } from "./failure.js";
import type { PlainWriter } from "./format.js";

/** Writes a value. `context` goes to the codecs in the schema. */
export type Write = (w: PlainWriter, value: unknown, context: unknown) => void;

/** The way to write the values of a scalar. */
export function scalarWriter(schema: KnownScalar): Write {
  switch (schema.kind) {
    case "bool":
      return (w, value) => w.bool(typeof value === "boolean" ? value : failType("bool", value));
    case "int":
    case "uint":
      return schema.kind === "int"
        ? integerWriter(schema, shapeOf, writeInt, writeBigInt)
        : integerWriter(schema, shapeOf, writeUint, writeBigUint);
    case "float":
      return schema.bits === 32 ? writeFloat32 : writeFloat64;
    case "string":
      return schema.isNumber === true ? writeNumberText : writeString;
    case "rawString":
      return (w, value) => w.string(textOf(toBytes(value)));
    case "bytes":
      return writeBytes;
    default:
      return failKind(schema.kind);
  }
}

const writeInt = (w: PlainWriter, value: number): void => w.int(value, true);
const writeBigInt = (w: PlainWriter, value: bigint): void => w.int(narrow(value), true);
const writeUint = (w: PlainWriter, value: number): void => w.int(value, false);
const writeBigUint = (w: PlainWriter, value: bigint): void => w.int(narrow(value), false);

const writeFloat64: Write = (w, value) =>
  w.float(typeof value === "number" ? value : failType("float64", value), 64);

const writeFloat32: Write = (w, value) =>
  w.float(toFloat32(typeof value === "number" ? value : failType("float32", value)), 32);

const writeString: Write = (w, value) =>
  w.string(typeof value === "string" ? value : failType("string", value));

/** An empty text is 0, as for Go's encoding/json. */
const writeNumberText: Write = (w, value) => {
  if (typeof value !== "string") failType("json.Number", value);
  if (value !== "" && !NUMBER.test(value)) {
    fail("bad-value", `json: invalid number literal, trying to marshal ${JSON.stringify(value)}`);
  }
  w.numberText(value);
};

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** [NETRPC-32] Bytes that were made of nil are nil again. */
const writeBytes: Write = (w, value) => {
  const bytes = toBytes(value);
  if (isNilList(bytes)) w.nil();
  else w.bytes(bytes);
};

function textOf({ buffer, byteOffset, length }: Uint8Array): string {
  return readUtf8(Buffer.from(buffer, byteOffset, length), 0, length);
}

/** The bytes of any view, without a copy. */
export function toBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (!ArrayBuffer.isView(value)) return failType("[]uint8", value);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

/** The bytes that a `[]uint8` is when its schema is a list of numbers. @param length - of a Go array. */
export function bytesOf(value: unknown, length?: number): Uint8Array {
  if (!Array.isArray(value)) return failType("[]uint8", value);
  if (length !== undefined && value.length !== length) failLength(length, value.length);
  for (const byte of value) {
    if (!Number.isInteger(byte) || byte < 0 || byte > 255) failRange("uint8", byte);
  }
  return Uint8Array.from(value);
}

/** Throws that a value is of another kind than its schema. */
export function failType(typeName: string, value: unknown): never {
  return fail("bad-value", `want ${typeName}, got ${shapeOf(value)}`, { typeName });
}

/** Throws that a list is not as long as its Go array. */
export function failLength(wanted: number, got: number): never {
  return fail("bad-value", `want ${wanted} elements, got ${got}`);
}
