/** How schemas look at parsed msgpack. */
import { COST } from "../bytes/cost.js";
import { writeStrayBytes } from "../bytes/stray-bytes.js";
import type { Budget } from "../plain/budget.js";
import { failTwins } from "../plain/failure.js";
import type { PlainReader } from "../plain/format.js";
import { type DynamicValue, Extension } from "../schema/index.js";
import { writeInstant } from "../schema/instant.js";
import { Time } from "../schema/time.js";
import type { MsgpackDialect } from "./dialect.js";
import { dynamicValue, kindOf, toText } from "./dynamic.js";
import { MapNode, NumberNode, RawNode } from "./nodes.js";
import { parseMsgpack } from "./parse.js";
import { decodeTimestamp } from "./timestamp.js";

/** [NETRPC-19] Looks at the nodes of `nodes.ts`; the dialect says how to take strings. */
export class MsgpackReader implements PlainReader {
  readonly layer = "msgpack";
  readonly foldsCase = false;
  /** [NETRPC-17] Go's libraries can write a struct as an array of its fields. */
  readonly hasArrayStructs = true;
  readonly #isRaw: boolean;
  readonly #rawToString: boolean;

  readonly budget: Budget;

  /**
   * @param rawToString - whether byte strings are texts, in values without a schema. Go: `RawToString`.
   * @param budget - shared with the scanner of the stream.
   */
  constructor({ isRaw }: MsgpackDialect, rawToString: boolean, budget: Budget) {
    this.budget = budget;
    this.#isRaw = isRaw;
    this.#rawToString = rawToString;
  }

  /** The value that fills `bytes`. Byte strings in it are parts of `bytes`. @throws CodecError `corrupt`. */
  parse(bytes: Uint8Array): unknown {
    return parseMsgpack(bytes, this.#isRaw);
  }

  text(node: unknown): string | undefined {
    if (typeof node === "string") return node;
    if (node instanceof RawNode) return toText(node.bytes);
    return node instanceof Uint8Array ? toText(node) : undefined;
  }
  isSameKey(one: unknown, other: unknown): boolean {
    const [text, otherText] = [this.text(one), this.text(other)];
    if (text !== undefined || otherText !== undefined) return text === otherText;
    // NaN is no key twice, not even in Go.
    return kindOf(one) === kindOf(other) && this.#scalar(one) === this.#scalar(other);
  }
  number(node: unknown): number | bigint | undefined {
    if (typeof node === "number" || typeof node === "bigint") return node;
    return node instanceof NumberNode ? node.value : undefined;
  }
  numberText(node: unknown): string | undefined {
    return this.text(node);
  }
  extension(node: unknown): Extension | undefined {
    return node instanceof Extension ? copyOf(node) : undefined;
  }
  blob(node: unknown): Uint8Array | undefined {
    if (node instanceof RawNode) return new Uint8Array(node.bytes);
    if (node instanceof Uint8Array) return new Uint8Array(node);
    return typeof node === "string" ? writeStrayBytes(node) : undefined;
  }
  /** [NETRPC-20] All forms of a time are read in every dialect. */
  marshaled(goName: string, node: unknown): Uint8Array | undefined {
    if (goName !== "time.Time") return this.blob(node);
    if (node instanceof Time) return writeInstant(node);
    const bytes = node instanceof RawNode ? node.bytes : node;
    if (!(bytes instanceof Uint8Array)) return undefined;
    const time = decodeTimestamp(bytes);
    return time === undefined ? new Uint8Array(bytes) : writeInstant(time);
  }
  entries(node: unknown): MapNode | undefined {
    return node instanceof MapNode ? node : undefined;
  }
  plain(node: unknown): unknown {
    if (typeof node !== "object" || node === null) return node;
    if (Array.isArray(node)) {
      this.budget.charge(COST.list + COST.place * node.length);
      return node.map((item) => this.plain(item));
    }
    if (node instanceof NumberNode) return node.value;
    if (node instanceof MapNode) return this.#plainMap(node);
    this.budget.charge(COST.bytes);
    if (node instanceof Extension) return copyOf(node);
    if (node instanceof Uint8Array) return new Uint8Array(node);
    if (!(node instanceof RawNode)) return node;
    return this.#rawToString ? toText(node.bytes) : new Uint8Array(node.bytes);
  }
  typed(node: unknown): DynamicValue | null {
    return dynamicValue(node, this.#rawToString, this.budget);
  }

  #scalar(node: unknown): unknown {
    return this.number(node) ?? node;
  }

  /** [NETRPC-33] Texts are keys whatever their form. Other keys that are two in Go must not be one here. */
  #plainMap(entries: MapNode): Map<unknown, unknown> {
    this.budget.charge(COST.map);
    const map = new Map<unknown, unknown>();
    const nodes = new Map<unknown, unknown>();
    for (const [node, item] of entries) {
      this.budget.charge(2 * COST.entry);
      const key = this.text(node) ?? this.plain(node);
      if (typeof key !== "string") {
        if (nodes.has(key) && !this.isSameKey(nodes.get(key), node))
          failTwins(nodes.get(key), node);
        nodes.set(key, node);
      }
      map.set(key, this.plain(item));
    }
    return map;
  }
}

/** Its data is a part of the message. */
const copyOf = ({ type, data }: Extension): Extension => new Extension(type, new Uint8Array(data));
