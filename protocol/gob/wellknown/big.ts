/** Go's big integers and fractions. */
import { CodecError } from "../../errors.js";
import { type MarshalerSchema, marshaler } from "../../schema/index.js";
import { refuse, toBigInt, toBytes } from "./big-bytes.js";

/** The version in the first byte of both formats. */
const VERSION = 1;
const NOTHING = new Uint8Array(0);

/** [GOB-35] Version and sign, then the magnitude, big-endian. */
function encodeBigInt(value: bigint): Uint8Array {
  if (typeof value !== "bigint") throw new CodecError("bad-value", "gob: want a bigint");
  const magnitude = toBytes(value < 0n ? -value : value);
  return Uint8Array.of(signByte(value), ...magnitude);
}

function decodeBigInt(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  const magnitude = toBigInt(bytes.subarray(1));
  return readSign("Int", bytes) ? -magnitude : magnitude;
}

const BIG_INT: MarshalerSchema<bigint, bigint> = marshaler({
  name: "*big.Int",
  encode: encodeBigInt,
  decode: decodeBigInt,
  zero: () => 0n,
  nil: NOTHING,
});

/** Go `big.Int` as a bigint. Its methods are on the pointer, so Go's usual `*big.Int` is `optional(bigInt())`. */
export const bigInt = (): MarshalerSchema<bigint, bigint> => BIG_INT;

/** The value of a Go `big.Rat`. Go keeps it in lowest terms. */
export interface Rat {
  /** The numerator, which carries the sign. */
  readonly num: bigint;
  /** The denominator, above 0. */
  readonly den: bigint;
}

/** [GOB-35] Version and sign, the byte length of the numerator, both magnitudes. */
function encodeRat({ num, den }: Rat): Uint8Array {
  if (typeof num !== "bigint" || typeof den !== "bigint" || den <= 0n) {
    throw new CodecError("bad-value", "gob: want { num, den } as bigint, den above 0");
  }
  const top = toBytes(num < 0n ? -num : num);
  const bottom = toBytes(den);
  const bytes = new Uint8Array(5 + top.length + bottom.length);
  bytes[0] = signByte(num);
  new DataView(bytes.buffer).setUint32(1, top.length);
  bytes.set(top, 5);
  bytes.set(bottom, 5 + top.length);
  return bytes;
}

function decodeRat(bytes: Uint8Array): Rat {
  if (bytes.length === 0) return { num: 0n, den: 1n };
  const isNegative = readSign("Rat", bytes);
  if (bytes.length < 5) refuse("Rat", "buffer too small");
  const end = 5 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  if (end > bytes.length) refuse("Rat", "invalid length");
  const num = toBigInt(bytes.subarray(5, end));
  // Go's zero value has no denominator, which means 1.
  const den = end === bytes.length ? 1n : toBigInt(bytes.subarray(end));
  if (den === 0n) refuse("Rat", "division by zero");
  return { num: isNegative ? -num : num, den };
}

const RAT: MarshalerSchema<Rat, Rat> = marshaler({
  name: "*big.Rat",
  encode: encodeRat,
  decode: decodeRat,
  zero: () => ({ num: 0n, den: 1n }),
  nil: NOTHING,
});

/** Go `big.Rat`. Its methods are on the pointer, so Go's usual `*big.Rat` is `optional(bigRat())`. */
export const bigRat = (): MarshalerSchema<Rat, Rat> => RAT;

const signByte = (value: bigint): number => (VERSION << 1) | (value < 0n ? 1 : 0);

/** Whether the number is negative. */
function readSign(type: string, bytes: Uint8Array): boolean {
  const first = bytes[0] as number;
  if (first >> 1 !== VERSION) refuse(type, `encoding version ${first >> 1} not supported`);
  return (first & 1) === 1;
}
