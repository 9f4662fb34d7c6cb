import type { AnySchema } from "../schema/index.js";
import { keyText } from "./compile-encoder.js";
import { interfaceDecoder } from "./decode-interface.js";
import { scalarDecoder } from "./decode-scalar.js";
import { structDecoder } from "./decode-struct.js";
import { at, fail } from "./failure.js";
import { spell, wireName } from "./go-name.js";
import { baseType, failUnknown, goType } from "./go-type.js";
import {
  bare,
  type KnownArray,
  type KnownCodec,
  type KnownMap,
  type KnownMarshaler,
  type KnownSchema,
  type KnownSlice,
  type KnownStruct,
  structFields,
} from "./known-schema.js";
import type { MessageReader } from "./message-reader.js";
import type { TypeTable } from "./type-table.js";
import type { WireType } from "./wire-type.js";
import { setKey } from "./zero.js";

/** Reads one value; what it can be merged with is changed and returned. */
export type Decode = (r: MessageReader, into: unknown) => unknown;

/** Thrown where a schema and a wire type do not fit; the next struct field, or the top, says so. */
const INCOMPATIBLE: unique symbol = Symbol("gob.incompatible");

/**
 * [GOB-21] The decoder of a schema for values of one wire type, made once and before any data is
 * looked at: a mismatch is found even where no value is present.
 *
 * @param pointer - what Go would decode into: `*` for a pointer at the top, empty in an interface.
 */
export function compileDecoder(
  r: MessageReader,
  schema: AnySchema,
  wire: WireType | undefined,
  pointer: "*" | "",
): Decode {
  const known = wire?.tops.get(schema) as Decode | undefined;
  if (known !== undefined) return known;
  try {
    const decode = compile(r.types, schema, wire);
    refuseNoMatch(bare(schema), wire);
    wire?.tops.set(schema, decode);
    return decode;
  } catch (error) {
    throw error === INCOMPATIBLE ? mismatch(r, schema, wire, pointer) : error;
  }
}

const compileInner = (r: MessageReader, schema: AnySchema, wire: WireType): Decode =>
  compileDecoder(r, schema, wire, "");

function compile(types: TypeTable, schema: AnySchema, wire: WireType | undefined): Decode {
  if (wire === undefined) return incompatible();
  const known = wire.compiled.get(schema) as { decode: Decode } | undefined;
  // A recursive type meets itself: the decoder is looked up when it runs.
  if (known !== undefined) return known.decode ?? ((r, into) => known.decode(r, into));
  const entry = {} as { decode: Decode };
  wire.compiled.set(schema, entry);
  try {
    entry.decode = build(types, bare(schema), wire);
    return entry.decode;
  } catch (error) {
    wire.compiled.delete(schema);
    throw error;
  }
}

function build(types: TypeTable, schema: KnownSchema, wire: WireType): Decode {
  const part = (of: AnySchema, id: number) => compile(types, of, types.get(id));
  switch (schema.kind) {
    case "bool":
    case "int":
    case "uint":
    case "float":
    case "complex":
    case "string":
    case "bytes":
      return wire.kind === schema.kind ? scalarDecoder(schema) : incompatible();
    case "interface":
      return wire.kind === "interface"
        ? interfaceDecoder(schema.form, compileInner)
        : incompatible();
    case "optional":
      return compile(types, schema.elem, wire);
    case "slice":
      return buildSlice(schema, wire, part);
    case "array":
      if (wire.kind !== "array" || wire.length !== schema.length) return incompatible();
      return arrayDecoder(schema, part(schema.elem, wire.elem));
    case "map":
      if (wire.kind !== "map") return incompatible();
      return mapDecoder(schema, part(schema.key, wire.key), part(schema.elem, wire.elem));
    case "struct":
      if (wire.kind !== "struct") return incompatible();
      return structDecoder(schema, wire, fieldCompiler(types, wire));
    case "codec":
      return codecDecoder(schema, compile(types, schema.wire, wire));
    case "marshaler":
      return wire.kind === schema.form ? marshalerDecoder(schema) : incompatible();
    case "field":
    case "named":
    case "lazy":
      return compile(types, bare(schema), wire);
    default:
      return failUnknown(schema);
  }
}

function incompatible(): never {
  throw INCOMPATIBLE;
}

/** [GOB-23] A field with a known name has to fit, even where it is absent. */
function fieldCompiler(types: TypeTable, struct: WireType) {
  return (schema: AnySchema, name: string, id: number): Decode => {
    const wire = types.get(id);
    try {
      return compile(types, schema, wire);
    } catch (error) {
      if (error !== INCOMPATIBLE) throw error;
      const local = spell(goType(schema));
      const text = `gob: wrong type (${local}) for received field ${struct.name}.${name}`;
      return fail("type-mismatch", `${text} (wire has ${describeWire(wire, id)})`, {
        isGoText: true,
        typeName: local,
      });
    }
  };
}

function buildSlice(
  schema: KnownSlice,
  wire: WireType,
  part: (of: AnySchema, id: number) => Decode,
): Decode {
  if (goType(schema).kind === "bytes") return wire.kind === "bytes" ? byteArray : incompatible();
  if (wire.kind !== "slice") return incompatible();
  return sliceDecoder(part(schema.elem, wire.elem));
}

