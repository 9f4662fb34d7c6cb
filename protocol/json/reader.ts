import type { PlainReader } from "../plain/format.js";
import { writeInstant } from "../plain/instant.js";
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
import { parseTime } from "./time.js";

const BASE64 = /^[A-Za-z0-9+/\r\n]*={0,2}[\r\n]*$/;

/** What `parseJson` makes, as encoding/json takes it [NETRPC-23]. */
class JsonReader implements PlainReader {
  readonly layer = "json";
  readonly foldsCase = true;
  readonly hasArrayStructs = false;

  text(node: unknown): string | undefined {
    return typeof node === "string" ? node : undefined;
  }
  blob(node: unknown): Uint8Array | undefined {
    if (typeof node !== "string" || !BASE64.test(node)) return undefined;
    return Uint8Array.from(Buffer.from(node, "base64"));
  }
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
  typed(node: unknown): TypedValue | null {
    if (node === null) return null;
    if (Array.isArray(node))
      return typed(
        slice(dynamic()),
        node.map((item) => this.typed(item)),
      );
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

export const jsonReader: PlainReader = new JsonReader();
