import type { AnySchema, MarshalerForm } from "../schema/index.js";
import { fail } from "./failure.js";
import { declaredName } from "./go-name.js";
import { type KnownSchema, resolveLazy, structFields } from "./known-schema.js";

export type GoKind =
  | "bool"
  | "int"
  | "uint"
  | "float"
  | "complex"
  | "string"
  | "bytes"
  | "interface"
  | "array"
  | "slice"
  | "map"
  | "struct"
  | "marshaler"
  | "pointer";

export interface GoField {
  readonly name: string;
  readonly type: GoType;
}

/**
 * The Go type that a schema stands for: what decides about definitions, ids and names. Parts are
 * filled in after the node exists, because types contain themselves.
 */
export interface GoType {
  readonly kind: GoKind;
  /** The declared name as far as it is known, `main.Point` or `Point`; empty for unnamed types. */
  readonly name: string;
  /** The predeclared type below a scalar's name: `uint8`. */
  readonly basic: string;
  /** Of slices, arrays, maps and pointers; of a marshaler, the type below its methods. */
  elem: GoType | undefined;
  key: GoType | undefined;
  readonly length: number;
  fields: readonly GoField[];
  readonly form: MarshalerForm;
}

const node = (kind: GoKind, name = "", more: Partial<GoType> = {}): GoType => ({
  kind,
  name,
  basic: "",
  elem: undefined,
  key: undefined,
  length: 0,
  fields: [],
  form: "gob",
  ...more,
});

const INTERFACE = node("interface");
const BYTES = node("bytes");
const PREDECLARED = new Map<string, GoType>();
const known = new WeakMap<AnySchema, GoType>();

/** The Go type of a schema, always the same node for the same schema. */
export function goType(schema: AnySchema): GoType {
  const found = known.get(schema);
  if (found !== undefined) return found;
  try {
    const type = build(schema as KnownSchema);
    known.set(schema, type);
    return type;
  } catch (error) {
    // A half-built node must not be taken for the type.
    known.delete(schema);
    throw error;
  }
}

function build(schema: KnownSchema): GoType {
  switch (schema.kind) {
    case "bool":
    case "string":
      return predeclared(schema.kind, schema.kind);
    case "int":
    case "uint":
      return predeclared(schema.kind, schema.go);
    case "float":
    case "complex":
      return predeclared(schema.kind, `${schema.kind}${schema.bits}`);
    case "bytes":
      return BYTES;
    case "interface":
      return INTERFACE;
    case "field":
      return goType(schema.schema);
    case "named":
      return declare(goType(schema.schema), declaredName(schema.name));
    case "lazy":
      return goType(resolveLazy(schema));
    case "codec":
      return goType(schema.wire);
    case "optional":
      return withParts(schema, node("pointer"), { elem: schema.elem });
    case "slice": {
      const type = withParts(schema, node("slice"), { elem: schema.elem });
      // [GOB-5] A slice of any byte type is bytes.
      return type.elem?.basic === "uint8" ? BYTES : type;
    }
    case "array":
      return withParts(schema, node("array", "", { length: schema.length }), { elem: schema.elem });
    case "map":
      return withParts(schema, node("map"), { key: schema.key, elem: schema.elem });
    case "struct": {
      const type = withParts(schema, node("struct", schema.name), {});
      type.fields = structFields(schema).map((of) => ({ name: of.go, type: goType(of.schema) }));
      return type;
    }
    case "marshaler": {
      const type = node("marshaler", declaredName(schema.name), { form: schema.form });
      return withParts(schema, type, { elem: schema.underlying });
    }
    default:
      return failUnknown(schema);
  }
}

/** Makes the node known before its parts are looked at, so that these may refer to it. */
function withParts(
  schema: AnySchema,
  type: GoType,
  parts: { elem?: AnySchema | undefined; key?: AnySchema },
): GoType {
  known.set(schema, type);
  if (parts.key !== undefined) type.key = goType(parts.key);
  if (parts.elem !== undefined) type.elem = goType(parts.elem);
  return type;
}

function predeclared(kind: GoKind, name: string): GoType {
  let type = PREDECLARED.get(name);
  if (type === undefined) {
    type = node(kind, name, { basic: name });
    PREDECLARED.set(name, type);
  }
  return type;
}

/** A declared type of another structure; what has a name of its own keeps it. */
function declare(type: GoType, name: string): GoType {
  const hasName = type.kind === "struct" || type.kind === "marshaler" ? type.name !== "" : false;
  if (name === "" || hasName || type.kind === "pointer" || type.kind === "interface") return type;
  return { ...type, name };
}

/** What stands below all pointers. */
export function baseType(type: GoType): GoType {
  let base = type;
  for (let depth = 0; base.kind === "pointer"; depth++) {
    if (depth > 100 || base.elem === undefined) {
      fail("bad-value", `can't represent recursive pointer type ${base.name}`);
    }
    base = base.elem;
  }
  return base;
}

export function failUnknown(schema: never): never {
  const kind = (schema as AnySchema | undefined)?.kind;
  return fail("bad-value", `not a schema that gob knows: ${String(kind ?? schema)}`);
}
