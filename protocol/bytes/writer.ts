/** A growable buffer that returns the written bytes without copying them. */

/** Small, because many writers write one short value only. Each further block is twice as large. */
const FIRST_BLOCK_BYTES = 1024;
/** The largest shared block. A value of more than this has a block of its own. */
export const BLOCK_BYTES = 65_536;
/** The most that is reserved for a value on the guess that it is as large as the last one. */
const MAX_SERIES_BYTES = 4 * 1024 * 1024;
/** A larger block is not kept for the next large value. */
const MAX_SPARE_BYTES = 16 * 1024 * 1024;
/** Free bytes before each value. When a length turns out longer than a byte, the few bytes before it move there. */
const SLACK_BYTES = 16;

/**
 * Values are written one after the other into a block, and each taken one is a part of it. A large value gets a
 * block of its own.
 *
 * A block is replaced when it is full, and the value that is open moves to the new one. Therefore the positions
 * that methods take and return count from the first byte not yet taken. A format's writer reserves its worst case
 * once and then stores unchecked at `pos`; every call that may reserve makes its copies of `bytes`, `view` and
 * `pos` stale.
 */
export class ByteWriter {
  /** The block. */
  bytes: Buffer = EMPTY;
  /** The same memory. */
  view: DataView = EMPTY_VIEW;
  /** The index in the block at which the next byte is stored. */
  pos = 0;
  /** The memory of `bytes`. Kept, because asking a Buffer for it is slow. */
  #memory: ArrayBufferLike = EMPTY.buffer;
  /** The index in the block of the first byte not yet taken. */
  #start = 0;
  /** How many bytes before `#start` are free. */
  #slack = 0;
  #nextBlockBytes = FIRST_BLOCK_BYTES;
  /** A block that came back. The reference is weak, so that memory needed only once is not kept. */
  #spare: WeakRef<Buffer> | undefined;

  /** How many bytes were written since the last {@link take}. */
  get length(): number {
    return this.pos - this.#start;
  }

  /** Makes room for `byteLength` bytes at `pos`. */
  reserve(byteLength: number): void {
    if (this.pos + byteLength > this.bytes.length) this.#grow(byteLength);
  }

  /** Appends one byte. */
  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.pos++] = value;
  }

  /** Appends a copy of `source`. */
  raw(source: Uint8Array): void {
    this.reserve(source.length);
    this.bytes.set(source, this.pos);
    this.pos += source.length;
  }

  /** Opens a gap of `byteLength` bytes at `at`, which the caller fills. Positions after `at` grow by as much. */
  insert(at: number, byteLength: number): void {
    // Moves the shorter side. Before `at` there is often nothing at all, so the gap is in the slack.
    if (byteLength <= this.#slack && 2 * at <= this.length) {
      const start = this.#start - byteLength;
      if (at > 0) this.bytes.copyWithin(start, this.#start, this.#start + at);
      this.#start = start;
      this.#slack -= byteLength;
      return;
    }
    this.reserve(byteLength);
    const from = this.#start + at;
    this.bytes.copyWithin(from + byteLength, from, this.pos);
    this.pos += byteLength;
  }

  /** Where position `at` lies in {@link bytes} now. */
  indexOf(at: number): number {
    return this.#start + at;
  }

  /** Drops everything from `length` on. */
  truncate(length: number): void {
    this.pos = this.#start + length;
  }

  /** Returns the written bytes, which the caller owns from then on. The writer is empty again. */
  take(): Uint8Array {
    // Takes a third of the time of Buffer's subarray.
    const taken = new Uint8Array(this.#memory, this.bytes.byteOffset + this.#start, this.length);
    if (this.bytes.length > BLOCK_BYTES) {
      this.#replace(EMPTY, 0);
      // The block is the caller's now. Large messages come in series, so the next block is for one as large.
      this.#nextBlockBytes = Math.max(BLOCK_BYTES, seriesBytes(taken.length));
    } else {
      // The block is shared: the next value begins behind this one, with slack before it.
      this.#slack = Math.min(SLACK_BYTES, this.bytes.length - this.pos);
      this.pos += this.#slack;
      this.#start = this.pos;
    }
    return taken;
  }

  /** Takes back what {@link take} returned, at most once. A block of its own is used again, others are left alone. */
  recycle(taken: Uint8Array): void {
    const { buffer } = taken;
    if (buffer.byteLength <= BLOCK_BYTES || buffer.byteLength > MAX_SPARE_BYTES) return;
    // The open block: it is in use.
    if (buffer === this.#memory) return;
    this.#spare = new WeakRef(Buffer.from(buffer as ArrayBuffer));
  }

  /** Moves what is not taken to a block with room for `byteLength` bytes more. */
  #grow(byteLength: number): void {
    const length = this.length;
    const wanted = SLACK_BYTES + length + byteLength;
    // A value that grows bit by bit gets a block twice as large each time, but at most twice what it needs now.
    const size = Math.max(
      this.#nextBlockBytes,
      wanted,
      Math.min(2 * this.bytes.length, 2 * wanted),
    );
    this.#nextBlockBytes = Math.min(2 * this.#nextBlockBytes, BLOCK_BYTES);
    const spare = size > BLOCK_BYTES ? this.#takeSpare(wanted) : undefined;
    // "Slow" means that the block has memory of its own and is not a part of Node's pool.
    const block = spare ?? Buffer.allocUnsafeSlow(size);
    this.bytes.copy(block, SLACK_BYTES, this.#start, this.pos);
    this.#replace(block, SLACK_BYTES);
    this.pos += length;
  }

  /** The block that came back, if it still exists and is large enough. */
  #takeSpare(byteLength: number): Buffer | undefined {
    const spare = this.#spare?.deref();
    if (spare === undefined || spare.length < byteLength) return undefined;
    this.#spare = undefined;
    return spare;
  }

  /** @param slack - free bytes at the front of `block`. */
  #replace(block: Buffer, slack: number): void {
    this.bytes = block;
    this.#memory = block.buffer;
    this.view = new DataView(this.#memory, block.byteOffset, block.length);
    this.#slack = slack;
    this.#start = slack;
    this.pos = slack;
  }
}

/** A little more than last time, but not without bound: a small message may come instead. */
const seriesBytes = (last: number): number => Math.min(last + (last >> 3), MAX_SERIES_BYTES);

const EMPTY = Buffer.alloc(0);
const EMPTY_VIEW = new DataView(new ArrayBuffer(0));
