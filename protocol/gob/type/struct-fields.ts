import { fieldsOf, hasTwins, type StructField } from "../../schema/fields.js";
import type { AnySchema } from "../../schema/index.js";
import { bare, type KnownSchema, type KnownStruct } from "../../schema/known.js";
import { fail } from "../failure.js";

const EXPORTED = /^\p{Lu}/u;
const checked = new WeakSet<KnownStruct>();

/** [GOB-14] The fields of a struct. Go sends exported fields only, and cannot have two of one name. */
export function structFields(schema: KnownStruct): readonly StructField[] {
  const fields = fieldsOf(schema);
  if (checked.has(schema)) return fields;
  for (const { key, go } of fields) {
    if (!EXPORTED.test(go)) {
      const hint = `field("${key.charAt(0).toUpperCase()}${key.slice(1)}", …)`;
      fail("bad-value", `struct ${schema.name}: Go does not export ${go}; name it: ${hint}`);
    }
  }
  if (hasTwins(fields)) {
    fail("bad-value", `struct ${schema.name} has two fields of one Go name`);
  }
  checked.add(schema);
  return fields;
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
