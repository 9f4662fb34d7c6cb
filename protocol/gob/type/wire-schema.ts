/** Schemas made from a peer's definitions, for values whose type is not known here. */
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
  marshaler,
  opaque,
  optional,
  slice,
  string,
  struct,
  uint,
} from "../../schema/index.js";
import { Time } from "../../schema/time.js";
import { decodeTime, encodeTime } from "../../schema/time-schema.js";
import { fail } from "../failure.js";
import { settle } from "./known-graphs.js";
import type { TypeTable } from "./type-table.js";
import type { WireKind, WireType } from "./wire-type.js";

/** Whether the interfaces in a value decode to plain values or to values that keep their type. */
type InterfaceForm = "plain" | "dynamic";

const caches: Record<InterfaceForm, WeakMap<WireType, AnySchema>> = {
  plain: new WeakMap(),
  dynamic: new WeakMap(),
};

/**
 * A type `Time` that makes its own bytes: most likely Go's. Bytes that are not those of a time stay bytes, and what is
 * decoded is encoded to the same bytes in any case.
 */
const TIME = marshaler<Time | Uint8Array, Time | Uint8Array>({
  name: "Time",
  encode: (value) => (value instanceof Time ? encodeTime(value) : value),
  decode: (bytes) => timeOf(bytes) ?? bytes,
  zero: () => Time.zero,
});

/** The same, for a field that may be absent. In a key of a map its bytes are asked for even then. */
const TIME_FIELD = {
  ...TIME,
  optional: true,
  encode: (value: Time | Uint8Array | undefined) =>
    value === undefined ? new Uint8Array(0) : TIME.encode(value),
};

function timeOf(bytes: Uint8Array): Time | undefined {
  try {
    const time = decodeTime(bytes);
    return Buffer.compare(encodeTime(time), bytes) === 0 ? time : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A struct field of these kinds is absent only where Go has a nil pointer or a nil map. Its schema is optional,
 * so that an absent field stays absent when the value is encoded again.
 */
const NILABLE: ReadonlySet<WireKind> = new Set(["struct", "array", "map", "gob", "binary"]);

/**
 * The schema that a peer's type describes. Widths are not on the wire, so integers are 64 bits wide;
 * marshalers are opaque bytes, except for times. A value that was decoded with such a schema can be encoded again.
 *
 * @param form - what interfaces inside the value become.
 * @throws for a type that is not defined in all its parts, or has no kind.
 */
export function wireSchema(types: TypeTable, wire: WireType, form: InterfaceForm): AnySchema {
  return caches[form].get(wire) ?? makeSchema(types, settle(types, wire), form);
}

function makeSchema(types: TypeTable, wire: WireType, form: InterfaceForm): AnySchema {
  const cache = caches[form];
  const known = cache.get(wire);
  if (known !== undefined) return known;
  // A type that contains itself finds this entry, and resolves it when the schema is complete.
  cache.set(
    wire,
    lazy(() => cache.get(wire) as AnySchema),
  );
  try {
    const schema = build(types, wire, form);
    cache.set(wire, schema);
    return schema;
  } catch (error) {
    cache.delete(wire);
    throw error;
  }
}

function build(types: TypeTable, wire: WireType, form: InterfaceForm): AnySchema {
  const part = (id: number) => wireSchema(types, typeOf(types, id), form);
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
      return form === "plain" ? any() : dynamic();
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
      return wire.kind === "gob" && wire.name === "Time" ? TIME : opaque(wire.name, wire.kind);
    case "text":
    case "none":
      return fail("corrupt", `definition of type ${wire.id} is of no kind that holds values`);
  }
}

/** Go only sends exported fields, and ignores others on receipt. So does this. */
function fieldSchemas(
  types: TypeTable,
  wire: WireType,
  part: (id: number) => AnySchema,
): Record<string, AnySchema> {
  const fields: Record<string, AnySchema> = {};
  for (const { name, id } of wire.fields) {
    if (!/^\p{Lu}/u.test(name)) continue;
    const schema = part(id);
    fields[name] = nilable(schema, typeOf(types, id).kind);
  }
  return fields;
}

/** A pointer to a time would lose the name of its type, so that the next receiver would not know it for a time. */
function nilable(schema: AnySchema, kind: WireKind): AnySchema {
  if (schema === TIME) return TIME_FIELD;
  return NILABLE.has(kind) ? optional(schema) : schema;
}

function typeOf(types: TypeTable, id: number): WireType {
  return (
    types.get(id) ?? fail("corrupt", `gob: bad data: undefined type ${id}`, { isGoText: true })
  );
}
