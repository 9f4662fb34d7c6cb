import type { AnySchema, IntegerForm } from "../schema/index.js";
import {
  bare,
  bigRange,
  type KnownArray,
  type KnownMap,
  type KnownMarshaler,
  type KnownOptional,
  type KnownSchema,
  type KnownStruct,
  numberRange,
  setKey,
} from "../schema/known.js";
import { isByte, plainFields } from "./fields.js";
import type { PlainReader } from "./format.js";
import { at, refuse, shapeOf } from "./mismatch.js";

type Read = (r: PlainReader, node: unknown, context: unknown, into?: unknown) => unknown;
/** Recursive schemas refer to it before it is complete, so `read` is looked up when called. */
interface Decoder {
  /** nil, and a field that is missing, is `null` here and becomes Go's zero value. */
  read: Read;
}

const compiled = new WeakMap<AnySchema, Decoder>();

/** The decoder of a schema for formats without Go types, made once. Throws Mismatch. */
export function plainDecoder(of: AnySchema): Decoder {
  const schema = bare(of);
  let decoder = compiled.get(schema);
  if (decoder === undefined) {
    decoder = { read: () => refuse("bad-value", "part of the schema was refused before") };
    compiled.set(schema, decoder);
    try {
      decoder.read = compile(schema);
    } catch (error) {
      compiled.delete(schema);
      throw error;
    }
  }
  return decoder;
}

function compile(schema: KnownSchema): Read {
  switch (schema.kind) {
    case "bool":
      return (_r, node) => (node === null ? false : toBool(node));
    case "int":
    case "uint":
      return integer(schema);
    case "float":
      return schema.bits === 32
        ? (_r, node) => toFloat32(toFloat("float32", node))
        : (_r, node) => toFloat("float64", node);
    case "string":
      return (r, node) => (node === null ? "" : (r.text(node) ?? wrong("string", node)));
    case "bytes":
      return (r, node) => toBytes(r, node);
    case "interface":
      return schema.form === "plain" ? (r, node) => r.plain(node) : (r, node) => r.typed(node);
    case "optional":
      return optional(schema);
    case "slice":
      return isByte(schema.elem) ? (r, node) => [...toBytes(r, node)] : slice(schema.elem);
    case "array":
      return array(schema);
    case "map":
      return mapOf(schema);
    case "struct":
      return struct(schema);
    case "codec": {
      const wire = plainDecoder(schema.wire);
      return (r, node, context) => schema.decode(wire.read(r, node, context), context);
    }
    case "marshaler":
      return marshaled(schema);
    default:
      return refuse("bad-value", `${schema.kind} has no form in this format`);
  }
}

function integer(schema: KnownSchema & { kind: "int" | "uint" }): Read {
  const { kind, bits, go, as } = schema;
  const [min, max] = numberRange({ kind, bits });
  const [bigMin, bigMax] = bigRange({ kind, bits });
  return (_r, node) => {
    if (node === null) return as === "bigint" ? 0n : 0;
    if (typeof node === "number") {
      if (!Number.isInteger(node)) wrong(go, node);
      // A float may be whole and past what is exact; an int there comes as bigint.
      if (node < min || node > max) failRange(go, node);
      return as === "bigint" ? BigInt(node) : node;
    }
    if (typeof node !== "bigint") return wrong(go, node);
    if (node < bigMin || node > bigMax) failRange(go, node);
    return inForm(node, as, go);
  };
}

function inForm(value: bigint, as: IntegerForm, go: string): number | bigint {
  if (as === "bigint") return value;
  const isSafe = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
  if (isSafe) return Number(value);
  return as === "safe" ? value : failRange(go, value);
}

const toBool = (node: unknown): boolean => (typeof node === "boolean" ? node : wrong("bool", node));

function toFloat(go: string, node: unknown): number {
  if (node === null) return 0;
  return typeof node === "number" || typeof node === "bigint" ? Number(node) : wrong(go, node);
}

function toFloat32(value: number): number {
  const rounded = Math.fround(value);
  if (!Number.isFinite(rounded) && Number.isFinite(value)) failRange("float32", value);
  return rounded;
}

function toBytes(r: PlainReader, node: unknown): Uint8Array {
  if (node === null) return new Uint8Array(0);
  const blob = r.blob(node);
  if (blob !== undefined) return blob;
  return Array.isArray(node) ? Uint8Array.from(node, byteOf) : wrong("[]uint8", node);
}

const byteOf = (node: unknown): number =>
  Number.isInteger(node) && (node as number) >= 0 && (node as number) <= 255
    ? (node as number)
    : failRange("uint8", node as number);

function slice(elem: AnySchema): Read {
  const decoder = plainDecoder(elem);
  return (r, node, context) => {
    if (node === null) return [];
    return Array.isArray(node) ? readAll(decoder, r, node, context) : wrong("slice", node);
  };
}

