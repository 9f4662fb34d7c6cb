import type { AnySchema, In, Out, Schema } from "./schema.js";

/**
 * The seam for values that look different in memory than on the wire: what is lent, and users' own
 * types. `context` is what the caller of encode or decode handed along (lib passes the broker).
 */
export interface Codec<I, O, W extends AnySchema> {
  readonly wire: W;
  /** The value on the wire that means nil where the schema stands under `optional`. */
  readonly absent?: Out<W>;
  encode(value: I, context: unknown): In<W>;
  decode(value: Out<W>, context: unknown): O;
}

export interface CodecSchema<in I, out O> extends Schema<I, O> {
  readonly kind: "codec";
  readonly wire: AnySchema;
  readonly absent?: unknown;
  readonly encode: (value: I, context: unknown) => unknown;
  // A method type would be bivariant; the parameter is `never` because only the codec's own wire fits.
  readonly decode: (value: never, context: unknown) => O;
}

/** A schema out of a {@link Codec}. */
export const codec = <I, O, W extends AnySchema>(of: Codec<I, O, W>): CodecSchema<I, O> => ({
  kind: "codec",
  wire: of.wire,
  ...(of.absent === undefined ? {} : { absent: of.absent }),
  encode: (value, context) => of.encode(value, context),
  decode: (value: Out<W>, context: unknown) => of.decode(value, context),
});
