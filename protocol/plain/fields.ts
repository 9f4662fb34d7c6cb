/** Questions that the encoders and decoders of plain formats ask about a schema. */
import { fail } from "../schema/failure.js";
import { fieldsOf, hasTwins, type StructField } from "../schema/fields.js";
import type { AnySchema, ExtensionSchema } from "../schema/index.js";
import { type BareSchema, bare, type KnownStruct } from "../schema/known.js";

/** The schemas of these formats: msgpack has a kind that gob lacks. */
export type PlainSchema = BareSchema | ExtensionSchema;

/** The fields of a struct. Unlike gob's they may have any name, because Go's tags may set any. */
export function plainFields(schema: KnownStruct): readonly StructField[] {
  const fields = fieldsOf(schema);
  if (hasTwins(fields)) fail("bad-value", `struct ${schema.name} has two fields of one name`);
  return fields;
}

/** Whether a list of `elem` is Go's `[]byte` or `[N]byte`, which these formats write as bytes. */
export function isByte(elem: AnySchema): boolean {
  const schema = bare(elem);
  return schema.kind === "uint" && schema.bits === 8;
}

/** The name of a struct, which begins the path of an error; empty for other types. */
export function rootName(schema: AnySchema): string {
  const known = bare(schema);
  return known.kind === "struct" ? known.name : "";
}
