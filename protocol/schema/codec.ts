/** Schemas of users' own types: a codec turns their values into those of another schema. */
import { assertSchema } from "./check.js";
import type { AnySchema, In, Out, Schema } from "./schema.js";

/**
 * Turns a value in memory into a value on the wire and back, for lent values and for users' own types.
 * `context` comes from the caller of encode or decode. A call passes its scope, which owns the values lent
 * in that call: in a plugin's contract `callLoans(context)` of goplug gives it with its type.
 */
export interface Codec<I, O, W extends AnySchema> {
  /** The type on the wire. */
  readonly wire: W;
  /** The value on the wire that means nil where the schema stands under `optional`. */
  readonly absent?: Out<W>;
  /**
   * Makes the value on the wire. An error becomes the `cause` of a CodecError with the code
   * `codec-failed`, or with the error's own code if it is a CodecError.
   */
  encode(value: I, context: unknown): In<W>;
  /** Makes the value in memory. It runs when the value around it has arrived whole; errors as in {@link encode}. */
  decode(value: Out<W>, context: unknown): O;
}

/** See {@link codec}. */
export interface CodecSchema<in I, out O> extends Schema<I, O> {
  readonly kind: "codec";
  /** The type on the wire. */
  readonly wire: AnySchema;
  /** The value on the wire that means nil under `optional`; the key is missing where there is none. */
  readonly absent?: unknown;
  /** See {@link Codec.encode}. */
  readonly encode: (value: I, context: unknown) => unknown;
  // A function property, because a method's parameters are not checked strictly. `never`, because the type of
  // the wire's values is not known here: only a codec hands them in.
  /** See {@link Codec.decode}. */
  readonly decode: (value: never, context: unknown) => O;
}

/** A codec with a wire value for nil. Its field cannot be left out in a struct, unless it stands under `optional`. */
export interface RequiredCodec<in I, out O> extends CodecSchema<I, O> {
  /** See {@link Codec.absent}. */
  readonly absent: unknown;
}

/**
 * A schema for values that a {@link Codec} turns into those of another schema. In a struct a key that is left out
 * is the zero of the wire's type, and the codec is not called.
 */
export function codec<I, O, W extends AnySchema>(
  of: Codec<I, O, W> & { readonly absent: Out<W> },
): RequiredCodec<I, O>;
export function codec<I, O, W extends AnySchema>(of: Codec<I, O, W>): CodecSchema<I, O>;
export function codec<I, O, W extends AnySchema>(of: Codec<I, O, W>): CodecSchema<I, O> {
  assertSchema(of.wire, "codec");
  return {
    kind: "codec",
    wire: of.wire,
    ...(of.absent === undefined ? {} : { absent: of.absent }),
    encode: (value, context) => of.encode(value, context),
    decode: (value: Out<W>, context: unknown) => of.decode(value, context),
  };
}
