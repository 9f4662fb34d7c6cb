import type {
  BoolSchema,
  BytesSchema,
  ComplexSchema,
  FloatSchema,
  IntSchema,
  StringSchema,
  UintSchema,
} from "../schema/index.js";
import type { Decode } from "./compile-decoder.js";
import { numberRange } from "./encode-scalar.js";
import { fail } from "./failure.js";
import type { MessageReader } from "./message-reader.js";

type ScalarSchema =
  | BoolSchema
  | IntSchema<unknown>
  | UintSchema<unknown>
  | FloatSchema
  | ComplexSchema
  | StringSchema
  | BytesSchema;

const bool: Decode = (r) => r.bool();
const int: Decode = (r) => r.int();
const bigInt: Decode = (r) => r.bigInt();
const safeInt: Decode = (r) => r.safeInt();
const uint: Decode = (r) => r.uint();
const bigUint: Decode = (r) => r.bigUint();
const safeUint: Decode = (r) => r.safeUint();
const float64: Decode = (r) => r.float();
const float32: Decode = (r) => toFloat32(r, r.float());
const complex128: Decode = (r) => ({ re: r.float(), im: r.float() });
const complex64: Decode = (r) => ({ re: toFloat32(r, r.float()), im: toFloat32(r, r.float()) });
const string: Decode = (r) => r.string();
const bytes: Decode = (r) => r.blob();

/** The decoder of a scalar whose wire type fits. */
export function scalarDecoder(schema: ScalarSchema): Decode {
  switch (schema.kind) {
    case "bool":
      return bool;
    case "int":
      if (schema.bits < 64) return ranged(schema, int);
      return schema.as === "number" ? int : schema.as === "bigint" ? bigInt : safeInt;
    case "uint":
      if (schema.bits < 64) return ranged(schema, uint);
      return schema.as === "number" ? uint : schema.as === "bigint" ? bigUint : safeUint;
    case "float":
      return schema.bits === 32 ? float32 : float64;
    case "complex":
      return schema.bits === 64 ? complex64 : complex128;
    case "string":
      return string;
    case "bytes":
      return bytes;
  }
}

/** [GOB-22] There are no widths on the wire: the receiver checks its own. */
function ranged(schema: IntSchema<unknown> | UintSchema<unknown>, read: Decode): Decode {
  const [min, max] = numberRange(schema);
  return (r) => {
    const value = read(r, undefined) as number;
    if (value < min || value > max) failRange(r, value, schema.go);
    return value;
  };
}

/** [GOB-22] Infinities pass, finite doubles beyond float32 do not. */
function toFloat32(r: MessageReader, value: number): number {
  const rounded = Math.fround(value);
  if (!Number.isFinite(rounded) && Number.isFinite(value)) failRange(r, value, "float32");
  return rounded;
}

function failRange(r: MessageReader, value: number, typeName: string): never {
  fail("out-of-range", `value ${value} out of range for ${typeName}`, {
    offset: r.offset,
    typeName,
  });
}
