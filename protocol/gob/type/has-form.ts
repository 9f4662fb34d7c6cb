/** Integers of a Go type that has several forms in JavaScript. */
import type { AnySchema } from "../../schema/index.js";
import { isObject } from "../../schema/keys.js";
import { bare } from "../../schema/known.js";
import { structFields } from "./struct-fields.js";

/**
 * Whether all integers in a value, which has the type of `schema`, have the form of `schema` as well. A `"safe"` integer
 * is a number or a bigint.
 */
export function hasForm(schema: AnySchema, value: unknown): boolean {
  const known = bare(schema);
  switch (known.kind) {
    case "int":
    case "uint":
      return known.as === "safe" || typeof value === known.as;
    case "optional":
      return value === undefined || hasForm(known.elem, value);
    case "slice":
    case "array":
      return Array.isArray(value) && value.every((item) => hasForm(known.elem, item));
    case "map":
      return entriesOf(value).every(
        ([key, item]) => hasForm(known.key, key) && hasForm(known.elem, item),
      );
    case "struct":
      return (
        known.empty === true ||
        structFields(known).every(
          ({ key, schema: of, isOptional }) =>
            (isOptional && Reflect.get(value as object, key) === undefined) ||
            hasForm(of, Reflect.get(value as object, key)),
        )
      );
    default:
      return true;
  }
}

const entriesOf = (value: unknown): readonly (readonly [unknown, unknown])[] =>
  value instanceof Map ? [...value] : isObject(value) ? Object.entries(value) : [];
