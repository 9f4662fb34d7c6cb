/** Go interfaces: values that say their own type. */
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

/** The values that fit a Go interface as they are. Numbers do not, because they must say their Go type. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing means nil.
export type AnyIn = void | null | undefined | boolean | string | Uint8Array | TypedValue;

/** See {@link any}. */
export interface AnyValueSchema extends Schema<AnyIn, unknown> {
  readonly kind: "interface";
  /** Values arrive without their Go type. */
  readonly form: "plain";
}

const ANY: AnyValueSchema = { kind: "interface", form: "plain" };

/**
 * A Go interface (`interface{}`, `error`, …). In: nil (`null` or `undefined`), a boolean, a string,
 * bytes, or {@link value} for everything else. Out: plain values: `null` for nil, numbers (bigint
 * past 2^53-1), strings, `Uint8Array`, arrays, a `Map` for maps, plain objects for structs.
 */
export const any = (): AnyValueSchema => ANY;

/** See {@link dynamic}. */
export interface DynamicSchema extends Schema<AnyIn, TypedValue | null> {
  readonly kind: "interface";
  /** Values arrive with their Go type. */
  readonly form: "dynamic";
}

const DYNAMIC: DynamicSchema = { kind: "interface", form: "dynamic" };

/**
 * A Go interface whose values keep their Go type. nil arrives as `null`, everything else as a
 * {@link TypedValue}, which encodes again unchanged, whether or not its type is known here.
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