/** A slice of uint8 as an array of numbers. */
const byteArray: Decode = (r) => [...r.blob()];

/** [GOB-18] [GOB-24] An array given to merge into is reused if it is long enough. */
function sliceDecoder(elem: Decode): Decode {
  return (r, into) => {
    const count = r.uint();
    const out = Array.isArray(into) && into.length >= count ? into : [];
    readElements(r, elem, count, out);
    out.length = count;
    return out;
  };
}

function arrayDecoder(schema: KnownArray, elem: Decode): Decode {
  return (r, into) => {
    const count = r.uint();
    if (count !== schema.length) {
      fail("corrupt", "gob: length mismatch in decodeArray", { offset: r.offset, isGoText: true });
    }
    const out = Array.isArray(into) && into.length === count ? into : [];
    readElements(r, elem, count, out);
    return out;
  };
}

/**
 * The count is the peer's: nothing is allocated by it. Every element takes at least a byte, so a
 * count that lies runs out of data.
 */
function readElements(r: MessageReader, elem: Decode, count: number, out: unknown[]): void {
  let i = 0;
  const merged = out.length;
  r.enter();
  try {
    for (; i < count; i++) {
      const value = elem(r, i < merged ? out[i] : undefined);
      if (i < out.length) out[i] = value;
      else out.push(value);
    }
  } catch (error) {
    throw at(error, `[${i}]`);
  }
  r.depth--;
}

/** [GOB-19] [GOB-24] Entries are added to a map given to merge into; an equal key is replaced. */
function mapDecoder(schema: KnownMap, key: Decode, elem: Decode): Decode {
  const isMap = schema.form === "map";
  return (r, into) => {
    const count = r.uint();
    const out = (into ?? (isMap ? new Map() : Object.create(null))) as object;
    r.enter();
    let name: unknown;
    let i = 0;
    try {
      for (; i < count; i++) {
        name = undefined;
        name = key(r, undefined);
        const value = elem(r, undefined);
        if (isMap) (out as Map<unknown, unknown>).set(name, value);
        else setKey(out, name as string, value);
      }
    } catch (error) {
      throw at(error, name === undefined ? `[key ${i}]` : `[${keyText(name)}]`);
    }
    r.depth--;
    return out;
  };
}

const codecDecoder =
  (schema: KnownCodec, wire: Decode): Decode =>
  (r) =>
    schema.decode(wire(r, undefined), r.context);

const marshalerDecoder =
  (schema: KnownMarshaler): Decode =>
  (r) =>
    schema.decode(r.blob());

/** [GOB-23] Structs that share no field are taken for a mistake, at the top and behind interfaces. */
function refuseNoMatch(schema: KnownSchema, wire: WireType | undefined): void {
  let target = schema;
  while (target.kind === "optional" || target.kind === "codec") {
    target = bare(target.kind === "codec" ? target.wire : target.elem);
  }
  if (target.kind !== "struct" || wire === undefined || wire.fields.length === 0) return;
  const names = new Set(structFields(target as KnownStruct).map((field) => field.go));
  if (names.size === 0 || wire.fields.some((field) => names.has(field.name))) return;
  const local = wireName(target.name);
  const facts = `wire has ${describeWire(wire, wire.id)} with ${fieldList(wire)}`;
  const text = `gob: type mismatch: no fields matched compiling decoder for ${local}`;
  fail("type-mismatch", `${text} (${facts})`, { isGoText: true, typeName: local });
}

function fieldList(wire: WireType): string {
  const names = wire.fields.slice(0, 8).map((field) => field.name);
  return names.join(", ") + (wire.fields.length > 8 ? ", …" : "");
}

/** [GOB-32] Go's words for the three ways in which a whole value does not fit. */
function mismatch(
  r: MessageReader,
  schema: AnySchema,
  wire: WireType | undefined,
  pointer: "*" | "",
): unknown {
  const type = baseType(goType(schema));
  const local = spell(type);
  const remote = describeWire(wire, 0);
  let text = `gob: decoding into local type ${pointer}${local}, received remote type ${remote}`;
  if (type.kind === "struct") {
    if (wire === undefined) text = "gob: unknown type id or corrupted data";
    else text = `gob: type mismatch in decoder: want struct type ${local}; got non-struct`;
  } else if (type.kind === "interface") {
    text = `gob: local interface type ${pointer}${local} can only be decoded from remote interface type; received concrete type ${remote}`;
  }
  const facts = { isGoText: true, typeName: local, offset: r.offset };
  try {
    return fail("type-mismatch", text, facts);
  } catch (failure) {
    return failure;
  }
}

/** A remote type for error texts: its name, or else its kind. */
function describeWire(wire: WireType | undefined, id: number): string {
  if (wire === undefined) return id === 0 ? "unknown" : `undefined type ${id}`;
  if (wire.name !== "") return wire.name;
  return wire.kind === "none" ? `type ${wire.id} without a kind` : wire.kind;
}
