/** Schemas compiled to decoders for the formats without Go types, msgpack and JSON. */
import { COST } from "../bytes/cost.js";
import { CompiledSchemas, unready } from "../schema/compiled.js";
import { at, fail } from "../schema/failure.js";
import type { AnySchema } from "../schema/index.js";
import {
  type BareSchema,
  bare,
  type KnownArray,
  type KnownCodec,
  type KnownMap,
  type KnownMarshaler,
  type KnownOptional,
} from "../schema/known.js";
import { markNil } from "../schema/nil.js";
import { partCost } from "./budget.js";
import { failNode, type Read, scalarReader, toBytes } from "./decode-scalar.js";
import { type PlainDecoder, structReader } from "./decode-struct.js";
import { entryPart, failTwins } from "./failure.js";
import { isByte, type PlainSchema } from "./fields.js";
import type { PlainReader } from "./format.js";
import { knownTypesReader, onlyType } from "./known-types.js";

const decoders = new CompiledSchemas<PlainDecoder>(
  () => ({ read: unready }),
  (decoder, schema) => {
    decoder.read = compile(schema);
  },
);

/** The decoder of a schema. It throws Failures, and so does this function for a schema without a form here. */
export const plainDecoder = (schema: AnySchema): PlainDecoder => decoders.of(schema);

function compile(schema: PlainSchema): Read {
  switch (schema.kind) {
    case "extension":
      return (r, node) => r.extension(node) ?? failNode("extension", node);
    case "interface":
      if ("types" in schema) return knownTypesReader(schema, plainDecoder(onlyType(schema)));
      return schema.form === "plain" ? (r, node) => r.plain(node) : (r, node) => r.typed(node);
    case "optional":
      return optional(schema);
    case "slice":
      return isByte(schema.elem) ? byteList : slice(schema.elem);
    case "array":
      return array(schema);
    case "map":
      return mapOf(schema);
    case "struct":
      return structReader(schema, plainDecoder);
    case "codec":
      return codec(schema);
    case "marshaler":
      return marshaled(schema);
    default:
      return scalarReader(schema);
  }
}

const byteList: Read = (r, node) => {
  if (node === null) return markNil([]);
  const bytes = toBytes(r, node);
  r.budget.charge(COST.list + COST.place * bytes.length);
  return [...bytes];
};

/** [NETRPC-32] A nil slice is an empty list that is written as nil again. */
function slice(elem: AnySchema): Read {
  const decoder = plainDecoder(elem);
  const each = COST.place + partCost(elem);
  return (r, node, context) => {
    if (node === null) {
      r.budget.charge(COST.list);
      return markNil([]);
    }
    if (!Array.isArray(node)) return failNode("slice", node);
    r.budget.charge(COST.list + each * node.length);
    return readAll(decoder, r, node, context);
  };
}

function readAll(
  decoder: PlainDecoder,
  r: PlainReader,
  nodes: readonly unknown[],
  context: unknown,
): unknown[] {
  return nodes.map((node, i) => {
    try {
      return decoder.read(r, node, context);
    } catch (error) {
      throw at(error, `[${i}]`);
    }
  });
}

/** Exactly as many elements as the array has. Go's libraries fill up and cut, which loses data silently. */
function array({ elem, length }: KnownArray): Read {
  const decoder = plainDecoder(elem);
  const ofBytes = isByte(elem);
  const cost = COST.list + length * (COST.place + partCost(elem));
  return (r, node, context) => {
    r.budget.charge(cost);
    if (node === null) return Array.from({ length }, () => decoder.read(r, null, context));
    const found = ofBytes ? [...toBytes(r, node)] : node;
    if (!Array.isArray(found)) return failNode("array", node);
    if (found.length !== length) {
      const got = `${found.length} elements`;
      fail("type-mismatch", `want ${length} elements, got ${found.length}`, {
        typeName: "array",
        got,
        reason: "length",
      });
    }
    return ofBytes ? found : readAll(decoder, r, found, context);
  };
}

function mapOf(schema: KnownMap): Read {
  const { kind } = bare(schema.key);
  const keyNode = kind === "int" || kind === "uint" ? integerNode : (key: unknown) => key;
  const keys = plainDecoder(schema.key);
  const elem = plainDecoder(schema.elem);
  const each = entryCost(schema);
  const isText = kind === "string";
  return (r, node, context) => {
    r.budget.charge(COST.map);
    const map = new Map<unknown, unknown>();
    // Texts are the same keys in all their forms. Other keys can be several on the wire and one here.
    const nodes = isText ? undefined : new Map<unknown, unknown>();
    for (const [key, item] of node === null ? [] : (r.entries(node) ?? failNode("map", node))) {
      try {
        r.budget.charge(each);
        const name = keys.read(r, keyNode(key), context);
        if (nodes !== undefined) refuseTwins(r, nodes, name, key);
        map.set(name, elem.read(r, item, context));
      } catch (error) {
        throw at(error, entryPart(key));
      }
    }
    const out = schema.form === "map" ? map : toRecord(map);
    return node === null ? markNil(out) : out;
  };
}

/** An object is made of the map, and the map goes. */
const entryCost = ({ form, key, elem }: KnownMap): number =>
  COST.entry + (form === "map" ? 0 : COST.property) + partCost(key) + partCost(elem);

/** [GOB-38] Two keys are one here. One of the two entries would be lost. */
function refuseTwins(
  r: PlainReader,
  nodes: Map<unknown, unknown>,
  name: unknown,
  node: unknown,
): void {
  if (nodes.has(name) && !r.isSameKey(nodes.get(name), node)) failTwins(nodes.get(name), node);
  nodes.set(name, node);
}

/** JSON has texts for keys only: `"5"` is the key 5. */
const integerNode = (key: unknown): unknown =>
  typeof key === "string" && /^-?\d{1,20}$/.test(key) ? BigInt(key) : key;

/** Without a prototype, so that no key is special. */
function toRecord(map: ReadonlyMap<unknown, unknown>): Record<string, unknown> {
  const record: Record<string, unknown> = Object.create(null);
  for (const [key, item] of map) record[key as string] = item;
  return record;
}

/** A codec may have a wire value for nil. That value and the format's nil both become undefined. */
function optional(schema: KnownOptional): Read {
  const elem = bare(schema.elem) as BareSchema & { absent?: unknown };
  const decoder = plainDecoder(elem);
  if (elem.kind !== "codec" || !("absent" in elem)) {
    return (r, node, context) => (node === null ? undefined : decoder.read(r, node, context));
  }
  const wire = plainDecoder(elem.wire);
  return (r, node, context) => {
    const value = wire.read(r, node, context);
    return node === null || value === elem.absent ? undefined : elem.decode(value, context);
  };
}

function codec(schema: KnownCodec): Read {
  const wire = plainDecoder(schema.wire);
  return (r, node, context) => schema.decode(wire.read(r, node, context), context);
}

function marshaled(schema: KnownMarshaler): Read {
  return (r, node) => {
    r.budget.charge(COST.bytes);
    if (node === null) return schema.zero();
    return schema.decode(r.marshaled(schema.name, node) ?? failNode(schema.name, node));
  };
}
