/** Scalars in the formats without Go types. Each value is checked against its Go type before it is written. */
import { fail } from "../schema/failure.js";
import type { KnownScalar } from "../schema/known.js";
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
      return integerWriter(schema, shapeOf, writeNumber, writeBig);
    case "float":
      return schema.bits === 32 ? writeFloat32 : writeFloat64;
    case "string":
      return (w, value) => w.string(typeof value === "string" ? value : failType("string", value));
    case "bytes":
      return (w, value) => w.bytes(toBytes(value));
    default:
      return failKind(schema.kind);
  }
}

const writeNumber = (w: PlainWriter, value: number): void => w.int(value);
const writeBig = (w: PlainWriter, value: bigint): void => w.int(narrow(value));

const writeFloat64: Write = (w, value) =>
  w.float(typeof value === "number" ? value : failType("float64", value));

const writeFloat32: Write = (w, value) =>
  w.float(toFloat32(typeof value === "number" ? value : failType("float32", value)));

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
