/** Go's big floats, with every bit that Go sends. */
import { CodecError } from "../../errors.js";
import { type MarshalerSchema, marshaler } from "../../schema/index.js";
import { refuse, toBigInt, toBytes } from "./big-bytes.js";

const VERSION = 1;
const FORMS = ["zero", "finite", "inf"] as const;
const FINITE = 1;
const HEADER_BYTES = 6;
const WORD_BITS = 64;

/**
 * The value of a Go `big.Float`. A finite one is `±0.mantissa × 2^exponent` in binary: the mantissa follows the point.
 * As a number that is `±mantissa × 2^(exponent - bits of the mantissa)`.
 */
export interface BigFloat {
  /** Go's zero, finite or infinite. NaN does not exist. */
  readonly form: (typeof FORMS)[number];
  /** The sign, which zero and infinity have as well. */
  readonly isNegative: boolean;
  /** In whole words of 64 bits, the highest bit set; 0 unless finite. */
  readonly mantissa: bigint;
  /** The power of two; 0 unless finite. */
  readonly exponent: number;
  /** The bits to which Go rounds the mantissa. */
  readonly precision: number;
  /** Go's rounding mode, 0 (to nearest even) to 5. */
  readonly mode: number;
  /** -1, 0 or 1: whether rounding made the value smaller than the exact result, equal to it, or larger. */
  readonly accuracy: number;
}

/** The exact value of a number, with a precision of 53 bits. Go: `big.NewFloat`. @throws CodecError `bad-value` for NaN. */
export function bigFloatFromNumber(value: number): BigFloat {
  if (Number.isNaN(value)) throw new CodecError("bad-value", "gob: big.Float has no NaN");
  const isNegative = value < 0 || Object.is(value, -0);
  const common = { isNegative, precision: 53, mode: 0, accuracy: 0 };
  if (value === 0) return { ...common, form: "zero", mantissa: 0n, exponent: 0 };
  if (!Number.isFinite(value)) return { ...common, form: "inf", mantissa: 0n, exponent: 0 };
  // Scaled by powers of two until it is an integer with all its bits.
  let scaled = Math.abs(value);
  let exponent = 0;
  for (; !Number.isInteger(scaled) || scaled < 2 ** 52; exponent--) scaled *= 2;
  const natural = BigInt(scaled);
  const bits = natural.toString(2).length;
  const words = Math.ceil(bits / WORD_BITS);
  const mantissa = natural << BigInt(words * WORD_BITS - bits);
  return { ...common, form: "finite", mantissa: trimWords(mantissa), exponent: exponent + bits };
}

/** Without the words at the end that are 0, as Go sends it. */
function trimWords(mantissa: bigint): bigint {
  let trimmed = mantissa;
  while (trimmed !== 0n && BigInt.asUintN(WORD_BITS, trimmed) === 0n) trimmed >>= 64n;
  return trimmed;
}

/** The value as a number, rounded to 53 bits. Beyond the range of numbers it is 0 or infinite. */
export function bigFloatToNumber(value: BigFloat): number {
  const sign = value.isNegative ? -1 : 1;
  if (value.form === "zero") return sign * 0;
  if (value.form === "inf") return sign * Number.POSITIVE_INFINITY;
  const bits = value.mantissa.toString(2).length;
  const kept = bits > 64 ? value.mantissa >> BigInt(bits - 64) : value.mantissa;
  let result = Number(kept);
  // In steps: 2 ** shift alone could become 0 or infinite where the product is neither.
  for (let shift = value.exponent - Math.min(bits, 64); shift !== 0; ) {
    const step = Math.max(-1000, Math.min(1000, shift));
    result *= 2 ** step;
    shift -= step;
    if (result === 0 || !Number.isFinite(result)) break;
  }
  return sign * result;
}

/** [GOB-35] Version; mode, accuracy, form and sign; precision; exponent and mantissa if finite. */
function encodeBigFloat(value: BigFloat | number): Uint8Array {
  const of = typeof value === "number" ? bigFloatFromNumber(value) : value;
  const form = FORMS.indexOf(of.form);
  if (form < 0) throw new CodecError("bad-value", `gob: big.Float has no form ${of.form}`);
  const mantissa = form === FINITE ? wholeWords(of.mantissa) : new Uint8Array(0);
  const bytes = new Uint8Array(HEADER_BYTES + (form === FINITE ? 4 + mantissa.length : 0));
  const view = new DataView(bytes.buffer);
  bytes[0] = VERSION;
  bytes[1] = (of.mode << 5) | ((of.accuracy + 1) << 3) | (form << 1) | (of.isNegative ? 1 : 0);
  view.setUint32(2, of.precision);
  if (form === FINITE) {
    view.setInt32(HEADER_BYTES, of.exponent);
    bytes.set(mantissa, HEADER_BYTES + 4);
  }
  return bytes;
}

function wholeWords(mantissa: bigint): Uint8Array {
  const bytes = toBytes(mantissa);
  if (bytes.length % 8 !== 0 || (bytes[0] ?? 0) < 0x80) {
    throw new CodecError(
      "bad-value",
      "gob: big.Float wants a mantissa of whole words, top bit set",
    );
  }
  return bytes;
}

function decodeBigFloat(bytes: Uint8Array): BigFloat {
  if (bytes.length === 0) return ZERO;
  if (bytes.length < HEADER_BYTES) refuse("Float", "buffer too small");
  if (bytes[0] !== VERSION) refuse("Float", `encoding version ${bytes[0]} not supported`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const flags = view.getUint8(1);
  const form = FORMS[(flags >> 1) & 3];
  if (form === undefined) return refuse("Float", "invalid form");
  const hasMantissa = form === "finite";
  if (hasMantissa && bytes.length < HEADER_BYTES + 4 + 8) refuse("Float", "buffer too small");
  const mantissa = hasMantissa ? toBigInt(bytes.subarray(HEADER_BYTES + 4)) : 0n;
  if (hasMantissa && (view.getUint8(HEADER_BYTES + 4) < 0x80 || bytes.length % 8 !== 2)) {
    refuse("Float", "msb not set in last word");
  }
  return {
    form,
    isNegative: (flags & 1) === 1,
    mantissa,
    exponent: hasMantissa ? view.getInt32(HEADER_BYTES) : 0,
    precision: view.getUint32(2),
    mode: flags >> 5,
    accuracy: ((flags >> 3) & 3) - 1,
  };
}

const ZERO: BigFloat = {
  form: "zero",
  isNegative: false,
  mantissa: 0n,
  exponent: 0,
  precision: 0,
  mode: 0,
  accuracy: 0,
};

const BIG_FLOAT: MarshalerSchema<BigFloat | number, BigFloat> = marshaler({
  name: "*big.Float",
  encode: encodeBigFloat,
  decode: decodeBigFloat,
  zero: () => ZERO,
  nil: new Uint8Array(0),
});

/** Go `big.Float`. A number is sent exactly. Decoding makes a {@link BigFloat}, which keeps all bits. */
export const bigFloat = (): MarshalerSchema<BigFloat | number, BigFloat> => BIG_FLOAT;
