/**
 * The bytes of a stream as messages: chunks come in, and a cursor is put into one whole message after the other.
 *
 * Chunks are borrowed, and read where they are. Only a message that is incomplete at the end of a chunk is copied to
 * a buffer of the stream's own; the next chunk then adds no more than that message lacks, and the rest of it is
 * borrowed again. Most messages are therefore never copied.
 */
import { fail } from "../failure.js";
import type { Cursor } from "./cursor.js";

/** The smallest buffer for a message that takes several chunks. */
const MIN_BUFFER_BYTES = 4096;
/** An empty buffer up to this size is kept for the next such message. */
const MAX_IDLE_BYTES = 65_536;
/** A buffer is at most this many times as large as the bytes that have arrived: 64 KiB make room for 4 MiB. */
const MAX_AHEAD = 64;
const NO_BYTES = Buffer.alloc(0);

/**
 * The bytes of a stream that have arrived and are still needed. They begin with the value being read, which may have
 * to be read again from its start.
 */
export class MessageStream {
  readonly #c: Cursor;
  readonly #maxMessageBytes: number;
  /** Where the needed bytes begin, in the cursor's bytes. */
  #start = 0;
  /** Where the bytes that can be read end, in the cursor's bytes. */
  #limit = 0;
  /** The part of the last chunk that follows `#limit`. */
  #rest: Uint8Array | undefined;
  /** The stream's own buffer. The cursor is in it, or in a chunk. */
  #owned: Buffer = NO_BYTES;
  /** How many bytes from `#start` on are needed for the message that is incomplete. */
  #announced = 0;

