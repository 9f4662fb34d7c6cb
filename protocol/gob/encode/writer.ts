/**
 * gob's primitives on top of a growable buffer. Each one reserves its worst case once and then stores
 * unchecked. The code for short numbers and texts comes first, because most are short.
 */
import { writeStrayBytes } from "../../bytes/stray-bytes.js";
import { writeUtf8 } from "../../bytes/text.js";
import { ByteWriter } from "../../bytes/writer.js";

/** A uint takes at most a length byte and 8 bytes. */
export const MAX_UINT_BYTES = 9;
/** A string up to here is copied char by char, which is faster than a call into the runtime. */
const SHORT_STRING_CHARS = 32;
/** For a string up to here room is reserved for the worst case, which is three bytes a char. */
const MAX_GUESSED_CHARS = 4096;

const scratch = new DataView(new ArrayBuffer(8));

/** How many bytes a uint below 2^16 takes. */
const uintBytes = (value: number): number => (value < 0x80 ? 1 : value < 0x100 ? 2 : 3);

/** Writes the primitives. Values are those of the type: the caller has checked them. */
export class GobWriter extends ByteWriter {
  /** [GOB-1] One byte below 128, else a negated byte count and the bytes, big-endian. */
  uint(value: number): void {
    this.reserve(MAX_UINT_BYTES);
    if (value < 0x80) this.bytes[this.pos++] = value;
    else this.words(Math.floor(value / 2 ** 32), value >>> 0);
  }

  /** [GOB-2] The sign is the lowest bit; negative numbers are complemented first. */
  int(value: number): void {
    const sign = value < 0 ? 1 : 0;
    const magnitude = value < 0 ? -value - 1 : value;
    if (magnitude < 2 ** 30) this.uint(magnitude * 2 + sign);
    else {
      this.reserve(MAX_UINT_BYTES);
      // Doubling could pass 2^53, where numbers are not exact. Therefore the two halves are made apart.
      const hi = Math.floor(magnitude / 2 ** 31);
      this.words(hi, ((magnitude - hi * 2 ** 31) * 2 + sign) >>> 0);
    }
  }

  /** As {@link uint}. */
  bigUint(value: bigint): void {
    scratch.setBigUint64(0, value);
    this.reserve(MAX_UINT_BYTES);
    this.words(scratch.getUint32(0), scratch.getUint32(4));
  }

  /** As {@link int}. */
  bigInt(value: bigint): void {
    scratch.setBigInt64(0, value);
    let hi = scratch.getUint32(0);
    let lo = scratch.getUint32(4);
    const sign = hi >>> 31;
    if (sign === 1) {
      hi = ~hi >>> 0;
      lo = ~lo >>> 0;
    }
    this.reserve(MAX_UINT_BYTES);
    this.words(((hi << 1) | (lo >>> 31)) >>> 0, ((lo << 1) | sign) >>> 0);
  }

  /** [GOB-3] The bytes of the double reversed, read as a uint: round numbers become short. */
  float(value: number): void {
    this.reserve(MAX_UINT_BYTES);
    // Little-endian is the reversed order. Most doubles take all eight bytes, which are now in place.
    this.view.setFloat64(this.pos + 1, value, true);
    const hi = this.view.getUint32(this.pos + 1);
    if (hi > 0xff_ffff) {
      this.bytes[this.pos] = 0xf8;
      this.pos += MAX_UINT_BYTES;
    } else this.words(hi, this.view.getUint32(this.pos + 5));
  }

  /** [GOB-5] [GOB-44] The byte count, then UTF-8, with the bytes that stray surrogates stand for. */
  string(value: string): void {
    const { length } = value;
    if (length > SHORT_STRING_CHARS) {
      this.#longString(value);
      return;
    }
    // Stores each char as a byte. If one of them was not ASCII, the text is written again over these bytes.
    this.reserve(1 + length);
    const { bytes } = this;
    let pos = this.pos + 1;
    let seen = 0;
    let i = 0;
    for (; i + 4 <= length; i += 4, pos += 4) {
      const a = value.charCodeAt(i);
      const b = value.charCodeAt(i + 1);
      const c = value.charCodeAt(i + 2);
      const d = value.charCodeAt(i + 3);
      seen |= a | b | c | d;
      bytes[pos] = a;
      bytes[pos + 1] = b;
      bytes[pos + 2] = c;
      bytes[pos + 3] = d;
    }
    for (; i < length; i++) {
      seen |= value.charCodeAt(i);
      bytes[pos++] = value.charCodeAt(i);
    }
    if (seen > 0x7f) this.#longString(value);
    else {
      bytes[this.pos] = length;
      this.pos = pos;
    }
  }

