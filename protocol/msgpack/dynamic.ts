/** msgpack values without a schema, with the type that their form says: they are written in the same form again [NETRPC-33]. */
import { COST } from "../bytes/cost.js";
import { readUtf8 } from "../bytes/text.js";
import type { Budget } from "../plain/budget.js";
import {
  type AnySchema,
  bool,
  bytes,
  type DynamicValue,
  dynamic,
  Extension,
  extension,
  float32,
  float64,
  int64,
  map,
  rawString,
  slice,
  string,
  uint64,
} from "../schema/index.js";
import { dynamicValue as namedValue } from "../schema/interface.js";
import { Time } from "../schema/time.js";
import { time } from "../schema/time-schema.js";
import { MapNode, NumberNode, RawNode } from "./nodes.js";

const INT = int64({ as: "safe" });
const UINT = uint64({ as: "safe" });
const LIST = slice(dynamic());

/** @param rawToString - whether a string of a dialect where strings may be bytes is a text. */
export function dynamicValue(
  node: unknown,
  rawToString: boolean,
  budget: Budget,
): DynamicValue | null {
  if (node === null) return null;
  const inner = (of: unknown) => dynamicValue(of, rawToString, budget);
  budget.charge(COST.typed);
  if (Array.isArray(node)) {
    budget.charge(COST.list + COST.place * node.length);
    return typed(LIST, node.map(inner));
  }
  if (isBytes(node)) budget.charge(COST.bytes);
  if (node instanceof MapNode) budget.charge(COST.map + COST.entry * node.size);
  if (node instanceof MapNode) return dynamicMap(node, inner);
  if (node instanceof NumberNode) return typed(NUMBERS[node.form], node.value);
  if (node instanceof RawNode) {
    return rawToString
      ? typed(string(), toText(node.bytes))
      : typed(rawString(), new Uint8Array(node.bytes));
  }
  if (node instanceof Extension) {
    return typed(extension(), new Extension(node.type, new Uint8Array(node.data)));
  }
  if (node instanceof Uint8Array) return typed(bytes(), new Uint8Array(node));
  if (node instanceof Time) return typed(time(), node);
  return typed(
    SCALARS[typeof node === "number" && !Number.isInteger(node) ? "float" : typeof node]!,
    node,
  );
}

const isBytes = (node: unknown): boolean =>
  node instanceof Uint8Array || node instanceof RawNode || node instanceof Extension;

/** The format sends no names. */
const typed = (schema: AnySchema, of: unknown): DynamicValue => namedValue("", schema, of);

const NUMBERS = { uint: UINT, float32: float32(), float64: float64() } as const;

/** By JavaScript's names of types; a number that is no float is an integer. */
const SCALARS: Readonly<Record<string, AnySchema>> = {
  boolean: bool(),
  string: string(),
  number: INT,
  bigint: INT,
  float: float64(),
};

const STRING_KEYS = map(string(), dynamic());
const INT_KEYS = map(INT, dynamic());
const UINT_KEYS = map(UINT, dynamic());
const ANY_KEYS = map(dynamic(), dynamic());

/** The keys are plain where all of them are of one type, else typed values. */
function dynamicMap(node: MapNode, inner: (node: unknown) => DynamicValue | null): DynamicValue {
  const schema = schemaOfKeys(Array.from(node, ([key]) => key));
  const keyOf = schema === ANY_KEYS ? inner : plainKey;
  const map = new Map<unknown, unknown>();
  for (const [key, item] of node) map.set(keyOf(key), inner(item));
  return typed(schema, map);
}

function schemaOfKeys(keys: readonly unknown[]): AnySchema {
  if (keys.every(isText)) return STRING_KEYS;
  if (keys.every(isSigned)) return INT_KEYS;
  return keys.every(isUnsigned) ? UINT_KEYS : ANY_KEYS;
}

const isText = (node: unknown): boolean => typeof node === "string" || node instanceof RawNode;

const isSigned = (node: unknown): boolean => typeof node === "bigint" || Number.isInteger(node);

/** Up to 127 both kinds look the same. */
const isUnsigned = (node: unknown): boolean =>
  node instanceof NumberNode ? node.form === "uint" : isSigned(node) && isFixint(node as number);

const isFixint = (node: number | bigint): boolean => node >= 0 && node < 128;

function plainKey(node: unknown): unknown {
  if (node instanceof RawNode) return toText(node.bytes);
  return node instanceof NumberNode ? node.value : node;
}

/** What a key is in Go, for keys that are equal in JavaScript. */
export function kindOf(node: unknown): string {
  if (node instanceof NumberNode) return node.form;
  if (typeof node === "number" && !Number.isInteger(node)) return "float64";
  return typeof node === "number" || typeof node === "bigint" ? "int" : typeof node;
}

/** Bytes as text: those that are not UTF-8 become lone surrogates [GOB-44]. */
export const toText = ({ buffer, byteOffset, length }: Uint8Array): string =>
  readUtf8(Buffer.from(buffer, byteOffset, length), 0, length);
