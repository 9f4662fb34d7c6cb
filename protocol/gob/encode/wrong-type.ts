/** How encoders refuse a value of another kind than its schema. */
import type { AnySchema } from "../../schema/index.js";
import { fail, shapeOf } from "../failure.js";
import { goType } from "../type/go-type.js";
import { spell } from "../type/spell.js";

/** Throws that `value` is no `typeName`. */
export function failType(typeName: string, value: unknown): never {
  return fail("bad-value", `want ${typeName}, got ${shapeOf(value)}`, { typeName });
}

/** The same by the schema's Go type. */
export function failSchema(schema: AnySchema, value: unknown): never {
  return failType(spellSchema(schema), value);
}

/** Go's spelling of a schema's type. */
export const spellSchema = (schema: AnySchema): string => spell(goType(schema));
