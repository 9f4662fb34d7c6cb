import { writeUtf8 } from "../../bytes/text.js";
import { ByteWriter } from "../../bytes/writer.js";

/** A uint takes at most a length byte and 8 bytes. */
const MAX_UINT_BYTES = 9;
/** Up to here a string is copied char by char, which is faster than a call into the runtime. */
const SHORT_STRING_CHARS = 32;

/** Up to here room is reserved for the worst case, three bytes a char. */
const MAX_GUESSED_CHARS = 4096;

/** For so many elements of a list room is reserved at once. */
const LIST_STEP = 1024;

const scratch = new DataView(new ArrayBuffer(8));

/** How many bytes a uint below 2^16 takes. */
const uintBytes = (value: number): number => (value < 0x80 ? 1 : value < 0x100 ? 2 : 3);

/** gob's primitives on top of a growable buffer. */
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
      // Doubling passes 2^53, so the halves are made apart.
      const hi = Math.floor(magnitude / 2 ** 31);
      this.words(hi, ((magnitude - hi * 2 ** 31) * 2 + sign) >>> 0);
    }
  }

  bigUint(value: bigint): void {
    scratch.setBigUint64(0, value);
    this.reserve(MAX_UINT_BYTES);
    this.words(scratch.getUint32(0), scratch.getUint32(4));
  }

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
    // Written in place, where it stays unless the last byte of the fraction is 0.
    this.view.setFloat64(this.pos + 1, value, true);
    const hi = this.view.getUint32(this.pos + 1);
    if (hi > 0xff_ffff) {
      this.bytes[this.pos] = 0xf8;
      this.pos += MAX_UINT_BYTES;
    } else this.words(hi, this.view.getUint32(this.pos + 5));
  }

  // Lists: each writes the values in front of the first that is none of its kind, and returns how many
  // they are. Room is reserved for a stretch of them at a time.

  floats(values: readonly unknown[]): number {
    let done = 0;
    while (done < values.length) {
      const end = this.#reserveList(values, done);
      done = this.#floatsTo(values, done, end);
      if (done < end) break;
    }
    return done;
  }

  #floatsTo(values: readonly unknown[], from: number, end: number): number {
    const { bytes, view } = this;
    let { pos } = this;
    let i = from;
    for (; i < end; i++) {
      const value = values[i];
      if (typeof value !== "number") break;
      view.setFloat64(pos + 1, value, true);
      // 0 where the number could be shorter.
      if (bytes[pos + 1] !== 0) {
        bytes[pos] = 0xf8;
        pos += MAX_UINT_BYTES;
      } else {
        this.pos = pos;
        this.float(value);
        pos = this.pos;
      }
    }
    this.pos = pos;
    return i;
  }

  ints(values: readonly unknown[], min: number, max: number): number {
    let done = 0;
    while (done < values.length) {
      const end = this.#reserveList(values, done);
      done = this.#intsTo(values, done, end, min, max);
      if (done < end) break;
    }
    return done;
  }

  #intsTo(values: readonly unknown[], from: number, end: number, min: number, max: number): number {
    const { bytes } = this;
    let { pos } = this;
    let i = from;
    for (; i < end; i++) {
      const value = values[i];
      if (typeof value !== "number" || !(value >= min && value <= max)) break;
      const whole = value | 0;
      if (value === whole && whole < 0x4000_0000 && whole >= -0x4000_0000) {
        const bits = (whole << 1) ^ (whole >> 31);
        if (bits < 0x80) bytes[pos++] = bits;
        else if (bits < 0x100) {
          bytes[pos] = 0xff;
          bytes[pos + 1] = bits;
          pos += 2;
        } else {
          this.pos = pos;
          this.words(0, bits);
          pos = this.pos;
        }
      } else if (Number.isInteger(value)) {
        this.pos = pos;
        this.int(value);
        pos = this.pos;
      } else break;
    }
    this.pos = pos;
    return i;
  }

  /** Where the stretch from `from` on ends, for which there is room then. */
  #reserveList(values: readonly unknown[], from: number): number {
    const end = Math.min(values.length, from + LIST_STEP);
    this.reserve(MAX_UINT_BYTES * (end - from));
    return end;
  }

  uints(values: readonly unknown[], max: number): number {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (typeof value !== "number" || !(value >= 0 && value <= max)) return i;
      if (!Number.isInteger(value)) return i;
      this.uint(value);
    }
    return values.length;
  }

  strings(values: readonly unknown[]): number {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (typeof value !== "string") return i;
      this.string(value);
    }
    return values.length;
  }

  /** [GOB-5] The byte count, then UTF-8. Short ASCII in one loop: a call costs more than a few chars. */
  string(value: string): void {
    const { length } = value;
    if (length > SHORT_STRING_CHARS) {
      this.#longString(value);
      return;
    }
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
    this.uint(byteLength);
    this.reserve(byteLength);
    this.pos += writeUtf8(this.bytes, value, this.pos);
  }

  /** Written behind room for the count that ASCII has, and moved if it is another: counting costs a call. */
  #guessedString(value: string): void {
    this.reserve(MAX_UINT_BYTES + 3 * value.length);
    const { bytes, pos } = this;
    const guess = uintBytes(value.length);
    const byteLength = writeUtf8(bytes, value, pos + guess);
    const from = pos + uintBytes(byteLength);
    if (from !== pos + guess) {
      bytes.copyWithin(from, pos + guess, pos + guess + byteLength);
    }
    // Byte by byte: `words` would write over what follows.
    let at = pos;
    if (byteLength >= 0x80) bytes[at++] = 0x101 - (from - pos);
    if (byteLength >= 0x100) bytes[at++] = byteLength >> 8;
    bytes[at] = byteLength;
    this.pos = from + byteLength;
  }

  /** [GOB-5] */
  blob(value: Uint8Array): void {
    this.uint(value.length);
    this.raw(value);
  }

  /** Puts the length of what follows the byte left free at `at` there, moving it if need be. */
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

  /** A uint64 in two halves, at the end of what is written. The caller reserves the room. */
  words(hi: number, lo: number): void {
    const { pos } = this;
    if (hi === 0) {
      if (lo < 0x80) {
        this.bytes[this.pos++] = lo;
        return;
      }
      const byteLength = 4 - (Math.clz32(lo) >> 3);
      this.bytes[pos] = 0x100 - byteLength;
      // Shifted to the front of four bytes; what stands behind them is overwritten later.
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
