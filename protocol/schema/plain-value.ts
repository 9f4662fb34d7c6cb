/** Plain JavaScript values as Go values that say their type, and the way back [GOB-53]. */
import { CodecError } from "../errors.js";
import { asFailure, fail, publicError, shapeOf } from "./failure.js";
import { fieldsOf } from "./fields.js";
import { isTypedValue, type TypedValue, value as typedValue } from "./interface.js";
import { isPlainObject, typeOf } from "./js-type.js";
import { isObject, setKey } from "./keys.js";
import { bare, type KnownMap, type KnownStruct, type KnownTypes } from "./known.js";
import type { AnySchema } from "./schema.js";

/**
 * The Go value of a plain one, by these rules:
 *
 * - `null` and `undefined`: nil, returned as `null`
 * - boolean, string: `bool`, `string`
 * - number: `int` if it is whole and within ±2^53-1, else `float64`, which -0 is as well
 * - bigint: `int64`, or `uint64` beyond that
 * - `Uint8Array` (and `Buffer`, `Uint8ClampedArray`, `DataView`): `[]byte`
 * - array: `[]interface{}`
 * - object without a class: `map[string]interface{}`
 * - `Map`: `map[string]interface{}` if all keys are strings, else `map[interface{}]interface{}`
 * - `Date`, `Time`: `time.Time`
 * - a {@link TypedValue}: itself; an object that `any()` gave: the type it came with
 *
 * The same rules apply to the parts, when the value is encoded. A Go peer knows the three composite types and
 * `time.Time` only if it has called `gob.Register` with them.
 *
 * @throws CodecError `bad-value` for functions, symbols, objects of other classes (also `Float64Array` and other lists of
 *   numbers, which would be `[]byte`) and bigints beyond 64 bits.
 */
export function from(js: unknown): TypedValue | null {
  if (js === undefined || js === null) return null;
  if (isTypedValue(js)) return js;
  const schema = typeOf(js);
  if (schema !== undefined) return typedValue(schema, js);
  const text = `gob: no rule for the Go type; use gob.value(schema, value); got ${shapeOf(js)}`;
  throw new CodecError("bad-value", text, { typeName: "interface {}" });
}

/**
 * The plain value of a Go value, with all its parts: the way back from {@link from}. nil is `null`. The 64-bit types
 * `int64`, `uint64` and `uintptr` are bigints; `int` and `uint` are numbers, or bigints past 2^53-1. A map with string
 * keys is an object, another one a `Map`. A struct is an object, from which nil pointers are missing.
 * Bytes, times and what users' codecs make stay as they are. What is no {@link TypedValue}, such as the value that
 * `any()` gave, is gone through in the same way, as far as it is made of arrays, Maps and objects without a class.
 *
 * `plain(from(js))` equals `js`, also when the value has been encoded and decoded in between, with three exceptions:
 * `undefined` becomes `null`, a Date a `Time`, and a Map with string keys an object.
 *
 * @throws CodecError `bad-value` if two keys of a map become one, such as `int(1)` and `int8(1)`, or if a list or map is not
 *   what its schema says; `limit` if the value nests too deep.
 */
export function plain(value: unknown): unknown {
  try {
    return ofAny(value);
  } catch (error) {
    const failure = asFailure(error);
    throw publicError(failure, `gob: ${failure.detail}`, { path: undefined });
  }
}

function ofAny(value: unknown): unknown {
  if (isTypedValue(value)) return ofSchema(value.schema, value.value);
  if (typeof value !== "object" || value === null) return value ?? null;
  if (Array.isArray(value)) return value.map(ofAny);
  if (value instanceof Map) return ofEntries(value, ofAny, ofAny);
  return isPlainObject(value) ? ofEntries(new Map(Object.entries(value)), ofAny, ofAny) : value;
}

function ofSchema(schema: AnySchema, value: unknown): unknown {
  const known = bare(schema);
  switch (known.kind) {
    case "interface":
      return "types" in known ? ofKnownTypes(known, value) : ofAny(value);
    case "int":
    case "uint":
      return isWide(known) && Number.isInteger(value) ? BigInt(value as number) : value;
    case "optional":
      return value === undefined ? null : ofSchema(known.elem, value);
    case "slice":
    case "array":
      if (!Array.isArray(value)) return fail("bad-value", `want a list, got ${shapeOf(value)}`);
      return value.map((item) => ofSchema(known.elem, item));
    case "map":
      return ofMap(known, value);
    case "struct":
      return ofStruct(known, value);
    default:
      return value;
  }
}

/** Whether it is a 64-bit type on all machines. `int` and `uint` are not. */
const isWide = ({ kind, bits, go }: { kind: string; bits: number; go: string }): boolean =>
  bits === 64 && go !== kind;

function ofKnownTypes({ types, form }: KnownTypes, value: unknown): unknown {
  if (value === undefined) return null;
  if (form === "registered") return ofSchema((types[0] as (typeof types)[0]).schema, value);
  const { name, value: inner } = value as { name: string; value: unknown };
  const type = types.find((of) => of.name === name);
  return type === undefined ? value : ofSchema(type.schema, inner);
}

function ofMap({ key, elem }: KnownMap, value: unknown): unknown {
  if (!isObject(value)) return fail("bad-value", `want a map, got ${shapeOf(value)}`);
  const entries = value instanceof Map ? value : new Map(Object.entries(value));
  return ofEntries(
    entries,
    (of) => ofSchema(key, of),
    (of) => ofSchema(elem, of),
  );
}

function ofEntries(
  entries: ReadonlyMap<unknown, unknown>,
  toKey: (key: unknown) => unknown,
  toItem: (item: unknown) => unknown,
): unknown {
  const map = new Map<unknown, unknown>();
  for (const [key, item] of entries) map.set(toKey(key), toItem(item));
  if (map.size < entries.size) fail("bad-value", "two keys of a map have one plain value");
  return [...map.keys()].every((key) => typeof key === "string") ? toRecord(map) : map;
}

function toRecord(map: ReadonlyMap<unknown, unknown>): object {
  const record = {};
  for (const [key, item] of map) setKey(record, key as string, item);
  return record;
}

function ofStruct(schema: KnownStruct, value: unknown): unknown {
  if (schema.empty === true || !isObject(value)) return value ?? null;
  const out = {};
  for (const { key, schema: of } of fieldsOf(schema)) {
    const part: unknown = Reflect.get(value, key);
    if (part !== undefined) setKey(out, key, ofSchema(of, part));
  }
  return out;
}
