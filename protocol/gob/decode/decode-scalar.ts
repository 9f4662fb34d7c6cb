/** Decoders of numbers, booleans, strings and bytes. */
import { COST } from "../../bytes/cost.js";
import type { IntSchema, UintSchema } from "../../schema/index.js";
import type { KnownScalar } from "../../schema/known.js";
import { isBeyondFloat32, numberRange } from "../../schema/numbers.js";
import { fail } from "../failure.js";
import type { DecodeState } from "./decode-state.js";
import type { Read } from "./value-decoder.js";

const bool: Read = (r) => r.bool();
const int: Read = (r) => r.int();
const bigInt: Read = (r) => r.bigInt();
const safeInt: Read = (r) => r.safeInt();
const uint: Read = (r) => r.uint();
const bigUint: Read = (r) => r.bigUint();
const safeUint: Read = (r) => r.safeUint();
const float64: Read = (r) => r.float();
const float32: Read = (r) => toFloat32(r, r.float());
const complex128: Read = (r) => {
  r.charge(COST.complex);
  return { re: r.float(), im: r.float() };
};
const complex64: Read = (r) => {
  r.charge(COST.complex);
  return { re: toFloat32(r, r.float()), im: toFloat32(r, r.float()) };
};
const string: Read = (r) => r.string();
const repeatedString: Read = (r) => r.key();

/** [GOB-33] Bytes, which take memory beside their content. */
export function readBytes(r: DecodeState): Uint8Array {
  r.charge(COST.bytes);
  return r.blob();
}

/** The decoder of a scalar schema, for a wire type that fits. */
export function scalarReader(schema: KnownScalar): Read {
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
      return schema.repeats === true ? repeatedString : string;
    case "bytes":
    case "rawString":
      return readBytes;
  }
}

/** [GOB-22] Widths are not on the wire. The receiver checks the range of its own type. */
function ranged(schema: IntSchema<unknown> | UintSchema<unknown>, read: Read): Read {
  const [min, max] = numberRange(schema);
  return (r) => {
    const value = read(r, undefined) as number;
    if (value < min || value > max) failRange(r, value, schema.go);
    return value;
  };
}

/** [GOB-22] The nearest float32. @throws for finite doubles beyond float32; infinities pass. */
export function toFloat32(r: DecodeState, value: number): number {
  const rounded = Math.fround(value);
  if (isBeyondFloat32(value, rounded)) failRange(r, value, "float32");
  return rounded;
}

function failRange(r: DecodeState, value: number, typeName: string): never {
  fail("out-of-range", `${value} does not fit ${typeName}`, {
    offset: r.offset,
    typeName,
    rangeOf: typeName,
  });
}
