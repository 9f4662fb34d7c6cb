/** Go's scalars, strings and bytes. */
import type { Schema } from "./schema.js";

/** Go's names of the predeclared signed integers. */
export type GoInt = "int" | "int8" | "int16" | "int32" | "int64";
/** Go's names of the predeclared unsigned integers. */
export type GoUint = "uint" | "uint8" | "uint16" | "uint32" | "uint64" | "uintptr";

/**
 * How a 64-bit integer looks in JavaScript: `number` (refused past 2^53-1), `bigint`, or `safe`: a
 * number where it is exact and a bigint elsewhere.
 */
export type IntegerForm = "number" | "bigint" | "safe";
/** The JavaScript type of an {@link IntegerForm}. */
export type IntegerOf<F extends IntegerForm> = F extends "number"
  ? number
  : F extends "bigint"
    ? bigint
    : number | bigint;

/** Options of the 64-bit integers. */
export interface IntegerOptions<F extends IntegerForm> {
  /** The form in JavaScript. */
  readonly as?: F;
}

/** See {@link bool}. */
export interface BoolSchema extends Schema<boolean, boolean> {
  readonly kind: "bool";
}
/** A signed integer, see {@link int}. */
export interface IntSchema<T> extends Schema<T, T> {
  readonly kind: "int";
  /** Go's name of the type. */
  readonly go: GoInt;
  /** The width, which the receiver checks: the wire has none. */
  readonly bits: 8 | 16 | 32 | 64;
  /** The form in JavaScript; `number` below 64 bits. */
  readonly as: IntegerForm;
}
/** An unsigned integer, see {@link uint}. */
export interface UintSchema<T> extends Schema<T, T> {
  readonly kind: "uint";
  /** Go's name of the type. */
  readonly go: GoUint;
  /** The width, which the receiver checks: the wire has none. */
  readonly bits: 8 | 16 | 32 | 64;
  /** The form in JavaScript; `number` below 64 bits. */
  readonly as: IntegerForm;
}
/** See {@link float32} and {@link float64}. */
export interface FloatSchema extends Schema<number, number> {
  readonly kind: "float";
  /** The width, which the receiver checks: the wire has none. */
  readonly bits: 32 | 64;
}
/** A complex number as plain data, for whatever library computes with it. */
export interface Complex {
  /** The real part. */
  readonly re: number;
  /** The imaginary part. */
  readonly im: number;
}
/** See {@link complex64} and {@link complex128}. */
export interface ComplexSchema extends Schema<Complex, Complex> {
  readonly kind: "complex";
  /** The width of both parts together. */
  readonly bits: 64 | 128;
}
/** See {@link string}. */
export interface StringSchema extends Schema<string, string> {
  readonly kind: "string";
  /** The same few texts arrive again and again. Decoders look them up instead of making them. */
  readonly repeats?: true;
  /** The text of a number, which JSON writes without quotes: see `jsonNumber`. */
  readonly isNumber?: true;
}
/** See {@link rawString}. */
export interface RawStringSchema extends Schema<Uint8Array, Uint8Array> {
  readonly kind: "rawString";
}
/** See {@link bytes}. */
export interface BytesSchema extends Schema<Uint8Array, Uint8Array> {
  readonly kind: "bytes";
}

const BOOL: BoolSchema = { kind: "bool" };
const FLOAT32: FloatSchema = { kind: "float", bits: 32 };
const FLOAT64: FloatSchema = { kind: "float", bits: 64 };
const COMPLEX64: ComplexSchema = { kind: "complex", bits: 64 };
const COMPLEX128: ComplexSchema = { kind: "complex", bits: 128 };
const STRING: StringSchema = { kind: "string" };
const RAW_STRING: RawStringSchema = { kind: "rawString" };
const BYTES: BytesSchema = { kind: "bytes" };

