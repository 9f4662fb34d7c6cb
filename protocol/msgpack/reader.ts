/** How schemas look at parsed msgpack. */
import { Decoder } from "@msgpack/msgpack";
import { CodecError } from "../errors.js";
import type { MapKey, PlainReader } from "../plain/format.js";
import type { AnySchema, TypedValue } from "../schema/index.js";
import {
  bool,
  bytes,
  dynamic,
  float64,
  int64,
  map,
  slice,
  string,
  value,
} from "../schema/index.js";
import { writeInstant } from "../schema/instant.js";
import { narrow } from "../schema/numbers.js";
import type { MsgpackDialect } from "./dialect.js";
import { extensions } from "./extensions.js";
import { decodeTimestamp, Timestamp } from "./timestamp.js";

/** [NETRPC-19] Nodes are the values that @msgpack/msgpack makes; the dialect says how to take strings. */
export class MsgpackReader implements PlainReader {
  readonly layer = "msgpack";
  readonly foldsCase = false;
  /** [NETRPC-17] Go's libraries can write a struct as an array of its fields. */
  readonly hasArrayStructs = true;
  readonly #decoder: Decoder;
  readonly #rawToString: boolean;

  /** @param rawToString - whether byte strings are texts, in values without a schema. Go: `RawToString`. */
  constructor(dialect: MsgpackDialect, rawToString: boolean) {
    this.#rawToString = rawToString;
    this.#decoder = new Decoder({
      useBigInt64: true,
      rawStrings: dialect.isRaw,
      extensionCodec: extensions,
      mapKeyConverter: tagKey,
    });
  }

  /** The value that fills `bytes`. Byte strings in it are parts of `bytes`. @throws CodecError `corrupt`. */
  parse(bytes: Uint8Array): unknown {
    try {
      return this.#decoder.decode(bytes);
    } catch (cause) {
      throw new CodecError("corrupt", `msgpack: ${(cause as Error).message}`, { cause });
    }
  }

  text(node: unknown): string | undefined {
    if (typeof node === "string") return node;
    return node instanceof Uint8Array ? toText(node) : undefined;
  }
  blob(node: unknown): Uint8Array | undefined {
    if (node instanceof Uint8Array) return new Uint8Array(node);
    return typeof node === "string" ? Uint8Array.from(Buffer.from(node)) : undefined;
  }
  /** [NETRPC-20] All forms of a time are read in every dialect. */
  marshaled(goName: string, node: unknown): Uint8Array | undefined {
    if (goName !== "time.Time") return this.blob(node);
    if (node instanceof Timestamp) return writeInstant(node);
    if (!(node instanceof Uint8Array)) return undefined;
    const time = decodeTimestamp(node);
    return time === undefined ? new Uint8Array(node) : writeInstant(time);
  }
  entries(node: unknown): Iterable<readonly [MapKey, unknown]> | undefined {
    return isMap(node) ? entriesOf(node) : undefined;
  }
  plain(node: unknown): unknown {
    if (Array.isArray(node)) return node.map((item) => this.plain(item));
    if (node instanceof Uint8Array) return this.#rawToString ? toText(node) : new Uint8Array(node);
    if (typeof node === "bigint") return narrow(node);
    if (!isMap(node)) return node;
    return new Map(Array.from(entriesOf(node), ([key, item]) => [key, this.plain(item)]));
  }
  typed(node: unknown): TypedValue | null {
    if (node === null) return null;
    return value(dynamicSchema(node), this.#plainTyped(node) as never);
  }

  /** The node as the value of its {@link dynamicSchema}. */
  #plainTyped(node: unknown): unknown {
    if (Array.isArray(node)) return node.map((item) => this.typed(item));
    if (node instanceof Uint8Array) return new Uint8Array(node);
    if (typeof node === "number" && Number.isInteger(node)) return node;
    if (!isMap(node)) return node;
    return new Map(Array.from(entriesOf(node), ([key, item]) => [String(key), this.typed(item)]));
  }
}

/** The Go type that a node without a schema gets. */
function dynamicSchema(node: unknown): AnySchema {
  if (Array.isArray(node)) return slice(dynamic());
  if (node instanceof Uint8Array) return bytes();
  switch (typeof node) {
    case "boolean":
      return bool();
    case "string":
      return string();
    case "bigint":
      return int64({ as: "safe" });
    case "number":
      return Number.isInteger(node) ? int64({ as: "safe" }) : float64();
    default:
      return map(string(), dynamic());
  }
}

/**
 * @msgpack/msgpack makes objects of maps, and property names are always strings. The first letter keeps the
 * kind of the key, and keeps names such as `__proto__` from meaning anything: `s__proto__`, `i5`.
 */
function tagKey(key: unknown): string {
  if (typeof key === "string") return `s${key}`;
  if (typeof key === "number" || typeof key === "bigint") return `i${key}`;
  if (typeof key === "boolean") return `b${key}`;
  if (key instanceof Uint8Array) return `s${toText(key)}`;
  throw new Error("map key is neither a text nor a number");
}

function* entriesOf(node: object): Iterable<readonly [MapKey, unknown]> {
  for (const [tagged, item] of Object.entries(node)) yield [untagKey(tagged), item];
}

function untagKey(tagged: string): MapKey {
  const text = tagged.slice(1);
  if (tagged.startsWith("s")) return text;
  if (tagged.startsWith("b")) return text === "true";
  return /^-?\d+$/.test(text) ? narrow(BigInt(text)) : Number(text);
}

const toText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();

const isMap = (node: unknown): node is object =>
  typeof node === "object" && node !== null && Object.getPrototypeOf(node) === Object.prototype;
