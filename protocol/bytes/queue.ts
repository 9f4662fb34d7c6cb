/** Bytes in arrival order, as a list of chunks that are never joined: the cost per chunk does not grow with the queue. */

const EMPTY = new Uint8Array(0);

/**
 * Copied bytes share blocks: a million tiny chunks cost only a few blocks. A new block is as large as the queue
 * is long, between these two sizes. Thus the unused room is at most as large as the queue.
 */
const MIN_BLOCK_BYTES = 512;
const MAX_BLOCK_BYTES = 16 * 1024;

/** Spent entries at the front of the list are dropped together, at least this many, because that moves all others. */
const COMPACT_AT = 64;

/** A queue of bytes. Chunks come out as they went in, or in parts. */
export class ByteQueue {
  /** The used part of the open block is the last of them. */
  #chunks: Uint8Array[] = [];
  /** The index of the first chunk that is not spent. */
  #head = 0;
  /** How much of that chunk is spent. */
  #offset = 0;
  #byteLength = 0;
  /** The block that copies go to. Empty when the last chunk is not a block. */
  #block = EMPTY;
  #blockUsed = 0;

  /** How many bytes wait. */
  get byteLength(): number {
    return this.#byteLength;
  }

  /** Appends `chunk` itself, which belongs to the queue from now on. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#byteLength += chunk.length;
    this.#block = EMPTY;
    this.#blockUsed = 0;
  }

  /** Appends a copy of `chunk`, which stays the caller's. */
  pushCopy(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#blockUsed === this.#block.length) this.#startBlock(rest.length);
      const part = rest.subarray(0, this.#block.length - this.#blockUsed);
      this.#block.set(part, this.#blockUsed);
      this.#blockUsed += part.length;
      // The last chunk again, now longer. A part of it may be spent already: `#offset` stays right.
      this.#chunks[this.#chunks.length - 1] = this.#block.subarray(0, this.#blockUsed);
      this.#byteLength += part.length;
      rest = rest.subarray(part.length);
    }
  }

  /** Takes the next bytes, at most `maxBytes` and at most one chunk. Undefined when none wait. */
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

  /** Takes a copy of exactly `byteLength` bytes. Undefined while fewer wait. */
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

  /** Drops everything. */
  clear(): void {
    this.#chunks = [];
    this.#head = 0;
    this.#offset = 0;
    this.#byteLength = 0;
    this.#block = EMPTY;
    this.#blockUsed = 0;
  }

  /** Adds an empty last chunk, which {@link pushCopy} replaces by the used part of the block. */
  #startBlock(wanted: number): void {
    const grown = Math.min(Math.max(this.#byteLength, MIN_BLOCK_BYTES), MAX_BLOCK_BYTES);
    this.#block = new Uint8Array(Math.max(wanted, grown));
    this.#blockUsed = 0;
    this.#chunks.push(EMPTY);
  }

  /** The first chunk is spent. Its memory is released at once, its place in the list later. */
  #dropHead(): void {
    if (this.#byteLength === 0) {
      // Also forgets the open block: its used part belongs to the receiver now and must not change.
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
