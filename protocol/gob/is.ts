/** Asks a value that came out of an interface for its type, as Go's `value.(T)` does. */
import type { AnySchema, Out, TypedValue } from "../schema/index.js";
import { isTypedValue } from "../schema/interface.js";
import { givenName, isSameSchema } from "../schema/same-schema.js";
import { publicly } from "./failure.js";
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
 * the registry, or a predeclared name, made it of such a schema. Equal schemas are the same type, and so are `T` and
 * `optional(T)`. A schema with a name (`named("main.Celsius", float64())`) asks for that name, too. A value of an
 * `int` beyond 2^53-1 is no `int()`, whose numbers end there, but an `int({ as: "safe" })`.
 *
 * Go: `_, ok := value.(T)`.
 */
export const is = <S extends AnySchema>(schema: S, value: unknown): value is ValueOf<S> =>
  isTypedValue(value) && publicly(() => isOf(schema, value));

function isOf(schema: AnySchema, value: TypedValue & { readonly name?: string }): boolean {
  const asked = belowPointers(schema);
  const found = belowPointers(value.schema);
  const name = value.name || givenName(value.schema);
  const wanted = givenName(schema);
  if (wanted === undefined ? !mayHaveName(asked, found, name) : name !== wanted) return false;
  return asked === found || (isSameSchema(asked, found, "ignore") && hasForm(asked, value.value));
}

/** Whether a value of the schema `found` can be of `asked`, which has no name, though Go registered it by `name`. */
function mayHaveName(asked: AnySchema, found: AnySchema, name: string | undefined): boolean {
  if (name === undefined || DECLARED.has(asked.kind)) return true;
  return name === spell(goType(asked)) || (asked === found && COMPOSITE.has(asked.kind));
}

/** Their schemas do not say the package. Any name will do. */
const DECLARED: ReadonlySet<string> = new Set(["struct", "marshaler", "codec"]);
/** One schema is one type. The schemas of scalars are shared by all types of the kind. */
const COMPOSITE: ReadonlySet<string> = new Set(["slice", "array", "map"]);
