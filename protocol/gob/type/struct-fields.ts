import type { AnySchema } from "../../schema/index.js";
import { bare, isOptional, type KnownSchema, type KnownStruct } from "../../schema/known.js";
import { fail } from "../failure.js";

export interface StructField {
  /** The key in TypeScript. */
  readonly key: string;
  /** The name in Go and on the wire. */
  readonly go: string;
  readonly schema: AnySchema;
  /** The key may be missing. */
  readonly isOptional: boolean;
}

const EXPORTED = /^\p{Lu}/u;
const fieldsOf = new WeakMap<KnownStruct, readonly StructField[]>();

/**
 * The fields of a struct. Getters are read once, so that each field keeps one schema.
 *
 * [GOB-14] Go sends exported fields only, and cannot have two of one name.
 */
export function structFields(schema: KnownStruct): readonly StructField[] {
  let fields = fieldsOf.get(schema);
  if (fields === undefined) {
    fields = Object.keys(schema.fields).map((key) => toField(schema, key));
    fieldsOf.set(schema, fields);
    if (new Set(fields.map(({ go }) => go)).size < fields.length) {
      fieldsOf.delete(schema);
      fail("bad-value", `struct ${schema.name} has two fields of one Go name`);
    }
  }
  return fields;
}

function toField(struct: KnownStruct, key: string): StructField {
  const of = struct.fields[key] as KnownSchema;
  const [go, schema] = of.kind === "field" ? [of.go, of.schema] : [key, of];
  if (!EXPORTED.test(go)) {
    const hint = `field("${key.charAt(0).toUpperCase()}${key.slice(1)}", …)`;
    fail("bad-value", `struct ${struct.name}: Go does not export ${go}; name it: ${hint}`);
  }
  return { key, go, schema, isOptional: isOptional(schema) };
}

/** Schemas known to hold no codec: a peer's types can be a long chain, of which each part is asked for. */
const withoutCodec = new WeakSet<KnownSchema>();

/** Whether values of a schema pass through users' code that can act on them. */
export function hasCodec(schema: AnySchema): boolean {
  const seen = new Set<KnownSchema>();
  const isFound = findCodec(schema, seen);
  if (!isFound) for (const part of seen) withoutCodec.add(part);
  return isFound;
}

function findCodec(schema: AnySchema, seen: Set<KnownSchema>): boolean {
  const known = bare(schema);
  if (seen.has(known) || withoutCodec.has(known)) return false;
  seen.add(known);
  switch (known.kind) {
    case "codec":
      return true;
    case "optional":
    case "slice":
    case "array":
      return findCodec(known.elem, seen);
    case "map":
      return findCodec(known.key, seen) || findCodec(known.elem, seen);
    case "struct":
      return structFields(known).some((field) => findCodec(field.schema, seen));
    default:
      return false;
  }
}
