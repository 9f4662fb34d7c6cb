/** Bytes in arrival order, without ever joining chunks: O(1) per chunk however many wait. */

const EMPTY = new Uint8Array(0);

/**
 * Copied bytes share blocks, so that a million tiny chunks cost a few blocks. A block is as large as
 * what waits already, between these two: room unused is never more than room used.
 */
const MIN_BLOCK_BYTES = 512;
const MAX_BLOCK_BYTES = 16 * 1024;

/** Spent entries at the front of the list are dropped in batches of at least this many. */
const COMPACT_AT = 64;

export class ByteQueue {
  #chunks: Uint8Array[] = [];
  /** Index of the first unspent chunk, and how much of it is spent. */
  #head = 0;
  #offset = 0;
  #byteLength = 0;
  /** The block that copies go to, and how full it is; its used part is the last chunk. */
  #block = EMPTY;
  #blockUsed = 0;

  get byteLength(): number {
    return this.#byteLength;
  }

  /** Appends `chunk`, which belongs to the queue from now on. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#byteLength += chunk.length;
    this.#block = EMPTY;
    this.#blockUsed = 0;
  }

  /** Appends the bytes of `chunk`, which stays the caller's. */
  pushCopy(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#blockUsed === this.#block.length) this.#startBlock(rest.length);
      const part = rest.subarray(0, this.#block.length - this.#blockUsed);
      this.#block.set(part, this.#blockUsed);
      this.#blockUsed += part.length;
      this.#chunks[this.#chunks.length - 1] = this.#block.subarray(0, this.#blockUsed);
      this.#byteLength += part.length;
      rest = rest.subarray(part.length);
    }
  }

  /** Takes the next bytes, at most `maxBytes` and at most one chunk; undefined when there are none. */
  shift(maxBytes = Number.POSITIVE_INFINITY): Uint8Array | undefined {
    const chunk = this.#chunks[this.#head];
    if (chunk === undefined) return undefined;
    const end = Math.min(chunk.length, this.#offset + maxBytes);
    const piece =
      this.#offset === 0 && end === chunk.length ? chunk : chunk.subarray(this.#offset, end);
    this.#byteLength -= piece.length;
    if (end < chunk.length) this.#offset = end;
    else this.#dropHead();
    return piece;
  }

  /** Takes exactly `byteLength` bytes, copied; undefined until that many are there. */
  take(byteLength: number): Uint8Array | undefined {
    if (byteLength > this.#byteLength) return undefined;
    const out = new Uint8Array(byteLength);
    for (let at = 0; at < byteLength; ) {
      const piece = this.shift(byteLength - at) as Uint8Array;
      out.set(piece, at);
      at += piece.length;
    }
    return out;
  }

  clear(): void {
    this.#chunks = [];
    this.#head = 0;
    this.#offset = 0;
    this.#byteLength = 0;
    this.#block = EMPTY;
    this.#blockUsed = 0;
  }

  #startBlock(wanted: number): void {
    const grown = Math.min(Math.max(this.#byteLength, MIN_BLOCK_BYTES), MAX_BLOCK_BYTES);
    this.#block = new Uint8Array(Math.max(wanted, grown));
    this.#blockUsed = 0;
    this.#chunks.push(EMPTY);
  }

  #dropHead(): void {
    if (this.#byteLength === 0) {
      this.clear();
      return;
    }
    this.#chunks[this.#head] = EMPTY;
    this.#head += 1;
    this.#offset = 0;
    if (this.#head < COMPACT_AT || this.#head * 2 < this.#chunks.length) return;
    this.#chunks = this.#chunks.slice(this.#head);
    this.#head = 0;
  }
}