// One object per type and form, because codecs find the compiled form by the schema's identity.
function integers<K extends "int" | "uint", G extends string>(
  kind: K,
  go: G,
  bits: 8 | 16 | 32 | 64,
) {
  return {
    number: { kind, go, bits, as: "number" },
    bigint: { kind, go, bits, as: "bigint" },
    safe: { kind, go, bits, as: "safe" },
  } as const;
}
const INT = integers("int", "int", 64);
const INT8 = integers("int", "int8", 8).number;
const INT16 = integers("int", "int16", 16).number;
const INT32 = integers("int", "int32", 32).number;
const INT64 = integers("int", "int64", 64);
const UINT = integers("uint", "uint", 64);
const UINT8 = integers("uint", "uint8", 8).number;
const UINT16 = integers("uint", "uint16", 16).number;
const UINT32 = integers("uint", "uint32", 32).number;
const UINT64 = integers("uint", "uint64", 64);
const UINTPTR = integers("uint", "uintptr", 64);

/** Go `bool`. */
export const bool = (): BoolSchema => BOOL;
/** Go `int`: a number, refused past 2^53-1 both ways; `{ as }` chooses another form. */
export const int = <F extends IntegerForm = "number">(
  options?: IntegerOptions<F>,
): IntSchema<IntegerOf<F>> => INT[options?.as ?? "number"];
/** Go `int8`, as a number. */
export const int8 = (): IntSchema<number> => INT8;
/** Go `int16`, as a number. */
export const int16 = (): IntSchema<number> => INT16;
/** Go `int32`, as a number. */
export const int32 = (): IntSchema<number> => INT32;
/** Go `int64`: a bigint; `{ as: "safe" }` or `{ as: "number" }` chooses another form. */
export const int64 = <F extends IntegerForm = "bigint">(
  options?: IntegerOptions<F>,
): IntSchema<IntegerOf<F>> => INT64[options?.as ?? "bigint"];
/** Go `uint`: a number, refused past 2^53-1 both ways; `{ as }` chooses another form. */
export const uint = <F extends IntegerForm = "number">(
  options?: IntegerOptions<F>,
): UintSchema<IntegerOf<F>> => UINT[options?.as ?? "number"];
/** Go `uint8` alone; a slice of it is {@link bytes}. */
export const uint8 = (): UintSchema<number> => UINT8;
/** Go `uint16`, as a number. */
export const uint16 = (): UintSchema<number> => UINT16;
/** Go `uint32`, as a number. */
export const uint32 = (): UintSchema<number> => UINT32;
/** Go `uint64`: a bigint; `{ as: "safe" }` or `{ as: "number" }` chooses another form. */
export const uint64 = <F extends IntegerForm = "bigint">(
  options?: IntegerOptions<F>,
): UintSchema<IntegerOf<F>> => UINT64[options?.as ?? "bigint"];
/** Go `uintptr`: a bigint by default, as {@link uint64}. */
export const uintptr = <F extends IntegerForm = "bigint">(
  options?: IntegerOptions<F>,
): UintSchema<IntegerOf<F>> => UINTPTR[options?.as ?? "bigint"];
/** Go `float32`: rounded with `Math.fround`; a finite number beyond its range is refused. */
export const float32 = (): FloatSchema => FLOAT32;
/** Go `float64`. */
export const float64 = (): FloatSchema => FLOAT64;
/** Go `complex64`, as `{ re, im }`. */
export const complex64 = (): ComplexSchema => COMPLEX64;
/** Go `complex128`, as `{ re, im }`. */
export const complex128 = (): ComplexSchema => COMPLEX128;
/**
 * Go `string`: UTF-8 on the wire. A byte that is not UTF-8 becomes a lone surrogate, U+DC80 to U+DCFF, and is sent again
 * as that byte: no string is changed on its way through. `isWellFormed` tells whether there are any, `toWellFormed`
 * replaces them, and {@link rawString} gives the bytes.
 */
export const string = (): StringSchema => STRING;
/** A Go `string` whose bytes need not be UTF-8, as those bytes. */
export const rawString = (): RawStringSchema => RAW_STRING;
/** Go `[]byte` and every slice of a byte type. The receiver gets a copy of its own. */
export const bytes = (): BytesSchema => BYTES;
