/** Encodes scalars, strings and bytes: checks them against the schema, then writes them as primitives. */
import type { KnownScalar } from "../../schema/known.js";
import { integerWriter, toFloat32 } from "../../schema/numbers.js";
import { shapeOf } from "../failure.js";
import type { EncodeState } from "./encode-state.js";
import { unless, type ValueEncoder } from "./value-encoder.js";
import { failType } from "./wrong-type.js";

/** [GOB-15] The encoder of a scalar. Its field is left out when it equals 0: -0 does, and NaN does not. */
export function scalarEncoder(schema: KnownScalar): ValueEncoder {
  switch (schema.kind) {
    case "bool":
      return unless(isFalse, writeBool, false);
    case "int":
      return integerEncoder(schema, writeInt, writeBigInt);
    case "uint":
      return integerEncoder(schema, writeUint, writeBigUint);
    case "float":
      return unless(isZeroNumber, schema.bits === 32 ? writeFloat32 : writeFloat64, 0);
    case "complex":
      return unless(
        isZeroComplex,
        schema.bits === 64 ? writeComplex64 : writeComplex128,
        ZERO_COMPLEX,
      );
    case "string":
      return unless(isEmptyString, writeString, "");
    case "bytes":
    case "rawString":
      return unless(isEmptyBytes, writeBytes, NO_BYTES);
  }
}

const ZERO_COMPLEX = { re: 0, im: 0 };
const NO_BYTES = new Uint8Array(0);

const isFalse = (value: unknown) => value === false;
const isZeroNumber = (value: unknown) => value === 0;
const IS_ZERO = {
  number: isZeroNumber,
  bigint: (value: unknown) => value === 0n,
  safe: (value: unknown) => value === 0 || value === 0n,
};
const isEmptyString = (value: unknown) => value === "";
const isEmptyBytes = (value: unknown) => ArrayBuffer.isView(value) && value.byteLength === 0;
const isZeroComplex = (value: unknown) => isComplex(value) && value.re === 0 && value.im === 0;

function writeBool(e: EncodeState, value: unknown): void {
  if (typeof value !== "boolean") failType("bool", value);
  e.byte(value ? 1 : 0);
}

function writeString(e: EncodeState, value: unknown): void {
  if (typeof value !== "string") failType("string", value);
  e.string(value);
}

function writeBytes(e: EncodeState, value: unknown): void {
  if (value instanceof Uint8Array) e.blob(value);
  else if (ArrayBuffer.isView(value)) {
    e.blob(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else failType("[]uint8", value);
}

function writeFloat64(e: EncodeState, value: unknown): void {
  if (typeof value !== "number") failType("float64", value);
  e.float(value);
}

function writeFloat32(e: EncodeState, value: unknown): void {
  if (typeof value !== "number") failType("float32", value);
  e.float(toFloat32(value));
}

const isComplex = (value: unknown): value is { re: number; im: number } =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as { re?: unknown }).re === "number" &&
  typeof (value as { im?: unknown }).im === "number";

/** [GOB-4] Real part, then imaginary part. */
function writeComplex128(e: EncodeState, value: unknown): void {
  if (!isComplex(value)) failType("complex128", value);
  e.float(value.re);
  e.float(value.im);
}

function writeComplex64(e: EncodeState, value: unknown): void {
  if (!isComplex(value)) failType("complex64", value);
  e.float(toFloat32(value.re));
  e.float(toFloat32(value.im));
}

const integerEncoder = (
  schema: KnownScalar & { kind: "int" | "uint" },
  writeNumber: (e: EncodeState, value: number) => void,
  writeBig: (e: EncodeState, value: bigint) => void,
): ValueEncoder =>
  unless(
    IS_ZERO[schema.as],
    integerWriter(schema, shapeOf, writeNumber, writeBig),
    schema.as === "bigint" ? 0n : 0,
  );

const writeInt = (e: EncodeState, value: number) => e.int(value);
const writeUint = (e: EncodeState, value: number) => e.uint(value);
const writeBigInt = (e: EncodeState, value: bigint) => e.bigInt(value);
const writeBigUint = (e: EncodeState, value: bigint) => e.bigUint(value);