  /**
   * @param cursor - put into messages by this stream. Its readers only move `pos`.
   * @param maxMessageBytes - bytes of one message, and of one value over all its messages.
   */
  constructor(cursor: Cursor, maxMessageBytes: number) {
    this.#c = cursor;
    this.#c.isOwn = true;
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** How many bytes have arrived and are still needed. */
  get bufferedBytes(): number {
    return this.#limit - this.#start + (this.#rest?.length ?? 0);
  }

  /** Where the bytes that can be read end, in the cursor's bytes. */
  get limit(): number {
    return this.#limit;
  }

  /** Whether no byte that can be read is needed any more. */
  get isEmpty(): boolean {
    return this.#start === this.#limit;
  }

  /** The offset in the stream at which the bytes that can be read end. */
  get endOffset(): number {
    return this.#c.base + this.#limit;
  }

  /** Adds a chunk, borrowed until {@link retain}. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    if (this.#start === this.#limit && this.#rest === undefined) {
      this.#borrow(chunk);
      return;
    }
    this.retain();
    this.#rest = chunk;
  }

  /** Copies the needed bytes out of the borrowed chunks, which their owner may then use again. */
  retain(): void {
    if (!this.#c.isOwn) this.#own();
    if (this.#rest === undefined) return;
    this.#append(this.#rest, 0);
    this.#rest = undefined;
  }

  /**
   * [GOB-6] Steps into the message that follows the current one. False if it has not arrived whole.
   *
   * @throws for a length that is no integer or is beyond the limit. No later message can be found then.
   */
  openMessage(): boolean {
    for (;;) {
      const missing = this.#tryOpen();
      if (missing === 0) return true;
      if (!this.#takeRest(missing)) return false;
    }
  }

  /** Declares that the bytes in front of the cursor's position are not needed any more. */
  consume(): void {
    const c = this.#c;
    this.#start = c.pos;
    if (this.#start !== this.#limit || !c.isOwn) return;
    if (this.#owned.length <= MAX_IDLE_BYTES && !c.isGiven) return;
    this.#owned = NO_BYTES;
    c.isGiven = false;
    this.#use(NO_BYTES, 0, true);
  }

  /** Moves the cursor back to the first byte that is needed, in front of a message. */
  rewind(): void {
    this.#c.pos = this.#start;
    this.#c.end = this.#start;
  }

  /** Steps into the next message, or returns how many bytes of it are known to be missing. */
  #tryOpen(): number {
    const c = this.#c;
    const { bytes, end: at } = c;
    const limit = this.#limit;
    if (at >= limit) return 1;
    let byteLength = bytes[at] as number;
    let body = at + 1;
    if (byteLength >= 0x80) {
      const lengthBytes = 0x100 - byteLength;
      if (lengthBytes > 8) this.#failLength("gob: encoded unsigned integer out of range");
      body += lengthBytes;
      if (body > limit) return body - limit;
      byteLength = 0;
      for (let i = at + 1; i < body; i++) byteLength = byteLength * 256 + (bytes[i] as number);
    }
    // The messages of one value count together.
    const valueBytes = at === this.#start ? byteLength : body + byteLength - this.#start;
    if (valueBytes > this.#maxMessageBytes) this.#failTooLong(byteLength);
    this.#announced = body + byteLength - this.#start;
    if (byteLength > limit - body) return byteLength - (limit - body);
    c.enterMessage(body, body + byteLength);
    return 0;
  }

  #failTooLong(byteLength: number): never {
    const limit = `maxMessageBytes (${this.#maxMessageBytes})`;
    const text = `message of ${byteLength} bytes is beyond ${limit}`;
    this.#failLength(`gob: ${text}: invalid message length`, "limit");
  }

  #failLength(text: string, code: "corrupt" | "limit" = "corrupt"): never {
    const offset = this.#c.base + this.#c.end;
    fail(code, text, { offset, isGoText: true, breaksStream: true });
  }

  /** Makes up to `missing` more bytes readable. False if no more have arrived. */
  #takeRest(missing: number): boolean {
    const rest = this.#rest;
    if (rest === undefined) return false;
    if (this.#start === this.#limit) {
      this.#rest = undefined;
      this.#borrow(rest);
      return true;
    }
    this.#append(rest.subarray(0, missing), this.#announced);
    this.#rest = missing < rest.length ? rest.subarray(missing) : undefined;
    return true;
  }

  /** Puts the cursor into a chunk. No earlier byte is needed any more. */
  #borrow(chunk: Uint8Array): void {
    const isBuffer = Buffer.isBuffer(chunk);
    const bytes = isBuffer ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    this.#use(bytes, bytes.length, false);
  }

  /** Copies the needed bytes of a borrowed chunk to the stream's own buffer. */
  #own(): void {
    const { bytes, isGiven } = this.#c;
    const byteLength = this.#limit - this.#start;
    if (isGiven || this.#owned.length < byteLength) this.#replace(2 * byteLength);
    bytes.copy(this.#owned, 0, this.#start, this.#limit);
    this.#use(this.#owned, byteLength, true);
  }

  /**
   * Appends to the stream's own buffer. The buffer grows to the announced length, but to no more than
   * {@link MAX_AHEAD} times the bytes that have arrived. A large message is therefore moved a few times only, and many
   * small chunks cost linear time. A peer that announces more than it sends cannot make the buffer large.
   *
   * @param announced - the length of all needed bytes when the message is complete; 0 if unknown.
   */
  #append(chunk: Uint8Array, announced: number): void {
    const { bytes, isGiven } = this.#c;
    const kept = this.#limit - this.#start;
    const wanted = kept + chunk.length;
    if (this.#limit + chunk.length > bytes.length) {
      const isRoomInFront = 2 * wanted <= bytes.length && !isGiven;
      if (!isRoomInFront) {
        this.#replace(announced >= wanted ? Math.min(announced, MAX_AHEAD * wanted) : 2 * wanted);
      }
      bytes.copy(this.#owned, 0, this.#start, this.#limit);
      this.#use(this.#owned, kept, true);
    }
    this.#owned.set(chunk, this.#limit);
    this.#limit += chunk.length;
  }

  #replace(byteLength: number): void {
    this.#owned = Buffer.allocUnsafeSlow(Math.max(MIN_BUFFER_BYTES, byteLength));
    this.#c.isGiven = false;
  }

  /** Puts the cursor into other memory, which begins with the needed bytes and can be read up to `limit`. */
  #use(bytes: Buffer, limit: number, isOwn: boolean): void {
    this.#c.moveTo(bytes, this.#start, isOwn);
    this.#start = 0;
    this.#limit = limit;
  }
}
