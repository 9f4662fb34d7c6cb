import { Reader } from "./reader.js";

/** The smallest buffer for what has to be kept over chunks. */
const MIN_BUFFER_BYTES = 4096;
/** A buffer that is empty is kept for later up to this size. */
const MAX_IDLE_BYTES = 65_536;
/** A byte slice from this size on is handed out as part of our buffer instead of a copy. */
const MIN_GIVEN_BYTES = 32_768;
/** So a first chunk of 64 KiB makes room for 4 MiB. */
const MAX_AHEAD = 64;
const NO_BYTES = Buffer.alloc(0);

/**
 * What has arrived of a stream, in one piece. It holds everything from `start` on, which is where the
 * value that is being read begins, up to `limit`.
 *
 * Chunks are borrowed: they are read where they are, and only a message that is not complete is copied
 * to a buffer of our own. To that end of a chunk the next one adds no more than the message lacks;
 * the rest of it is borrowed again.
 */
export class BufferedReader extends Reader {
  /** Where the bytes begin that are still needed. */
  start = 0;
  /** The end of what can be read. */
  limit = 0;
  #isBorrowed = false;
  /** The part of the last chunk that follows `limit`. */
  #rest: Uint8Array | undefined;
  /** Our own buffer, kept for the next incomplete message. */
  #owned: Buffer = NO_BYTES;
  /** Parts of our own buffer belong to users now, so nothing in it may change. */
  #isGiven = false;

  /** Bytes that have arrived and are not done with. */
  get bufferedBytes(): number {
    return this.limit - this.start + (this.#rest?.length ?? 0);
  }

  /** Adds a chunk, borrowed until {@link retain}. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    if (this.start === this.limit && this.#rest === undefined) {
      this.#borrow(chunk);
      return;
    }
    this.retain();
    this.#rest = chunk;
  }

  /** Copies what is not done with out of a borrowed chunk. */
  retain(): void {
    if (this.#isBorrowed) {
      this.#isBorrowed = false;
      const { bytes, start, limit } = this;
      const byteLength = limit - start;
      if (this.#isGiven || this.#owned.length < byteLength) this.#replace(2 * byteLength);
      bytes.copy(this.#owned, 0, start, limit);
      this.#use(this.#owned, 0, byteLength, start);
    }
    if (this.#rest === undefined) return;
    this.#append(this.#rest, 0);
    this.#rest = undefined;
  }

  /**
   * Makes up to `missing` more bytes readable out of what has been pushed; false when there are none.
   *
   * @param announced - how long all that is kept becomes when the message at hand is complete.
   */
  protected takeRest(missing: number, announced: number): boolean {
    const rest = this.#rest;
    if (rest === undefined) return false;
    if (this.start === this.limit) {
      this.#rest = undefined;
      this.#borrow(rest);
      return true;
    }
    this.#append(rest.subarray(0, missing), announced);
    this.#rest = missing < rest.length ? rest.subarray(missing) : undefined;
    return true;
  }

  /** Everything up to `pos` is done with. */
  consume(): void {
    this.start = this.pos;
    if (this.start !== this.limit || this.#isBorrowed) return;
    if (this.#owned.length <= MAX_IDLE_BYTES && !this.#isGiven) return;
    this.#owned = NO_BYTES;
    this.#isGiven = false;
    this.#use(NO_BYTES, 0, 0, this.limit);
  }

  /** A large slice out of our own buffer is the user's from then on: it need not be copied again. */
  protected override give(byteLength: number): Uint8Array | undefined {
    if (this.#isBorrowed || byteLength < MIN_GIVEN_BYTES) return undefined;
    this.#isGiven = true;
    const { buffer, byteOffset } = this.bytes;
    return new Uint8Array(buffer, byteOffset + this.pos, byteLength);
  }

  #borrow(chunk: Uint8Array): void {
    const isBuffer = Buffer.isBuffer(chunk);
    const bytes = isBuffer ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    this.#use(bytes, 0, bytes.length, this.limit);
    this.#isBorrowed = true;
  }

  /**
   * Appends to our own buffer. That grows to at most {@link MAX_AHEAD} times what has arrived, and stops at
   * what is announced: a large message is rarely moved, small chunks cost linear time, and a lie costs
   * memory by what it brings along.
   */
  #append(chunk: Uint8Array, announced: number): void {
    const kept = this.limit - this.start;
    const wanted = kept + chunk.length;
    if (this.limit + chunk.length > this.bytes.length) {
      const { bytes, start, limit } = this;
      const isRoomInFront = 2 * wanted <= bytes.length && !this.#isGiven;
      if (!isRoomInFront) {
        this.#replace(announced >= wanted ? Math.min(announced, MAX_AHEAD * wanted) : 2 * wanted);
      }
      bytes.copy(this.#owned, 0, start, limit);
      this.#use(this.#owned, 0, kept, start);
    }
    this.bytes.set(chunk, this.limit);
    this.limit += chunk.length;
  }

  #replace(byteLength: number): void {
    this.#owned = Buffer.allocUnsafeSlow(Math.max(MIN_BUFFER_BYTES, byteLength));
    this.#isGiven = false;
  }

  /** Goes on in `bytes`, where `start` is what `from` was in the old ones. */
  #use(bytes: Buffer, start: number, limit: number, from: number): void {
    const shift = from - start;
    this.useBytes(bytes);
    this.base += shift;
    this.start = start;
    this.pos -= shift;
    this.end -= shift;
    this.limit = limit;
  }
}
