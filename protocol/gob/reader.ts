import { readLatin1, readUtf8 } from "../bytes/text.js";
import { at, fail } from "./failure.js";
import { cachedText, cacheText, MAX_CACHED_BYTES } from "./key-cache.js";

/** Up to here a string is built from chars, which is faster than a call into the runtime. */
const SHORT_STRING_BYTES = 15;
/** Longer strings are worth a call, and nothing but themselves in memory. */
const MAX_WINDOW_STRING_BYTES = 64;
/** A list is made at its full length up to here; a longer one would become a dictionary. */
const MAX_FULL_LENGTH = 1_000_000;
const WINDOW_BYTES = 1024;
const MIN_WINDOW_BYTES = 256;
const CLOSE_BYTES = 100;
const scratch = new DataView(new ArrayBuffer(8));
const NO_BYTES = Buffer.alloc(0);

/** A bounds-checked cursor over one message: gob's primitives. */
export class Reader {
  bytes: Buffer = NO_BYTES;
  /** For floats, made when there is one: of which bytes, and where these begin in it. */
  #view: DataView = scratch;
  #viewed: Buffer | undefined;
  #viewOffset = 0;
  /** A stretch of the message as a string, a char per byte. */
  #window = "";
  #windowStart = 0;
  #windowEnd = 0;
  #lastStringEnd = -CLOSE_BYTES;
  pos = 0;
  /** The end of the message. */
  end = 0;
  /** Where `bytes[0]` is in the stream. */
  base = 0;
  /** The halves of what {@link words} read. */
  protected hi = 0;
  protected lo = 0;

  /** The place in the stream, for errors. */
  get offset(): number {
    return this.base + this.pos;
  }

  /** Steps into a message; the bytes may be others than the last time they were looked at. */
  protected useMessage(pos: number, end: number): void {
    this.pos = pos;
    this.end = end;
    this.#windowEnd = 0;
    this.#lastStringEnd = -CLOSE_BYTES;
  }

  /** [GOB-1] A uint up to 2^53-1. */
  uint(): number {
    if (this.pos < this.end) {
      const first = this.bytes[this.pos] as number;
      if (first < 0x80) {
        this.pos++;
        return first;
      }
    }
    this.words();
    if (this.hi > 0x1f_ffff) this.#beyondSafe();
    return this.hi * 2 ** 32 + this.lo;
  }

  /** [GOB-2] An int within ±(2^53-1). */
  int(): number {
    if (this.pos < this.end) {
      const first = this.bytes[this.pos] as number;
      if (first < 0x80) {
        this.pos++;
        return (first & 1) === 0 ? first >> 1 : ~(first >> 1);
      }
    }
    this.words();
    const isNegative = (this.lo & 1) === 1;
    const magnitude = this.hi * 2 ** 31 + (this.lo >>> 1);
    const value = isNegative ? -magnitude - 1 : magnitude;
    if (!Number.isSafeInteger(value)) this.#beyondSafe();
    return value;
  }

  bigUint(): bigint {
    this.words();
    if (this.hi === 0) return BigInt(this.lo);
    scratch.setUint32(0, this.hi);
    scratch.setUint32(4, this.lo);
    return scratch.getBigUint64(0);
  }

  bigInt(): bigint {
    this.words();
    const mask = -(this.lo & 1);
    scratch.setUint32(0, (this.hi >>> 1) ^ mask);
    scratch.setUint32(4, ((this.hi << 31) | (this.lo >>> 1)) ^ mask);
    return scratch.getBigInt64(0);
  }

  /** A number where it is exact, a bigint elsewhere. */
  safeUint(): number | bigint {
    const start = this.pos;
    this.words();
    if (this.hi <= 0x1f_ffff) return this.hi * 2 ** 32 + this.lo;
    this.pos = start;
    return this.bigUint();
  }

