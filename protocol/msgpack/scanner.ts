/** Finds the end of each msgpack value in a stream of bytes. */
import { COST } from "../bytes/cost.js";
import { CodecError } from "../errors.js";
import type { Budget } from "../plain/budget.js";
import type { MessageScanner } from "../plain/input.js";
import type { PlainLimits } from "../plain/limits.js";

/**
 * Walks over the heads of the items in a value: a head tells how many bytes or items follow. msgpack has no
 * frames, so this walk is the only way to learn where a value ends. It also checks every count that the peer
 * sent, so that the decoder may allocate by them [NETRPC-18].
 */
export class MsgpackScanner implements MessageScanner {
  /** msgpack has no white space. */
  readonly hasOnlySpace = false;
  readonly #limits: PlainLimits;
  readonly #budget: Budget;
  /** What an item takes in memory, by its first byte. */
  readonly #costs: Uint16Array;
  /** Bytes of the value looked at so far. */
  #length = 0;
  /** For each open container, how many of its items are still to come. The first entry is the value itself. */
  #left: number[] = [1];

  /** @param budget - for the nodes of the message. @param isRaw - strings arrive as bytes, which cost more, until a schema makes strings of them. */
  constructor(limits: PlainLimits, isRaw: boolean, budget: Budget) {
    this.#limits = limits;
    this.#budget = budget;
    this.#costs = costTable(isRaw ? RAW : COST.place + COST.text);
  }

  /** @throws CodecError `corrupt` for the one byte that begins no value, `limit`. */
  scan(bytes: Uint8Array, start: number, limit: number): number | undefined {
    if (this.#length === 0) this.#budget.reset();
    while (this.#left.length > 0) {
      const at = start + this.#length;
      if (at >= limit) return undefined;
      const head = headAt(bytes, at, limit);
      if (head === undefined) return undefined;
      this.#checkLength(this.#length + head.byteLength + head.items);
      if (at + head.byteLength > limit) return undefined;
      this.#length += head.byteLength;
      this.#budget.charge(this.#costs[bytes[at]!]!);
      this.#count(head.items);
    }
    const length = this.#length;
    this.#length = 0;
    this.#left = [1];
    return length;
  }

  /** One item of the innermost container is there, which itself may contain `items` more. */
  #count(items: number): void {
    const left = this.#left;
    left[left.length - 1]!--;
    if (items > 0) {
      if (left.length > this.#limits.maxDepth) {
        throw new CodecError(
          "limit",
          `msgpack: nested deeper than maxDepth ${this.#limits.maxDepth}`,
        );
      }
      left.push(items);
    }
    while (left.at(-1) === 0) left.pop();
  }

  /** An item takes at least one byte, so a count of items is checked like a length. */
  #checkLength(byteLength: number): void {
    const { maxMessageBytes } = this.#limits;
    if (byteLength <= maxMessageBytes) return;
    const text = `msgpack: value of ${byteLength} bytes or more, maxMessageBytes is ${maxMessageBytes}`;
    throw new CodecError("limit", text);
  }
}

/** What the first bytes of an item say. */
interface Head {
  /** Bytes of the item without the items in it. */
  readonly byteLength: number;
  /** Items directly in it; a map has two per entry. */
  readonly items: number;
}

const plain = (byteLength: number): Head => ({ byteLength, items: 0 });
const ONE = plain(1);

/**
 * Items of a fixed length, by their first byte: the numbers from 0xca on and the short extensions. The other
 * bytes from 0xc4 to 0xdf have a length behind them.
 */
const FIXED: Readonly<Record<number, Head>> = {
  202: plain(5),
  203: plain(9),
  204: plain(2),
  205: plain(3),
  206: plain(5),
  207: plain(9),
  208: plain(2),
  209: plain(3),
  210: plain(5),
  211: plain(9),
  212: plain(3),
  213: plain(4),
  214: plain(6),
  215: plain(10),
  216: plain(18),
};

/** A node that is an object of a class, in its place. */
const OBJECT = COST.place + COST.struct;
/** A view of the message, and the node around it. */
const RAW = OBJECT + 104;

/** Ranges of first bytes in ascending order, each with what the node of one such item takes in memory. */
const COSTS: readonly (readonly [end: number, cost: number | "text"])[] = [
  [0x80, COST.place],
  [0x90, OBJECT + COST.list],
  [0xa0, COST.place + COST.list],
  [0xc0, "text"],
  [0xc4, COST.place],
  // Byte strings and extensions.
  [0xca, RAW],
  // Floats and unsigned integers are nodes with their form, those of 64 bits with a bigint.
  [0xd0, OBJECT + COST.text],
  [0xd4, COST.place + COST.text],
  [0xd9, RAW],
  [0xdc, "text"],
  [0xde, COST.place + COST.list],
  [0xe0, OBJECT + COST.list],
  [0x100, COST.place],
];

/** {@link COSTS} by the first byte, with the cost of a text that the dialect implies. */
function costTable(text: number): Uint16Array {
  const table = new Uint16Array(256);
  let start = 0;
  for (const [end, cost] of COSTS) {
    table.fill(cost === "text" ? text : cost, start, end);
    start = end;
  }
  return table;
}

/** The head at `at`; undefined when the length in it has not arrived whole. */
function headAt(bytes: Uint8Array, at: number, limit: number): Head | undefined {
  const byte = bytes[at]!;
  if (byte < 0x80 || byte >= 0xe0) return ONE;
  if (byte < 0x90) return { byteLength: 1, items: 2 * (byte & 15) };
  if (byte < 0xa0) return { byteLength: 1, items: byte & 15 };
  if (byte < 0xc0) return plain(1 + (byte & 31));
  if (byte < 0xc4) {
    if (byte !== 0xc1) return ONE;
    throw new CodecError("corrupt", "msgpack: 0xc1 begins no value");
  }
  const fixed = FIXED[byte];
  if (fixed !== undefined) return fixed;
  const width = widthOf(byte);
  if (at + width >= limit) return undefined;
  const count = readCount(bytes, at + 1, width);
  if (byte >= 0xde) return { byteLength: 1 + width, items: 2 * count };
  if (byte >= 0xdc) return { byteLength: 1 + width, items: count };
  // An extension has its type between the length and the content.
  const isExt = byte >= 0xc7 && byte <= 0xc9;
  return plain(1 + width + (isExt ? 1 : 0) + count);
}

/** Bytes of the length in a head: 1, 2 or 4 for bin, ext and str, 2 or 4 for containers. */
function widthOf(byte: number): number {
  if (byte >= 0xdc) return byte % 2 === 0 ? 2 : 4;
  if (byte >= 0xd9) return 1 << (byte - 0xd9);
  return 1 << ((byte - 0xc4) % 3);
}

function readCount(bytes: Uint8Array, at: number, width: number): number {
  let count = 0;
  for (let i = 0; i < width; i++) count = count * 256 + bytes[at + i]!;
  return count;
}
