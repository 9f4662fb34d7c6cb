import type {
  BoolSchema,
  BytesSchema,
  ComplexSchema,
  FloatSchema,
  IntegerForm,
  IntSchema,
  RawStringSchema,
  StringSchema,
  UintSchema,
} from "../../schema/index.js";
import { bigRange, numberRange } from "../../schema/known.js";
import { fail, shapeOf } from "../failure.js";
import type { ValueEncoder } from "./compile-encoder.js";
import type { EncodeState } from "./encode-state.js";

type ScalarSchema =
  | BoolSchema
  | IntSchema<unknown>
  | UintSchema<unknown>
  | FloatSchema
  | ComplexSchema
  | StringSchema
  | BytesSchema
  | RawStringSchema;

/** [GOB-15] Scalars are left out of structs when they equal zero; NaN does not, and -0 does. */
export function scalarEncoder(schema: ScalarSchema): ValueEncoder {
  switch (schema.kind) {
    case "bool":
      return unless(isFalse, writeBool);
    case "int":
      return integerEncoder(schema, writeInt, writeBigInt);
    case "uint":
      return integerEncoder(schema, writeUint, writeBigUint);
    case "float":
      return unless(isZeroNumber, schema.bits === 32 ? writeFloat32 : writeFloat64);
    case "complex":
      return unless(isZeroComplex, schema.bits === 64 ? writeComplex64 : writeComplex128);
    case "string":
      return unless(isEmptyString, writeString);
    case "bytes":
    case "rawString":
      return unless(isEmptyBytes, writeBytes);
  }
}

/** An encoder that leaves a field out where `isZero` holds, which is false for what is no value. */
function unless(isZero: (value: unknown) => boolean, write: ValueEncoder["write"]): ValueEncoder {
  return {
    write,
    writeField(e, value, delta) {
      if (isZero(value)) return false;
      e.uint(delta);
      write(e, value);
      return true;
    },
  };
}

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

/** [GOB-3] A float32 travels as the double that equals it. */
function toFloat32(value: number): number {
  const rounded = Math.fround(value);
  if (!Number.isFinite(rounded) && Number.isFinite(value)) failRange("float32", value);
  return rounded;
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

interface IntegerRange {
  readonly kind: "int" | "uint";
  readonly go: string;
  readonly bits: number;
  readonly as: IntegerForm;
}

function integerEncoder(
  schema: IntegerRange,
  writeNumber: (e: EncodeState, value: number) => void,
  writeBig: (e: EncodeState, value: bigint) => void,
): ValueEncoder {
  const { go, as } = schema;
  const [min, max] = numberRange(schema);
  const [bigMin, bigMax] = bigRange(schema);
  const write = (e: EncodeState, value: unknown): void => {
    if (typeof value === "number" && as !== "bigint") {
      if (!Number.isInteger(value)) failType(go, value);
      if (value < min || value > max) failRange(go, value);
      writeNumber(e, value);
    } else if (typeof value === "bigint" && as !== "number") {
      if (value < bigMin || value > bigMax) failRange(go, value);
      writeBig(e, value);
    } else failType(as === "bigint" ? `${go} as bigint` : go, value);
  };
  return unless(IS_ZERO[schema.as], write);
}

const writeInt = (e: EncodeState, value: number) => e.int(value);
const writeUint = (e: EncodeState, value: number) => e.uint(value);
const writeBigInt = (e: EncodeState, value: bigint) => e.bigInt(value);
const writeBigUint = (e: EncodeState, value: bigint) => e.bigUint(value);

function failType(typeName: string, value: unknown): never {
  return fail("bad-value", `want ${typeName}, got ${shapeOf(value)}`, { typeName });
}

function failRange(typeName: string, value: number | bigint): never {
  return fail("out-of-range", `${value} is out of range for ${typeName}`, { typeName });
}
