/** The types that `registered` and `oneOf` name, wherever they are in a schema. */
import { fieldsOf } from "./fields.js";
import { type BareSchema, bare } from "./known.js";
import type { RegisteredType } from "./registered.js";
import type { AnySchema } from "./schema.js";

/** All types that interfaces in `schemas` name. References are followed. */
export function registeredIn(schemas: Iterable<AnySchema>): readonly RegisteredType[] {
  const seen = new Set<BareSchema>();
  const found: RegisteredType[] = [];
  const queue = [...schemas];
  for (let schema = queue.pop(); schema !== undefined; schema = queue.pop()) {
    const known = bare(schema);
    if (seen.has(known)) continue;
    seen.add(known);
    const types = known.kind === "interface" && "types" in known ? known.types : [];
    found.push(...types);
    queue.push(...partsOf(known), ...types.map((type) => type.schema));
  }
  return found;
}

function partsOf(schema: BareSchema): readonly AnySchema[] {
  switch (schema.kind) {
    case "optional":
    case "slice":
    case "array":
      return [schema.elem];
    case "map":
      return [schema.key, schema.elem];
    case "struct":
      return fieldsOf(schema).map((field) => field.schema);
    case "codec":
      return [schema.wire];
    default:
      return [];
  }
}
