/** Which schemas call users' code while a value is decoded. */
import type { AnySchema } from "../../schema/index.js";
import { bare, type KnownSchema } from "../../schema/known.js";
import { valueFields } from "./struct-fields.js";

/**
 * Schemas known to hold no codec. The schemas of a peer's types can form a long chain, and the question is
 * asked for each of its parts: without this table the answers would take quadratic time.
 */
const withoutCodec = new WeakSet<KnownSchema>();

/** Whether values of a schema pass through a user's codec, which can have side effects. */
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
    case "interface":
      return "types" in known && known.types.some((type) => findCodec(type.schema, seen));
    case "struct":
      return valueFields(known).some((field) => findCodec(field.schema, seen));
    default:
      return false;
  }
}
