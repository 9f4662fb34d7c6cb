/**
 * Errors for a peer's type that does not fit the schema. Go's words come first, because Go programs compare them and
 * users search for them [GOB-32].
 */
import { Failure } from "../../schema/failure.js";
import type { AnySchema } from "../../schema/index.js";
import { selectorsOf } from "../../schema/selectors.js";
import { fail, type GobFacts } from "../failure.js";
import { shortName, wireName } from "../type/go-name.js";
import { baseType, belowPointers, goType } from "../type/go-type.js";
import { spell } from "../type/spell.js";
import { isExported } from "../type/struct-fields.js";
import type { WireType } from "../type/wire-type.js";
import type { Cursor } from "./cursor.js";

/** How many field names an error lists. */
const MAX_NAMES = 8;

/**
 * A whole value does not fit.
 *
 * @param wire - undefined for a type that was never defined.
 * @param pointer - how Go would write the target type: `*` at the top, empty behind an interface.
 */
export function failTop(
  c: Cursor,
  schema: AnySchema,
  wire: WireType | undefined,
  pointer: "*" | "",
): never {
  const type = baseType(goType(schema));
  if (type.kind === "struct") return failStruct(c, schema, wire);
  const local = spell(type);
  const remote = wire === undefined ? "undefined type" : describeWire(wire);
  const isInterface = type.kind === "interface";
  const text = isInterface
    ? `local interface type ${pointer}${local} can only be decoded from remote interface type; received concrete type ${remote}`
    : `decoding into local type ${pointer}${local}, received remote type ${remote}`;
  return fail(wire === undefined ? "corrupt" : "type-mismatch", `gob: ${text}`, {
    isGoText: true,
    typeName: local,
    offset: c.offset,
    got: remote,
    reason: isInterface ? "not-interface" : "kind",
  });
}

/** A struct is wanted, anywhere in a value, and the peer has another type. */
export function failStruct(c: Cursor, schema: AnySchema, wire: WireType | undefined): never {
  const typeName = spell(baseType(goType(schema)));
  const facts = { isGoText: true, typeName, offset: c.offset };
  if (wire === undefined) return fail("corrupt", "gob: unknown type id or corrupted data", facts);
  const got = describeWire(wire);
  const text = `gob: type mismatch in decoder: want struct type ${typeName}; got non-struct`;
  return fail("type-mismatch", `${text} (wire has ${got})`, {
    ...facts,
    got,
    reason: "not-struct",
  });
}

/** The failure of a struct field that does not fit. */
export function wrongField(
  c: Cursor,
  struct: WireType,
  schema: AnySchema,
  name: string,
  wire: WireType | undefined,
): Failure<GobFacts> {
  const typeName = spell(goType(schema));
  const text = `gob: wrong type (${typeName}) for received field ${shortName(struct.name)}.${name}`;
  const got = wire === undefined ? "an undefined type" : describeWire(wire);
  return new Failure("type-mismatch", `${text} (wire has ${got})`, {
    isGoText: true,
    typeName,
    offset: c.offset,
    got,
    reason: "field",
  });
}

/** [GOB-23] Whole values of structs that share no field name are refused, as in Go: most likely the type is wrong. */
export function refuseNoMatch(c: Cursor, schema: AnySchema, wire: WireType): void {
  const type = baseType(goType(schema));
  if (type.kind !== "struct" || type.fields.length === 0 || wire.fields.length === 0) return;
  const names = new Set(type.fields.map((field) => field.name));
  if (wire.fields.some(({ name }) => names.has(name) || isPromoted(schema, name))) return;
  const typeName = wireName(type.name);
  const text = `gob: type mismatch: no fields matched compiling decoder for ${typeName}`;
  fail("type-mismatch", `${text} (wire has ${list(wire)}; want ${[...names].join(", ")})`, {
    isGoText: true,
    typeName,
    offset: c.offset,
    got: describeWire(wire),
    reason: "no-fields",
  });
}

/** [GOB-47] */
function isPromoted(of: AnySchema, name: string): boolean {
  const struct = belowPointers(of);
  if (struct.kind !== "struct" || !isExported(name)) return false;
  return selectorsOf(struct).get(name)?.isAmbiguous === false;
}

function list(wire: WireType): string {
  const names = wire.fields.slice(0, MAX_NAMES).map((field) => shortName(field.name));
  return names.join(", ") + (wire.fields.length > MAX_NAMES ? ", …" : "");
}

/** A peer's type: its name, or its kind if it has none. */
function describeWire(wire: WireType): string {
  if (wire.name !== "") return shortName(wire.name);
  return wire.kind === "none" ? `type ${wire.id} without a kind` : wire.kind;
}