  safeInt(): number | bigint {
    const start = this.pos;
    this.words();
    if (this.hi < 0x1f_ffff) {
      const magnitude = this.hi * 2 ** 31 + (this.lo >>> 1);
      return (this.lo & 1) === 0 ? magnitude : -magnitude - 1;
    }
    this.pos = start;
    const value = this.bigInt();
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  /** [GOB-3] */
  float(): number {
    const { pos } = this;
    if (pos + 9 <= this.end && this.bytes[pos] === 0xf8) {
      this.pos = pos + 9;
      return this.#littleEndian(pos + 1);
    }
    this.words();
    scratch.setUint32(0, this.hi);
    scratch.setUint32(4, this.lo);
    return scratch.getFloat64(0, true);
  }

  #littleEndian(pos: number): number {
    if (this.#viewed !== this.bytes) this.#useView();
    return this.#view.getFloat64(this.#viewOffset + pos, true);
  }

  /** A view of the memory below the bytes: chunks often share it, and a new view is dear. */
  #useView(): void {
    const { buffer, byteOffset } = this.bytes;
    if (this.#view.buffer !== buffer) this.#view = new DataView(buffer);
    this.#viewOffset = byteOffset;
    this.#viewed = this.bytes;
  }

  // Lists: loops of their own, because a call through a decoder costs more than a number. Each makes
  // its own array, because the engine remembers by the place what arrays made there hold.

  floats(count: number): number[] {
    const out: number[] = count < MAX_FULL_LENGTH ? new Array(count) : [];
    this.#useView();
    const { bytes, end } = this;
    const view = this.#view;
    const offset = this.#viewOffset + 1;
    let i = 0;
    try {
      for (; i < count; i++) {
        const { pos } = this;
        if (pos + 9 <= end && bytes[pos] === 0xf8) {
          this.pos = pos + 9;
          out[i] = view.getFloat64(offset + pos, true);
        } else out[i] = this.float();
      }
    } catch (error) {
      throw at(error, `[${i}]`);
    }
    return out;
  }

  ints(count: number): number[] {
    const out: number[] = count < MAX_FULL_LENGTH ? new Array(count) : [];
    const { bytes, end } = this;
    let i = 0;
    try {
      for (; i < count; i++) {
        const first = this.pos < end ? (bytes[this.pos] as number) : 0x80;
        if (first < 0x80) {
          this.pos++;
          out[i] = (first >> 1) ^ -(first & 1);
        } else out[i] = this.int();
      }
    } catch (error) {
      throw at(error, `[${i}]`);
    }
    return out;
  }

  uints(count: number): number[] {
    const out: number[] = count < MAX_FULL_LENGTH ? new Array(count) : [];
    let i = 0;
    try {
      for (; i < count; i++) out[i] = this.uint();
    } catch (error) {
      throw at(error, `[${i}]`);
    }
    return out;
  }

  strings(count: number): string[] {
    const out: string[] = count < MAX_FULL_LENGTH ? new Array(count) : [];
    let i = 0;
    try {
      for (; i < count; i++) out[i] = this.string();
    } catch (error) {
      throw at(error, `[${i}]`);
    }
    return out;
  }

  /** [GOB-4] Any number but 0 is true. */
  bool(): boolean {
    this.words();
    return this.lo !== 0 || this.hi !== 0;
  }

  /** [GOB-5] */
  string(): string {
    const byteLength = this.count("string");
    const start = this.pos;
    const end = start + byteLength;
    this.pos = end;
    if (byteLength > MAX_WINDOW_STRING_BYTES) return readUtf8(this.bytes, start, end);
    if (end <= this.#windowEnd || this.#openWindow(start, end)) {
      return this.#fromWindow(start, end);
    }
    if (byteLength > SHORT_STRING_BYTES) return readUtf8(this.bytes, start, end);
    return this.#shortString(start, end);
  }

  /** [GOB-5] A string that is likely to come again: a map key, the name of a type. */
  key(): string {
    const start = this.pos;
    const byteLength = this.count("string");
    const from = this.pos;
    const end = from + byteLength;
    if (byteLength > MAX_CACHED_BYTES) {
      this.pos = start;
      return this.string();
    }
    this.pos = end;
    this.#lastStringEnd = end;
    const known = cachedText(this.bytes, from, end);
    if (known !== undefined) return known;
    const text = this.#shortString(from, end);
    cacheText(this.bytes, from, end, text);
    return text;
  }

  /**
   * Where strings stand close together, a stretch of the message is made one string and they are cut
   * out of it: half the time of a call each. The stretch is short, because a string that is cut out
   * keeps it in memory.
   */
  #openWindow(start: number, end: number): boolean {
    const isClose = start - this.#lastStringEnd < CLOSE_BYTES && start >= this.#lastStringEnd;
    this.#lastStringEnd = end;
    if (!isClose || this.end - start < MIN_WINDOW_BYTES) return false;
    this.#windowStart = start;
    this.#windowEnd = Math.min(this.end, start + WINDOW_BYTES);
    if (end > this.#windowEnd) this.#windowEnd = end;
    this.#window = readLatin1(this.bytes, start, this.#windowEnd);
    return true;
  }

  #fromWindow(start: number, end: number): string {
    const { bytes } = this;
    this.#lastStringEnd = end;
    let seen = 0;
    for (let i = start; i < end; i++) seen |= bytes[i] as number;
    if (seen > 0x7f) return readUtf8(bytes, start, end);
    return this.#window.substring(start - this.#windowStart, end - this.#windowStart);
  }

