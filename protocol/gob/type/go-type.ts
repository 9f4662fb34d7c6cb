/**
 * Schemas as Go types. Several schemas can stand for one Go type, and names, references and codecs do not show
 * on the wire at all. Ids, definitions, names and error texts are therefore made from the nodes built here.
 */
import { schemaProblem } from "../../schema/check.js";
import type { AnySchema, MarshalerForm } from "../../schema/index.js";
import {
  type BareSchema,
  bare,
  type KnownNamed,
  type KnownSchema,
  resolveLazy,
} from "../../schema/known.js";
import { fail } from "../failure.js";
import { declaredName } from "./go-name.js";
import { structFields } from "./struct-fields.js";

/** What a Go type is made of. The types with GobEncode or MarshalBinary are a kind of their own. */
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

/** A field of a Go struct. */
export interface GoField {
  /** The name in Go. */
  readonly name: string;
  /** The type of the field. */
  readonly type: GoType;
  /** An embedded struct, which Go's source names by its type alone. */
  readonly isEmbedded: boolean;
}

/**
 * The Go type that a schema stands for. The parts are filled in after the node exists, because a type can
 * contain itself.
 */
export interface GoType {
  /** What the type is made of. */
  readonly kind: GoKind;
  /** The declared name as far as it is known, `main.Point` or `Point`; empty for unnamed types. */
  readonly name: string;
  /** The predeclared type below a scalar's name: `uint8`. */
  readonly basic: string;
  /** Of slices, arrays, maps and pointers; of a marshaler, the type below its methods. */
  elem: GoType | undefined;
  /** Of maps. */
  key: GoType | undefined;
  /** Of arrays, else 0. */
  readonly length: number;
  /** Of structs, in Go's order. */
  fields: readonly GoField[];
  /** Which method a marshaler has. */
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
    // A later call must not find the node that was built in part.
    known.delete(schema);
    throw error;
  }
}

/**
 * @param owner - the schema under which the node is registered before its parts are built, so that a part
 *   that refers to the type finds it. For a declared type this is the schema that gives the name.
 */
function build(schema: KnownSchema, owner: AnySchema = schema, name = ""): GoType {
  const compose = (type: GoType, elem?: AnySchema, key?: AnySchema): GoType => {
    known.set(owner, type);
    if (key !== undefined) type.key = goType(key);
    if (elem !== undefined) type.elem = goType(elem);
    return type;
  };
  switch (schema.kind) {
    case "bool":
    case "string":
      return predeclared(schema.kind, schema.kind, name);
    case "int":
    case "uint":
      return predeclared(schema.kind, schema.go, name);
    case "float":
    case "complex":
      return predeclared(schema.kind, `${schema.kind}${schema.bits}`, name);
    case "rawString":
      return predeclared("string", "string", name);
    case "bytes":
      return name === "" ? BYTES : node("bytes", name);
    case "interface": {
      const own = name === "" && "types" in schema ? schema.go : name;
      return own === "" ? INTERFACE : node("interface", own);
    }
    case "field":
    case "embedded":
      return goType(schema.schema);
    case "named":
      return declare(schema, owner);
    case "lazy":
      return goType(resolveLazy(schema));
    case "codec":
      return name === "" ? goType(schema.wire) : build(schema.wire as KnownSchema, owner, name);
    case "optional":
      return compose(node("pointer"), schema.elem);
    case "slice": {
      const type = compose(node("slice", name), schema.elem);
      // [GOB-5] A slice of any byte type is bytes.
      return type.elem?.basic === "uint8" ? build({ kind: "bytes" }, owner, name) : type;
    }
    case "array":
      return compose(node("array", name, { length: schema.length }), schema.elem);
    case "map":
      return compose(node("map", name), schema.elem, schema.key);
    case "struct": {
      const type = compose(node("struct", schema.name || name));
      type.fields = structFields(schema).map(({ go, schema: of, isEmbedded }) => {
        return { name: go, type: goType(of), isEmbedded };
      });
      return type;
    }
    case "marshaler": {
      const own = declaredName(schema.name) || name;
      return compose(node("marshaler", own, { form: schema.form }), schema.underlying);
    }
    default:
      return failUnknown(schema);
  }
}

/** A declared type, unless the inner schema has a name already, or the name is Go's spelling of an unnamed type. */
function declare(schema: KnownNamed, owner: AnySchema): GoType {
  const inner = schema.schema as KnownSchema;
  const hasName = (inner.kind === "struct" || inner.kind === "marshaler") && inner.name !== "";
  const name = declaredName(schema.name);
  return name === "" || hasName ? goType(inner) : build(inner, owner, name);
}

function predeclared(kind: GoKind, basic: string, name: string): GoType {
  if (name !== "") return node(kind, name, { basic });
  let type = PREDECLARED.get(basic);
  if (type === undefined) {
    type = node(kind, basic, { basic });
    PREDECLARED.set(basic, type);
  }
  return type;
}

/** The schema below names and pointers, which do not show on the wire. */
export function belowPointers(schema: AnySchema): BareSchema {
  let known = bare(schema);
  while (known.kind === "optional") known = bare(known.elem);
  return known;
}

/** The type below all pointers. @throws for a pointer type that points to itself only. */
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

/** The name of the outermost Go type, with which the path in an error text begins. Empty if it has none. */
export function rootName(schema: AnySchema): string {
  try {
    return baseType(goType(schema)).name;
  } catch {
    return "";
  }
}

/** For the end of a switch over all kinds of schemas: refuses an object that is not a schema. */
export function failUnknown(schema: never): never {
  const { kind } = schema as AnySchema;
  return fail("bad-value", schemaProblem(schema) ?? `not a schema that gob knows: ${kind}`);
}