function readAll(decoder: Decoder, r: PlainReader, nodes: unknown[], context: unknown): unknown[] {
  return nodes.map((node, i) => {
    try {
      return decoder.read(r, node, context);
    } catch (error) {
      throw at(error, `[${i}]`);
    }
  });
}

/** Exactly `length`: Go fills up and cuts, which loses data without a word. */
function array({ elem, length }: KnownArray): Read {
  const decoder = plainDecoder(elem);
  const ofBytes = isByte(elem);
  return (r, node, context) => {
    if (node === null) return Array.from({ length }, () => decoder.read(r, null, context));
    const found = ofBytes ? [...toBytes(r, node)] : node;
    if (!Array.isArray(found)) return wrong("array", node);
    if (found.length !== length) {
      refuse("type-mismatch", `want ${length} elements, got ${found.length}`);
    }
    return ofBytes ? found : readAll(decoder, r, found, context);
  };
}

function mapOf(schema: KnownMap): Read {
  const keys = plainDecoder(schema.key);
  const keyKind = bare(schema.key).kind;
  const elem = plainDecoder(schema.elem);
  // JSON has texts for keys only: `"5"` is a key of kind int.
  const keyNode = (key: unknown) =>
    typeof key === "string" && /^-?\d{1,20}$/.test(key) && (keyKind === "int" || keyKind === "uint")
      ? BigInt(key)
      : key;
  return (r, node, context) => {
    const found = node === null ? [] : (r.entries(node) ?? wrong("map", node));
    const map = new Map<unknown, unknown>();
    for (const [key, item] of found) {
      try {
        map.set(keys.read(r, keyNode(key), context), elem.read(r, item, context));
      } catch (error) {
        throw at(error, `[${JSON.stringify(String(key)).slice(0, 40)}]`);
      }
    }
    return schema.form === "map" ? map : toRecord(map);
  };
}

function toRecord(map: Map<unknown, unknown>): Record<string, unknown> {
  const record: Record<string, unknown> = Object.create(null);
  for (const [key, item] of map) record[key as string] = item;
  return record;
}

interface Part {
  readonly key: string;
  readonly name: string;
  readonly decoder: Decoder;
  readonly isOptional: boolean;
}

/** By name; unknown names are passed over, and the last of two equal ones counts, as in Go. */
function struct(schema: KnownStruct): Read {
  if (schema.empty === true) return (r, node) => void itemsOf(schema, r, node);
  const parts = plainFields(schema).map(
    ({ key, name, schema: of, isOptional }): Part => ({
      key,
      name,
      decoder: plainDecoder(of),
      isOptional,
    }),
  );
  const exact = new Map(parts.map((part, i) => [part.name, i]));
  const folded = new Map(parts.map((part, i) => [part.name.toLowerCase(), i]));
  return (r, node, context, into) => {
    const nodes = new Array<unknown>(parts.length);
    const items = itemsOf(schema, r, node);
    if (Array.isArray(items)) for (const i of nodes.keys()) nodes[i] = items[i];
    else {
      for (const [name, item] of items) {
        const i = exact.get(name as string) ?? (r.foldsCase ? folded.get(lower(name)) : undefined);
        if (i !== undefined) nodes[i] = item;
      }
    }
    const value = typeof into === "object" && into !== null ? into : {};
    for (const [i, part] of parts.entries()) {
      if (value === into && nodes[i] === undefined) continue;
      readField(value, part, r, nodes[i] ?? null, context);
    }
    return value;
  };
}

const lower = (name: unknown): string => String(name).toLowerCase();

/** The fields as an array in order, or as entries. */
function itemsOf(schema: KnownStruct, r: PlainReader, node: unknown) {
  if (node === null) return [] as unknown[];
  if (Array.isArray(node) && r.hasArrayStructs) return node as unknown[];
  const entries = r.entries(node);
  return entries ?? wrong(schema.name || "struct", node);
}

function readField(
  value: object,
  part: Part,
  r: PlainReader,
  node: unknown,
  context: unknown,
): void {
  try {
    const into = Object.hasOwn(value, part.key) ? Reflect.get(value, part.key) : undefined;
    const read = part.decoder.read(r, node, context, into);
    if (part.isOptional && read === undefined) return;
    setKey(value, part.key, read);
  } catch (error) {
    throw at(error, `.${part.name}`);
  }
}

function optional(schema: KnownOptional): Read {
  const elem = bare(schema.elem) as KnownSchema & { absent?: unknown };
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

function marshaled(schema: KnownMarshaler): Read {
  return (r, node) => {
    if (node === null) return schema.zero();
    return schema.decode(r.marshaled(schema.name, node) ?? wrong(schema.name, node));
  };
}

function wrong(typeName: string, node: unknown): never {
  return refuse("type-mismatch", `want ${typeName}, got ${shapeOf(node)}`, typeName);
}
function failRange(typeName: string, value: number | bigint): never {
  return refuse("out-of-range", `${String(value)} is out of range for ${typeName}`, typeName);
}
