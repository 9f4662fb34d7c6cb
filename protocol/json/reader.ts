/** How schemas look at parsed JSON. */
import { COST } from "../bytes/cost.js";
import type { Budget } from "../plain/budget.js";
import type { PlainReader } from "../plain/format.js";
import {
  type AnySchema,
  bool,
  type DynamicValue,
  dynamic,
  float64,
  int64,
  jsonNumber,
  map,
  slice,
  string,
  uint64,
} from "../schema/index.js";
import { writeInstant } from "../schema/instant.js";
import { dynamicValue } from "../schema/interface.js";
import { failRange } from "../schema/numbers.js";
import { parseRfc3339 } from "../schema/rfc3339.js";
import { NumberText } from "./parse.js";

const BASE64 = /^[A-Za-z0-9+/\r\n]*={0,2}[\r\n]*$/;

/** Takes the forms that Go's encoding/json takes [NETRPC-23]. Nodes are what `parseJson` makes. */
export class JsonReader implements PlainReader {
  readonly layer = "json";
  /** encoding/json matches the names of fields in either case. */
  readonly foldsCase = true;
  readonly hasArrayStructs = false;
  readonly budget: Budget;

  /** @param budget - shared with the scanner of the stream. */
  constructor(budget: Budget) {
    this.budget = budget;
  }

  isSameKey(one: unknown, other: unknown): boolean {
    return one === other;
  }
  text(node: unknown): string | undefined {
    return typeof node === "string" ? node : undefined;
  }
  number(node: unknown): number | bigint | undefined {
    if (typeof node === "number" || typeof node === "bigint") return node;
    return node instanceof NumberText ? finite(node) : undefined;
  }
  /** A number's, or a quoted one: Go takes both for a `json.Number`. */
  numberText(node: unknown): string | undefined {
    if (node instanceof NumberText) return node.text;
    if (Object.is(node, -0)) return "-0";
    if (typeof node === "number" || typeof node === "bigint") return String(node);
    return this.text(node);
  }
  extension(): undefined {
    return undefined;
  }
  /** Base64, with the line breaks that Go's decoder ignores. Node's would ignore any character. */
  blob(node: unknown): Uint8Array | undefined {
    if (typeof node !== "string" || !BASE64.test(node)) return undefined;
    return Uint8Array.from(Buffer.from(node, "base64"));
  }
  /** Of all types with methods of their own, only times have a form in JSON here. */
  marshaled(goName: string, node: unknown): Uint8Array | undefined {
    const time =
      goName === "time.Time" && typeof node === "string" ? parseRfc3339(node) : undefined;
    return time === undefined ? undefined : writeInstant(time);
  }
  entries(node: unknown): Iterable<readonly [string, unknown]> | undefined {
    return node instanceof Map ? node.entries() : undefined;
  }
  plain(node: unknown): unknown {
    if (typeof node !== "object" || node === null) return node;
    if (Array.isArray(node)) {
      this.budget.charge(COST.list + COST.place * node.length);
      return node.map((item) => this.plain(item));
    }
    if (node instanceof NumberText) return finite(node) ?? failRange("float64", node.shape);
    const entries = node as ReadonlyMap<string, unknown>;
    this.budget.charge(COST.map + COST.entry * entries.size);
    return new Map(Array.from(entries, ([key, item]) => [key, this.plain(item)]));
  }
  /** [NETRPC-33] The kinds of JSON as Go types, because JSON names none. A number keeps its text. */
  typed(node: unknown): DynamicValue | null {
    if (node === null) return null;
    this.budget.charge(COST.typed);
    if (Array.isArray(node)) {
      // Each list and map has a schema of its own.
      this.budget.charge(2 * COST.list + COST.place * node.length);
      const items = node.map((item) => this.typed(item));
      return typed(slice(dynamic()), items);
    }
    if (node instanceof Map) return this.#typedMap(node);
    const of = scalarSchema(node);
    return typed(of, of === NUMBER ? this.numberText(node) : node);
  }
  #typedMap(node: ReadonlyMap<string, unknown>): DynamicValue {
    this.budget.charge(COST.map + COST.list + COST.entry * node.size);
    const entries = Array.from(node, ([key, item]) => [key, this.typed(item)] as const);
    return typed(map(string(), dynamic()), new Map(entries));
  }
}

/** The format sends no names. */
const typed = (schema: AnySchema, of: unknown): DynamicValue => dynamicValue("", schema, of);

/** Undefined for a number beyond the doubles, which Go refuses, too. */
function finite({ value }: NumberText): number | bigint | undefined {
  return typeof value === "bigint" || Number.isFinite(value) ? value : undefined;
}

const NUMBER = jsonNumber();

/** A number whose text is not that of an int64, a uint64 or a float64 keeps the text. */
function scalarSchema(node: unknown): AnySchema {
  if (typeof node === "string") return string();
  if (typeof node === "boolean") return bool();
  if (node instanceof NumberText) return NUMBER;
  if (typeof node === "number") {
    return Number.isSafeInteger(node) && !Object.is(node, -0) ? int64({ as: "safe" }) : float64();
  }
  const value = node as bigint;
  if (BigInt.asIntN(64, value) === value) return int64({ as: "safe" });
  return BigInt.asUintN(64, value) === value ? uint64({ as: "safe" }) : NUMBER;
}
