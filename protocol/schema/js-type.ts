/** The Go types of JavaScript values that do not say theirs [GOB-53]. */
import { map, record, slice } from "./composite.js";
import { any } from "./interface.js";
import { originOf } from "./origin.js";
import { bool, bytes, float64, int, int64, string, uint64 } from "./scalar.js";
import type { AnySchema } from "./schema.js";
import { Time } from "./time.js";
import { time } from "./time-schema.js";

// One object for all, because codecs find the compiled form by the schema's identity.
const LIST = slice(any());
const RECORD = record(any());
const TEXT_MAP = map(string(), any());
const ANY_MAP = map(any(), any());
const MAX_UINT64 = 2n ** 64n - 1n;

/** The schema by which `value` goes into an interface. Undefined if there is no rule for it. */
export function typeOf(value: unknown): AnySchema | undefined {
  switch (typeof value) {
    case "string":
      return string();
    case "boolean":
      return bool();
    case "number":
      return isInt(value) ? int() : float64();
    case "bigint":
      return bigintType(value);
    case "object":
      return objectType(value as object);
    default:
      return undefined;
  }
}

/** -0 is no integer to Go, and past 2^53-1 all numbers are whole. */
const isInt = (value: number): boolean => Number.isSafeInteger(value) && !Object.is(value, -0);

function bigintType(value: bigint): AnySchema | undefined {
  if (BigInt.asIntN(64, value) === value) return int64();
  return value > 0n && value <= MAX_UINT64 ? uint64() : undefined;
}

function objectType(value: object): AnySchema | undefined {
  const origin = originOf(value);
  if (origin !== undefined) return origin;
  if (ArrayBuffer.isView(value)) return isBytes(value) ? bytes() : undefined;
  if (value instanceof Time || value instanceof Date) return time();
  if (Array.isArray(value)) return LIST;
  if (value instanceof Map) return hasTextKeys(value) ? TEXT_MAP : ANY_MAP;
  return isPlainObject(value) ? RECORD : undefined;
}

/** Other views are lists of numbers to whoever made them, and would arrive as the bytes of their memory. */
export const isBytes = (value: unknown): value is ArrayBufferView =>
  value instanceof Uint8Array || (ArrayBuffer.isView(value) && BYTES.has(viewName(value)));

/** Says the class also for a value from another realm, such as a test runner's. */
const viewName = (value: ArrayBufferView): unknown => Reflect.get(value, Symbol.toStringTag);

const BYTES: ReadonlySet<unknown> = new Set(["Uint8Array", "Uint8ClampedArray", "DataView"]);

function hasTextKeys(value: ReadonlyMap<unknown, unknown>): boolean {
  for (const key of value.keys()) if (typeof key !== "string") return false;
  return true;
}

/** Made by `{}`, or without a prototype. Other objects have a class, and what they stand for is not known. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The registered names of the types that {@link typeOf} finds by itself. */
const FOUND: ReadonlySet<string> = new Set([
  "[]uint8",
  "[]interface {}",
  "map[string]interface {}",
]);

/** Whether {@link typeOf} finds the type with this name by the value alone. Objects of other types need `setOrigin`. */
export const isFoundType = (name: string): boolean => FOUND.has(name);
