import type { AnySchema, Schema } from "./schema.js";

/** How a Go type that brings its own bytes does so: `GobEncode` or `MarshalBinary`. */
export type MarshalerForm = "gob" | "binary";

/** The TypeScript twin of a Go type with `GobEncode`/`GobDecode` or `MarshalBinary`/`UnmarshalBinary`. */
export interface Marshaler<I, O> {
  /** Go's name, as for `named`: `time.Time`, `*big.Int`, `github.com/google/uuid.UUID`. */
  readonly name: string;
  /** Default `"gob"`. Both ends must agree on it. */
  readonly form?: MarshalerForm;
  encode(value: I): Uint8Array;
  /** `bytes` are the receiver's own. */
  decode(bytes: Uint8Array): O;
  /** What arrives for a struct field that was left out. */
  zero(): O;
  /**
   * Whether Go leaves a struct field with this value out. Leave it away for a Go type whose method
   * is on the pointer: such a field is always sent.
   */
  isZero?(value: I): boolean;
  /** What Go sends for a nil pointer outside struct fields, where the method allows it. */
  readonly nil?: Uint8Array;
  /** The Go type below the methods: Go defines its parts on the stream, though nothing uses them. */
  readonly underlying?: AnySchema;
}

export interface MarshalerSchema<in I, out O> extends Schema<I, O> {
  readonly kind: "marshaler";
  readonly name: string;
  readonly form: MarshalerForm;
  readonly encode: (value: I) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => O;
  readonly zero: () => O;
  readonly isZero: ((value: I) => boolean) | undefined;
  readonly nil: Uint8Array | undefined;
  readonly underlying: AnySchema | undefined;
}

/** A schema out of a {@link Marshaler}. */
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
 * A marshaler type whose bytes nobody here understands: they pass through as they are. An empty
 * `Uint8Array` stands for a field that was left out, and leaves the field out.
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
