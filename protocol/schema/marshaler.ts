/** Go types that make their own bytes: `GobEncode` and `MarshalBinary`. */
import type { AnySchema, Schema } from "./schema.js";

/** How a Go type that brings its own bytes does so: `GobEncode` or `MarshalBinary`. */
export type MarshalerForm = "gob" | "binary";

/** The TypeScript twin of a Go type with `GobEncode`/`GobDecode` or `MarshalBinary`/`UnmarshalBinary`. */
export interface Marshaler<I, O> {
  /** Go's name, as for `named`: `time.Time`, `*big.Int`, `github.com/google/uuid.UUID`. */
  readonly name: string;
  /** Default `"gob"`. Both ends must agree on it. */
  readonly form?: MarshalerForm;
  /** The bytes that Go's method returns for the value. Errors as in {@link Codec.encode}. */
  encode(value: I): Uint8Array;
  /** The inverse of {@link encode}. It may keep `bytes`, which are a copy. */
  decode(bytes: Uint8Array): O;
  /** The value of a struct field that was left out. */
  zero(): O;
  /**
   * Whether Go leaves a struct field with this value out. Omit it for a Go type whose method is on the
   * pointer: such a field is always sent.
   */
  isZero?(value: I): boolean;
  /** The bytes of a nil pointer outside struct fields, if Go's method accepts nil. */
  readonly nil?: Uint8Array;
  /** The Go type below the methods. Go defines its parts on the stream, though nothing uses them. */
  readonly underlying?: AnySchema;
}

/** See {@link marshaler}. */
export interface MarshalerSchema<in I, out O> extends Schema<I, O> {
  readonly kind: "marshaler";
  /** See {@link Marshaler.name}. */
  readonly name: string;
  /** See {@link Marshaler.form}. */
  readonly form: MarshalerForm;
  /** See {@link Marshaler.encode}. */
  readonly encode: (value: I) => Uint8Array;
  /** See {@link Marshaler.decode}. */
  readonly decode: (bytes: Uint8Array) => O;
  /** See {@link Marshaler.zero}. */
  readonly zero: () => O;
  /** See {@link Marshaler.isZero}. */
  readonly isZero: ((value: I) => boolean) | undefined;
  /** See {@link Marshaler.nil}. */
  readonly nil: Uint8Array | undefined;
  /** See {@link Marshaler.underlying}. */
  readonly underlying: AnySchema | undefined;
}

/** A schema for a Go type with methods of its own. */
export const marshaler = <I, O>(of: Marshaler<I, O>): MarshalerSchema<I, O> => ({
  kind: "marshaler",
  name: of.name,
  form: of.form ?? "gob",
  encode: (value) => of.encode(value),
  decode: (bytes) => of.decode(bytes),
  zero: () => of.zero(),
  isZero: of.isZero === undefined ? undefined : (value) => of.isZero?.(value) ?? false,
  nil: of.nil,
  underlying: of.underlying,
});

/**
 * A marshaler type whose bytes are passed through as they are. An empty `Uint8Array` stands for a
 * field that was left out, and leaves the field out.
 */
export const opaque = (
  name: string,
  form: MarshalerForm = "gob",
): MarshalerSchema<Uint8Array, Uint8Array> =>
  marshaler({
    name,
    form,
    encode: (value: Uint8Array) => value,
    decode: (bytes) => bytes,
    zero: () => new Uint8Array(0),
    isZero: (value) => value.length === 0,
  });