  #longString(value: string): void {
    if (value.length <= MAX_GUESSED_CHARS) {
      this.#guessedString(value);
      return;
    }
    const byteLength = Buffer.byteLength(value);
    if (mayHaveStray(value, byteLength) && !value.isWellFormed()) {
      this.blob(writeStrayBytes(value));
      return;
    }
    this.uint(byteLength);
    this.reserve(byteLength);
    this.pos += writeUtf8(this.bytes, value, this.pos);
  }

  /**
   * Counting the bytes first would take a second call into the runtime. Instead the text is written behind the
   * room that the count of an ASCII text takes, and moved if its own count is longer.
   */
  #guessedString(value: string): void {
    this.reserve(MAX_UINT_BYTES + 3 * value.length);
    const { bytes, pos } = this;
    const guess = uintBytes(value.length);
    const byteLength = writeUtf8(bytes, value, pos + guess);
    if (mayHaveStray(value, byteLength) && !value.isWellFormed()) {
      this.blob(writeStrayBytes(value));
      return;
    }
    const from = pos + uintBytes(byteLength);
    if (from !== pos + guess) {
      bytes.copyWithin(from, pos + guess, pos + guess + byteLength);
    }
    // Byte by byte: `words` stores four bytes at once and would write over the text.
    let at = pos;
    if (byteLength >= 0x80) bytes[at++] = 0x101 - (from - pos);
    if (byteLength >= 0x100) bytes[at++] = byteLength >> 8;
    bytes[at] = byteLength;
    this.pos = from + byteLength;
  }

  /** [GOB-5] The byte count, then the bytes. */
  blob(value: Uint8Array): void {
    this.uint(value.length);
    this.raw(value);
  }

  /**
   * Fills in a length that was left open.
   *
   * @param at - the position of the byte that was left free for it. The length counts all bytes after that one.
   *   If it takes more than a byte, these bytes move.
   */
  closeLength(at: number): void {
    const byteLength = this.length - at - 1;
    if (byteLength < 0x80) {
      this.bytes[this.indexOf(at)] = byteLength;
      return;
    }
    const lengthBytes = 4 - (Math.clz32(byteLength) >> 3);
    this.insert(at, lengthBytes);
    const index = this.indexOf(at);
    this.bytes[index] = 0x100 - lengthBytes;
    for (let i = 0; i < lengthBytes; i++) {
      this.bytes[index + lengthBytes - i] = byteLength >>> (8 * i);
    }
  }

  /** [GOB-1] A uint64 in two halves. The caller reserves {@link MAX_UINT_BYTES}. */
  words(hi: number, lo: number): void {
    const { pos } = this;
    if (hi === 0) {
      if (lo < 0x80) {
        this.bytes[this.pos++] = lo;
        return;
      }
      const byteLength = 4 - (Math.clz32(lo) >> 3);
      this.bytes[pos] = 0x100 - byteLength;
      // One store of four bytes instead of a loop. The bytes of `lo` come first; later writes go over the others.
      this.view.setUint32(pos + 1, lo << (32 - 8 * byteLength));
      this.pos = pos + 1 + byteLength;
      return;
    }
    const byteLength = 4 - (Math.clz32(hi) >> 3);
    this.bytes[pos] = 0xfc - byteLength;
    this.view.setUint32(pos + 1, hi << (32 - 8 * byteLength));
    this.view.setUint32(pos + 1 + byteLength, lo);
    this.pos = pos + 5 + byteLength;
  }
}

/** [GOB-44] Whether there can be a lone surrogate: it was written as U+FFFD, which takes two bytes more than it has chars. */
const mayHaveStray = (value: string, byteLength: number): boolean => byteLength > value.length + 1;
