import type { AnySchema, IN, In, OUT, Out, Schema } from "./schema.js";

/** A struct field under another name in TypeScript than in Go. */
export interface FieldSchema<S extends AnySchema> {
  readonly [IN]?: (value: In<S>) => void;
  readonly [OUT]?: () => Out<S>;
  readonly kind: "field";
  /** The name on the wire. */
  readonly go: string;
  readonly schema: S;
}

/** A key is optional by this mark; asking whether `In` allows undefined would break recursion. */
interface OptionalMark {
  readonly optional: true;
}
type IsOptional<S> = S extends OptionalMark
  ? true
  : S extends { readonly schema: OptionalMark }
    ? true
    : false;
type OptionalKeys<F> = { [K in keyof F]: IsOptional<F[K]> extends true ? K : never }[keyof F];

/**
 * Name to schema. `any` on purpose: for an index signature of `any` the compiler does not look at
 * the properties, and so does not resolve a getter that names the struct being defined.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above.
export type Fields = { readonly [name: string]: any };
export type StructIn<F> = {
  readonly [K in Exclude<keyof F, OptionalKeys<F>>]: In<F[K]>;
} & { readonly [K in OptionalKeys<F>]?: In<F[K]> };
export type StructOut<F> = {
  -readonly [K in Exclude<keyof F, OptionalKeys<F>>]: Out<F[K]>;
} & { -readonly [K in OptionalKeys<F>]?: Out<F[K]> };

export interface StructSchema<F> {
  readonly [IN]?: (value: StructIn<F>) => void;
  readonly [OUT]?: () => StructOut<F>;
  readonly kind: "struct";
  /** Go's declared name, without package; empty for an anonymous struct. */
  readonly name: string;
  readonly fields: F;
}

/**
 * A Go struct: the keys are Go's field names, in Go's order, unless {@link field} renames one. The
 * receiver may name fewer fields than the sender has; others are skipped. To refer to itself a
 * struct uses a getter: `struct("Tree", { get Kids() { return slice(Tree); } })`.
 *
 * @param name - Go's type name without package; only error texts and `describe` show it.
 */
export const struct = <F extends Fields>(name: string, fields: F): StructSchema<F> => ({
  kind: "struct",
  name,
  fields,
});

/** Go's field `go`, under the name of the key it stands at: `{ userId: field("UserID", int()) }`. */
export const field = <S extends AnySchema>(go: string, schema: S): FieldSchema<S> => ({
  kind: "field",
  go,
  schema,
});

/** Go `struct{}`: nothing is passed and `undefined` arrives. Not the same as a nil interface. */
export interface EmptySchema
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing fits.
  extends Schema<void | undefined | Readonly<Record<string, never>>, undefined> {
  readonly kind: "struct";
  readonly name: "";
  readonly fields: Readonly<Record<never, never>>;
  readonly empty: true;
}
const EMPTY: EmptySchema = { kind: "struct", name: "", fields: {}, empty: true };
export const empty = (): EmptySchema => EMPTY;
