/** The fields of a struct schema as a list, for the codecs to compile. */
import type { KnownSchema, KnownStruct } from "./known.js";
import type { AnySchema } from "./schema.js";

/** One field of a struct. */
export interface StructField {
  /** The key in TypeScript. */
  readonly key: string;
  /** The name in Go and on the wire: the key, unless `field` gave another. */
  readonly go: string;
  /** Its type. */
  readonly schema: AnySchema;
  /** The key may be missing. */
  readonly isOptional: boolean;
  /** The fields of its struct are promoted: see `selectors.ts`. */
  readonly isEmbedded: boolean;
}

const lists = new WeakMap<KnownStruct, readonly StructField[]>();

/**
 * The fields in the schema's order. The result is kept: a recursive struct names itself in a getter, which
 * makes a new schema at each look, and codecs know schemas by identity.
 */
export function fieldsOf(struct: KnownStruct): readonly StructField[] {
  let fields = lists.get(struct);
  if (fields === undefined) {
    fields = Object.keys(struct.fields).map((key) =>
      toField(key, struct.fields[key] as KnownSchema),
    );
    lists.set(struct, fields);
  }
  return fields;
}

function toField(key: string, of: KnownSchema): StructField {
  const [go, schema] = of.kind === "field" ? [of.go, of.schema] : [key, of];
  const isEmbedded = schema.kind === "embedded";
  return { key, go, schema, isOptional: isOptional(schema), isEmbedded };
}

/** The mark may be on the schema or below its names, as in `named("main.A", optional(…))`. */
const isOptional = (schema: AnySchema & { optional?: boolean; schema?: AnySchema }): boolean =>
  schema.optional === true || (schema.schema !== undefined && isOptional(schema.schema));

/** Whether two fields have one name on the wire. */
export const hasTwins = (fields: readonly StructField[]): boolean =>
  new Set(fields.map(({ go }) => go)).size < fields.length;
