import type { AnySchema } from "../schema/index.js";
import { bare, isOptional, type KnownSchema, type KnownStruct } from "../schema/known.js";
import { refuse } from "./mismatch.js";

export interface PlainField {
  /** The key in TypeScript. */
  readonly key: string;
  /** The name on the wire. */
  readonly name: string;
  readonly schema: AnySchema;
  /** The key may be missing. */
  readonly isOptional: boolean;
}

/** The fields of a struct under their names on the wire, which tags may have set to anything. */
export function plainFields(schema: KnownStruct): readonly PlainField[] {
  const fields = Object.keys(schema.fields).map((key): PlainField => {
    const of = schema.fields[key] as KnownSchema;
    const [name, inner] = of.kind === "field" ? [of.go, of.schema] : [key, of];
    return { key, name, schema: inner, isOptional: isOptional(inner) };
  });
  if (new Set(fields.map(({ name }) => name)).size < fields.length) {
    refuse("bad-value", `struct ${schema.name} has two fields of one name`);
  }
  return fields;
}

/** Go's `[]byte` and `[N]byte`: a uint8 as element. */
export function isByte(elem: AnySchema): boolean {
  const schema = bare(elem);
  return schema.kind === "uint" && schema.bits === 8;
}

/** What a struct is called in a path; other types go without. */
export const rootName = (schema: AnySchema): string => {
  const known = bare(schema);
  return known.kind === "struct" ? known.name : "";
};
