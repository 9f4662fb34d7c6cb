/** How schemas look at parsed JSON. */
import type { PlainReader } from "../plain/format.js";
import {
  type AnySchema,
  bool,
  dynamic,
  float64,
  int64,
  map,
  slice,
  string,
  type TypedValue,
  value,
} from "../schema/index.js";
import { writeInstant } from "../schema/instant.js";
import { parseTime } from "./time.js";

const BASE64 = /^[A-Za-z0-9+/\r\n]*={0,2}[\r\n]*$/;

/** Takes the forms that Go's encoding/json takes [NETRPC-23]. Nodes are what `parseJson` makes. */
class JsonReader implements PlainReader {
  readonly layer = "json";
  /** encoding/json matches the names of fields in either case. */
  readonly foldsCase = true;
  readonly hasArrayStructs = false;

  text(node: unknown): string | undefined {
    return typeof node === "string" ? node : undefined;
  }
  /** Base64, with the line breaks that Go's decoder ignores. Node's would ignore any character. */
  blob(node: unknown): Uint8Array | undefined {
    if (typeof node !== "string" || !BASE64.test(node)) return undefined;
    return Uint8Array.from(Buffer.from(node, "base64"));
  }
  /** Of all types with methods of their own, only times have a form in JSON here. */
  marshaled(goName: string, node: unknown): Uint8Array | undefined {
    const time = goName === "time.Time" && typeof node === "string" ? parseTime(node) : undefined;
    return time === undefined ? undefined : writeInstant(time);
  }
  entries(node: unknown): Iterable<readonly [string, unknown]> | undefined {
    return node instanceof Map ? node.entries() : undefined;
  }
  plain(node: unknown): unknown {
    return node;
  }
  /** The kinds of JSON as Go types, because JSON names none. */
  typed(node: unknown): TypedValue | null {
    if (node === null) return null;
    if (Array.isArray(node)) {
      const items = node.map((item) => this.typed(item));
      return typed(slice(dynamic()), items);
    }
    if (!(node instanceof Map)) return typed(scalarSchema(node), node);
    const entries = Array.from(node, ([key, item]) => [key, this.typed(item)] as const);
    return typed(map(string(), dynamic()), new Map(entries));
  }
}

const typed = (schema: AnySchema, of: unknown): TypedValue => value(schema, of as never);

function scalarSchema(node: unknown): AnySchema {
  if (typeof node === "string") return string();
  if (typeof node === "boolean") return bool();
  return Number.isSafeInteger(node) || typeof node === "bigint" ? int64({ as: "safe" }) : float64();
}

/** It has no state, so one serves all streams. */
export const jsonReader: PlainReader = new JsonReader();
