/** Go interfaces of any type: values that say their own type. See `registered.ts` for interfaces of known types. */
import { assertSchema } from "./check.js";
import type { AnySchema, In, Schema } from "./schema.js";

/** A value that says its Go type, for an interface: `value(int32(), 5)`. */
export interface TypedValue<S extends AnySchema = AnySchema> {
  /** Tells it from all other values. */
  readonly kind: "value";
  /** Its Go type. */
  readonly schema: S;
  /** The value itself, as for the schema alone. */
  readonly value: In<S>;
}

/** A value that came out of an interface. `is` says of which type it is. */
export interface DynamicValue extends TypedValue {
  /** The name of its type, as the peer registered it. Empty in formats that send no names. */
  readonly name: string;
}

/** See {@link any}. */
export interface AnyValueSchema extends Schema<unknown, unknown> {
  readonly kind: "interface";
  /** Values arrive without their Go type. */
  readonly form: "plain";
}

const ANY: AnyValueSchema = { kind: "interface", form: "plain" };

/**
 * A Go interface (`interface{}`, `error`, …). In: nil (`null` or `undefined`), {@link value} for a value of a certain
 * Go type, and plain values, whose Go type is chosen as by `from`. Out: plain values: `null` for nil, numbers (bigint
 * past 2^53-1), strings, `Uint8Array`, arrays, a `Map` for maps, plain objects for structs. They may be passed on to
 * another interface. Objects keep their Go type then, but a number becomes an `int` or a `float64`: see
 * {@link dynamic}.
 */
export const any = (): AnyValueSchema => ANY;

/** See {@link dynamic}. */
export interface DynamicSchema extends Schema<unknown, DynamicValue | null> {
  readonly kind: "interface";
  /** Values arrive with their Go type. */
  readonly form: "dynamic";
}

const DYNAMIC: DynamicSchema = { kind: "interface", form: "dynamic" };

/**
 * A Go interface whose values keep their Go type. nil arrives as `null`, everything else as a
 * {@link DynamicValue}, which encodes again unchanged, whether or not its type is known here.
 */
export const dynamic = (): DynamicSchema => DYNAMIC;

/** Whether something is a {@link TypedValue}, from whatever copy of the package. */
export function isTypedValue(value: unknown): value is TypedValue {
  if (typeof value !== "object" || value === null) return false;
  const { kind, schema } = value as { kind?: unknown; schema?: { kind?: unknown } };
  return kind === "value" && typeof schema?.kind === "string";
}

/** A value with its Go type, for {@link any}. */
export function value<S extends AnySchema>(schema: S, of: In<S>): TypedValue<S> {
  assertSchema(schema, "value");
  return { kind: "value", schema, value: of };
}

/** A value that arrived with the name of its type. */
export const dynamicValue = (name: string, schema: AnySchema, of: unknown): DynamicValue => ({
  kind: "value",
  name,
  schema,
  value: of,
});
