import { COST } from "../bytes/cost.js";
import { CodecError } from "../errors.js";
import type { PlainLimits } from "../plain/limits.js";

/**
 * Finds where a value ends without making anything of it: nothing frames msgpack, and what is decoded
 * only when it is all there can be allocated by its counts [NETRPC-18].
 */
export class MsgpackScanner {
  readonly #limits: PlainLimits;
  readonly #costs: Uint8Array;
  /** Bytes of the value looked at so far. */
  #length = 0;
  #charged = 0;
  /** Items still to come, of each container that is open; the first is the value itself. */
  #left: number[] = [1];

  /** @param isRaw - texts arrive as bytes, until a schema makes texts of them. */
  constructor(limits: PlainLimits, isRaw: boolean) {
    this.#limits = limits;
    this.#costs = costTable(isRaw ? COST.bytes : COST.place + COST.text);
  }

  /**
   * The length of the value that begins at `start`, or undefined while it has not all arrived; then it
   * goes on from where it stopped.
   *
   * @throws CodecError `corrupt`, `limit`; the stream is out of step then.
   */
  scan(bytes: Uint8Array, start: number, limit: number): number | undefined {
    while (this.#left.length > 0) {
      const at = start + this.#length;
      if (at >= limit) return undefined;
      const head = headAt(bytes, at, limit);
      if (head === undefined) return undefined;
      this.#checkLength(this.#length + head.byteLength + head.items);
      if (at + head.byteLength > limit) return undefined;
      this.#length += head.byteLength;
      this.#charge(this.#costs[bytes[at]!]!);
      this.#count(head.items);
    }
    const length = this.#length;
    this.#length = 0;
    this.#charged = 0;
    this.#left = [1];
    return length;
  }

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

  #charge(byteLength: number): void {
    const { maxValueBytes } = this.#limits;
    this.#charged += byteLength;
    if (this.#charged <= maxValueBytes) return;
    const text = `msgpack: parts of the value take more than maxValueBytes ${maxValueBytes} of memory`;
    throw new CodecError("limit", text);
  }

  /** Each item of a container takes a byte at least, so its count is checked as a length. */
  #checkLength(byteLength: number): void {
    const { maxMessageBytes } = this.#limits;
    if (byteLength <= maxMessageBytes) return;
    const text = `msgpack: value of ${byteLength} bytes or more, maxMessageBytes is ${maxMessageBytes}`;
    throw new CodecError("limit", text);
  }
}

interface Head {
  /** Of the item without the items it contains. */
  readonly byteLength: number;
  /** Directly inside; a map has two per entry. */
  readonly items: number;
}

const plain = (byteLength: number): Head => ({ byteLength, items: 0 });
const ONE = plain(1);

/** What has a fixed length, from 0xca on; a missing one has its length in the bytes that follow. */
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

/** The first bytes of items in their order, each range with what an item takes without those inside. */
const COSTS: readonly (readonly [end: number, cost: number | "text"])[] = [
  [0x80, COST.place],
  [0x90, COST.map],
  [0xa0, COST.list],
  [0xc0, "text"],
  [0xc4, COST.place],
  // bin and ext.
  [0xca, COST.bytes],
  // Numbers of up to 64 bits, that is bigints.
  [0xd4, COST.place + COST.text],
  [0xd9, COST.bytes],
  [0xdc, "text"],
  [0xde, COST.list],
  [0xe0, COST.map],
  [0x100, COST.place],
];

/** By the first byte. */
function costTable(text: number): Uint8Array {
  const table = new Uint8Array(256);
  let start = 0;
  for (const [end, cost] of COSTS) {
    table.fill(cost === "text" ? text : cost, start, end);
    start = end;
  }
  return table;
}

/** Undefined when the length itself has not arrived. */
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
  // ext has its type after the length.
  const isExt = byte >= 0xc7 && byte <= 0xc9;
  return plain(1 + width + (isExt ? 1 : 0) + count);
}

/** How many bytes the length takes: bin, ext and str come in 8, 16 and 32 bits, containers in two. */
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