  /** Four chars at a time: half the concatenations of one at a time, and measurably faster. */
  #shortString(start: number, end: number): string {
    const { bytes } = this;
    let text = "";
    let seen = 0;
    let i = start;
    for (; i + 4 <= end; i += 4) {
      const a = bytes[i] as number;
      const b = bytes[i + 1] as number;
      const c = bytes[i + 2] as number;
      const d = bytes[i + 3] as number;
      seen |= a | b | c | d;
      text += String.fromCharCode(a, b, c, d);
    }
    for (; i < end; i++) {
      seen |= bytes[i] as number;
      text += String.fromCharCode(bytes[i] as number);
    }
    return seen > 0x7f ? readUtf8(bytes, start, end) : text;
  }

  /** [GOB-5] The receiver's own: the message's bytes are borrowed. */
  blob(): Uint8Array {
    const byteLength = this.count("bytes");
    const given = this.give(byteLength) ?? this.#copy(byteLength);
    this.pos += byteLength;
    return given;
  }

  #copy(byteLength: number): Uint8Array {
    const copy = new Uint8Array(byteLength);
    // Element by element while a call costs more than that.
    if (byteLength > 32) copy.set(this.bytes.subarray(this.pos, this.pos + byteLength));
    else for (let i = 0; i < byteLength; i++) copy[i] = this.bytes[this.pos + i] as number;
    return copy;
  }

  /** The next bytes themselves, if whoever holds them can let them go. */
  protected give(_byteLength: number): Uint8Array | undefined {
    return undefined;
  }

  /** A byte count that fits into the rest of the message. */
  count(what: string): number {
    const byteLength = this.uint();
    if (byteLength > this.end - this.pos) {
      fail("corrupt", `${what} of ${byteLength} bytes is longer than its message`, {
        offset: this.offset,
      });
    }
    return byteLength;
  }

  skipBytes(what: string): void {
    const byteLength = this.count(what);
    this.pos += byteLength;
  }

  /** Reads a uint64 into `hi` and `lo`. Non-minimal forms are accepted, as Go does. */
  words(): void {
    if (this.pos >= this.end) {
      fail("corrupt", "value is cut short inside its message: EOF", { offset: this.offset });
    }
    const first = this.bytes[this.pos] as number;
    this.hi = 0;
    if (first < 0x80) {
      this.lo = first;
      this.pos++;
      return;
    }
    const byteLength = 0x100 - first;
    if (byteLength > 8) {
      const text = "gob: encoded unsigned integer out of range";
      fail("corrupt", text, { offset: this.offset, isGoText: true });
    }
    const left = this.end - this.pos - 1;
    if (byteLength > left) {
      const text = `gob: invalid uint data length ${byteLength}: exceeds input size ${left}`;
      fail("corrupt", text, { offset: this.offset, isGoText: true });
    }
    this.#load(byteLength);
  }

  #load(byteLength: number): void {
    const { bytes } = this;
    const end = this.pos + 1 + byteLength;
    let i = this.pos + 1;
    let hi = 0;
    let lo = 0;
    while (end - i > 4) hi = (hi << 8) | (bytes[i++] as number);
    while (i < end) lo = (lo << 8) | (bytes[i++] as number);
    this.hi = hi >>> 0;
    this.lo = lo >>> 0;
    this.pos = end;
  }

  #beyondSafe(): never {
    fail("out-of-range", "integer is beyond 2^53-1; give the schema the form bigint or safe", {
      offset: this.offset,
    });
  }
}
