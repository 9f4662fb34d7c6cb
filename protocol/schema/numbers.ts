/** The ranges of Go's number types, and the checks of numbers that all codecs share. */
import { fail } from "./failure.js";
import type { IntSchema, UintSchema } from "./scalar.js";

type IntegerSchema = IntSchema<unknown> | UintSchema<unknown>;

/** [GOB-2] The range as numbers. It ends at 2^53-1 for 64 bits, because larger numbers are not exact. */
export function numberRange({ kind, bits }: IntegerSchema): [min: number, max: number] {
  if (kind === "uint") return [0, bits === 64 ? Number.MAX_SAFE_INTEGER : 2 ** bits - 1];
  if (bits === 64) return [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  return [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
}

/** The range as bigints, which are exact in all widths. */
export function bigRange({ kind, bits }: IntegerSchema): [min: bigint, max: bigint] {
  const size = BigInt(bits);
  return kind === "uint" ? [0n, 2n ** size - 1n] : [-(2n ** (size - 1n)), 2n ** (size - 1n) - 1n];
}

/**
 * The writer for the values of an integer schema. It accepts values that have the schema's form in JavaScript
 * and are in its range, and refuses all others.
 *
 * @param shapeOf - names a value of the wrong kind in the format's words.
 */
export function integerWriter<W>(
  schema: IntegerSchema,
  shapeOf: (value: unknown) => string,
  writeNumber: (to: W, value: number) => void,
  writeBig: (to: W, value: bigint) => void,
): (to: W, value: unknown) => void {
  const { go, as } = schema;
  const [min, max] = numberRange(schema);
  const [bigMin, bigMax] = bigRange(schema);
  const failType = (value: unknown): never => {
    const typeName = as === "bigint" ? `${go} as bigint` : go;
    return fail("bad-value", `want ${typeName}, got ${shapeOf(value)}`, { typeName });
  };
  return (to, value) => {
    if (typeof value === "number" && as !== "bigint") {
      if (!Number.isInteger(value)) failType(value);
      if (value < min || value > max) failRange(go, value);
      writeNumber(to, value);
    } else if (typeof value === "bigint" && as !== "number") {
      if (value < bigMin || value > bigMax) failRange(go, value);
      writeBig(to, value);
    } else failType(value);
  };
}

/** [GOB-3] The number that equals the float32 for `value`. */
export function toFloat32(value: number): number {
  const rounded = Math.fround(value);
  if (isBeyondFloat32(value, rounded)) failRange("float32", value);
  return rounded;
}

/** [GOB-22] Whether `value` is too large for a float32: it is finite, and `rounded`, its `Math.fround`, is not. */
export const isBeyondFloat32 = (value: number, rounded: number): boolean =>
  !Number.isFinite(rounded) && Number.isFinite(value);

/** Throws that a value is beyond its type. */
export function failRange(typeName: string, value: unknown): never {
  return fail("out-of-range", `${String(value)} is out of range for ${typeName}`, { typeName });
}

/** The number where that is exact, else the bigint. */
export const narrow = (value: bigint): number | bigint =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
