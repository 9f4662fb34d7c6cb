/** Go structs: names and schemas of fields, and which of them may be missing. */
import { assertFields, assertSchema } from "./check.js";
import type { AnySchema, IN, In, OUT, Out, Schema } from "./schema.js";

/** A struct field under another name in TypeScript than in Go. */
export interface FieldSchema<S extends AnySchema> extends AnySchema {
  /** Carries {@link In}; never set. */
  readonly [IN]?: (value: In<S>) => void;
  /** Carries {@link Out}; never set. */
  readonly [OUT]?: () => Out<S>;
  readonly kind: "field";
  /** The name on the wire. */
  readonly go: string;
  /** The field's type. */
  readonly schema: S;
}

/** See {@link embedded}. */
export interface EmbeddedSchema<S extends AnySchema> extends AnySchema {
  /** Carries {@link In}; never set. */
  readonly [IN]?: (value: In<S>) => void;
  /** Carries {@link Out}; never set. */
  readonly [OUT]?: () => Out<S>;
  readonly kind: "embedded";
  /** The struct, or a pointer to it. */
  readonly schema: S;
}

/** A key is optional by this mark; asking whether `Out` allows undefined would break recursion. */
interface OptionalMark {
  readonly optional: true;
}
/** A key is required by this mark: see {@link RequiredCodec}. */
interface RequiredMark {
  readonly absent: unknown;
  readonly optional?: never;
}
/** The schema of a field, itself or behind the words `field` and `embedded`. */
type Marked<Mark> = Mark | { readonly schema: Mark | { readonly schema: Mark } };
type Keys<F, Mark> = {
  [K in keyof F]: F[K] extends Marked<Mark> ? K : never;
}[keyof F];

/**
 * The fields of a struct, key to schema. The type says no more than `object` on purpose: with a bound that
 * says anything of the properties, such as an index signature, the compiler looks at each of them while it
 * infers the struct's type, and a getter that names this struct would need that type already.
 */
export type Fields = object;
/**
 * A struct as the sender passes it. A key that is left out, or undefined, is the field's zero, as in a Go literal.
 * Only what is lent, and interfaces of known types, must be given, unless they are optional.
 */
export type StructIn<F> = [Keys<F, RequiredMark>] extends [never]
  ? LeftOut<F>
  : LeftOut<F> & { readonly [K in Keys<F, RequiredMark>]: In<F[K]> };
// Not within an intersection unless it must be: the compiler refuses a text for an object without required keys, but
// not for an intersection with one that is empty.
type LeftOut<F> = { readonly [K in keyof F]?: In<F[K]> | undefined };
/** A struct as the receiver gets it: with every key, but a nil pointer's key is missing. */
export type StructOut<F> = {
  -readonly [K in Exclude<keyof F, Keys<F, OptionalMark>>]: Out<F[K]>;
} & { -readonly [K in Keys<F, OptionalMark>]?: Exclude<Out<F[K]>, undefined> };

/** See {@link struct}. */
export interface StructSchema<F> extends AnySchema {
  /** Carries {@link In}; never set. */
  readonly [IN]?: (value: StructIn<F>) => void;
  /** Carries {@link Out}; never set. */
  readonly [OUT]?: () => StructOut<F>;
  readonly kind: "struct";
  /** Go's declared name, without package; empty for an anonymous struct. */
  readonly name: string;
  /** In Go's order. A getter is read once. */
  readonly fields: F;
}

/**
 * A Go struct: the keys are Go's field names, in Go's order, unless {@link field} renames one. The
 * receiver may name fewer fields than the sender has; others are skipped. To refer to itself a
 * struct uses a getter: `struct("Tree", { get Kids() { return slice(Tree); } })`.
 *
 * @param name - Go's type name without package; only error texts and `describe` show it.
 * @throws CodecError `bad-value` for a field that is not a schema, as all functions that make schemas of schemas.
 */
export function struct<F extends Fields>(name: string, fields: F): StructSchema<F> {
  assertFields(fields, name);
  return { kind: "struct", name, fields };
}

/** Go's field `go` under the name of its key here: `{ userId: field("UserID", int()) }`. */
export function field<S extends AnySchema>(go: string, schema: S): FieldSchema<S> {
  assertSchema(schema, `field ${go}`);
  return { kind: "field", go, schema };
}

/**
 * An embedded struct, as in Go `type User struct { Base; Name string }`: `struct("User", { Base: embedded(Base), Name:
 * string() })`. Its key is the name of its type; `embedded(optional(Base))` is Go's `*Base`. The value is nested, as a
 * literal in Go is and as gob sends it: `{ Base: { ID: 1 }, Name: "a" }`.
 *
 * The fields in it are promoted. gob also decodes a field `ID` of a sender that embeds nothing into `Base.ID`. In JSON
 * and msgpack the fields stand beside those of the outer struct. Of two fields with one name the less deep counts. A
 * pointer is followed, and made where a promoted field arrives. (Go's gob panics there.)
 */
export function embedded<S extends AnySchema>(schema: S): EmbeddedSchema<S> {
  assertSchema(schema, "embedded");
  return { kind: "embedded", schema };
}

/** See {@link empty}. */
export interface EmptySchema
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing fits.
  extends Schema<void | undefined | Readonly<Record<string, never>>, undefined> {
  readonly kind: "struct";
  /** It has no name. */
  readonly name: "";
  /** It has no fields. */
  readonly fields: Readonly<Record<never, never>>;
  /** Tells it from a struct of which no field is wanted. */
  readonly empty: true;
}
const EMPTY: EmptySchema = { kind: "struct", name: "", fields: {}, empty: true };
/** Go `struct{}`: nothing is passed and `undefined` arrives. Not the same as a nil interface. */
export const empty = (): EmptySchema => EMPTY;
