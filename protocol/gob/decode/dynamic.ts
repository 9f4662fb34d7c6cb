import {
  type AnySchema,
  any,
  array,
  bool,
  bytes,
  complex128,
  dynamic,
  float64,
  int,
  lazy,
  map,
  opaque,
  optional,
  slice,
  string,
  struct,
  uint,
} from "../../schema/index.js";
import { fail } from "../failure.js";
import type { TypeTable } from "../type/type-table.js";
import type { WireKind, WireType } from "../type/wire-type.js";

/** Whether interfaces inside decode to plain values or to ones that keep their type. */
export type Flavour = "plain" | "dynamic";

const caches: Record<Flavour, WeakMap<WireType, AnySchema>> = {
  plain: new WeakMap(),
  dynamic: new WeakMap(),
};

/** A struct field of these kinds is left out only where Go has a nil pointer or a nil map. */
const NILABLE: ReadonlySet<WireKind> = new Set(["struct", "array", "map", "gob", "binary"]);

/**
 * The schema that a peer's type describes by itself: widths are unknown, so integers are 64 bits
 * wide, and marshalers are opaque. What it decodes encodes again to the same value.
 */
export function wireSchema(types: TypeTable, wire: WireType, flavour: Flavour): AnySchema {
  const cache = caches[flavour];
  const known = cache.get(wire);
  if (known !== undefined) return known;
  // Types that contain themselves meet this one and resolve it later.
  cache.set(
    wire,
    lazy(() => cache.get(wire) as AnySchema),
  );
  try {
    const schema = build(types, wire, flavour);
    cache.set(wire, schema);
    return schema;
  } catch (error) {
    cache.delete(wire);
    throw error;
  }
}

function build(types: TypeTable, wire: WireType, flavour: Flavour): AnySchema {
  const part = (id: number) => wireSchema(types, typeOf(types, id), flavour);
  switch (wire.kind) {
    case "bool":
      return bool();
    case "int":
      return int({ as: "safe" });
    case "uint":
      return uint({ as: "safe" });
    case "float":
      return float64();
    case "complex":
      return complex128();
    case "string":
      return string();
    case "bytes":
      return bytes();
    case "interface":
      return flavour === "plain" ? any() : dynamic();
    case "array":
      return array(wire.length, part(wire.elem));
    case "slice":
      return slice(part(wire.elem));
    case "map":
      return map(part(wire.key), part(wire.elem));
    case "struct":
      return struct(wire.name, fieldSchemas(types, wire, part));
    case "gob":
    case "binary":
      return opaque(wire.name, wire.kind);
    case "text":
    case "none":
      return fail("corrupt", `definition of type ${wire.id} is of no kind that holds values`);
  }
}

/** Fields that Go could not have sent are left out, as Go leaves them out on receipt. */
function fieldSchemas(
  types: TypeTable,
  wire: WireType,
  part: (id: number) => AnySchema,
): Record<string, AnySchema> {
  const fields: Record<string, AnySchema> = {};
  for (const { name, id } of wire.fields) {
    if (!/^\p{Lu}/u.test(name)) continue;
    const schema = part(id);
    fields[name] = NILABLE.has(typeOf(types, id).kind) ? optional(schema) : schema;
  }
  return fields;
}

function typeOf(types: TypeTable, id: number): WireType {
  return (
    types.get(id) ?? fail("corrupt", `gob: bad data: undefined type ${id}`, { isGoText: true })
  );
}
