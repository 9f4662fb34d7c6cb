/** Asks a value that came out of an interface for its type, as Go's `value.(T)` does. */
import type { AnySchema, Out, TypedValue } from "../schema/index.js";
import { isTypedValue } from "../schema/interface.js";
import { bare, type KnownSchema, type KnownTypes } from "../schema/known.js";
import { givenName, isSameSchema } from "../schema/same-schema.js";
import { fail, publicly } from "./failure.js";
import { belowPointers, goType } from "./type/go-type.js";
import { hasForm } from "./type/has-form.js";
import { spell } from "./type/spell.js";

/** A {@link TypedValue} whose type is known. */
export interface ValueOf<S extends AnySchema> extends TypedValue {
  /** The value, as for the schema alone. */
  readonly value: Out<S>;
}

/**
 * Whether `value` is a {@link TypedValue} of the type of `schema`. What a `dynamic()` or `any()` gave has that type if
 * the registry, or a predeclared name, made it of such a schema. A type such as `*big.Int` therefore has to be
 * registered; `time.Time` and `time.Duration` need not. Equal schemas are the same type, and so are `T` and
 * `optional(T)`. A schema with a name (`named("main.Celsius", float64())`) asks for that name, too. A value of an
 * `int` beyond 2^53-1 is no `int()`, whose numbers end there, but an `int({ as: "safe" })`.
 *
 * Of interfaces, `any()` and `dynamic()` hold all values, and `registered` those of its type under its names.
 *
 * Go: `_, ok := value.(T)`.
 *
 * @throws CodecError `bad-value` for what is no schema, and for `oneOf`, whose types are asked for one by one.
 */
export const is = <S extends AnySchema>(schema: S, value: unknown): value is ValueOf<S> =>
  isTypedValue(value) && publicly(() => isOf(schema, value));

function isOf(schema: AnySchema, value: TypedValue & { readonly name?: string }): boolean {
  const asked = bare(schema);
  const name = value.name || givenName(value.schema);
  if (asked.kind === "interface") return !("types" in asked) || isHeld(asked, name, value);
  return mayHaveName(schema, withoutStars(name), value) && isType(schema, value);
}

/** Whether an interface of known types can hold the value. */
function isHeld({ form, types }: KnownTypes, name: string | undefined, value: TypedValue): boolean {
  const [type] = types;
  if (form === "oneOf" || type === undefined)
    return fail("bad-value", "is: want a type, got oneOf");
  const hasName = name === undefined || name === type.name || type.aliases.includes(name);
  return hasName && isType(type.schema, value);
}

function isType(schema: AnySchema, value: TypedValue): boolean {
  const asked = belowPointers(schema);
  const found = belowPointers(value.schema);
  return asked === found || (isSameSchema(asked, found, "ignore") && hasForm(asked, value.value));
}

/** Whether a value that Go registered by `name` can be of the type that is asked for. */
function mayHaveName(schema: AnySchema, name: string | undefined, value: TypedValue): boolean {
  const wanted = nameBelowPointers(schema);
  if (wanted !== undefined) return name === wanted;
  const asked = belowPointers(schema);
  if (name === undefined || DECLARED.has(asked.kind)) return true;
  const isSame = COMPOSITE.has(asked.kind) && asked === belowPointers(value.schema);
  return isSame || name === spell(goType(asked));
}

/** [GOB-54] `T` and `*T` have one name, with a star if Go registered the pointer. */
const withoutStars = (name: string | undefined): string | undefined => name?.replace(/^\*+/, "");

function nameBelowPointers(schema: AnySchema): string | undefined {
  const name = givenName(schema);
  if (name !== undefined) return withoutStars(name);
  const known: KnownSchema = bare(schema);
  return known.kind === "optional" ? nameBelowPointers(known.elem) : undefined;
}

/** Their schemas do not say the package. Any name will do. */
const DECLARED: ReadonlySet<string> = new Set(["struct", "marshaler", "codec"]);
/** One schema is one type. The schemas of scalars are shared by all types of the kind. */
const COMPOSITE: ReadonlySet<string> = new Set(["slice", "array", "map"]);
