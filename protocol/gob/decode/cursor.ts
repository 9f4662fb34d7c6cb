/**
 * Gob's primitives: numbers, booleans, strings and bytes, read one after the other out of the bytes of one message.
 * All reading goes through here.
 *
 * Two things make this code longer than the format. Numbers of one byte, by far the most, are read without a call.
 * And 64 bits do not fit a JavaScript number, so longer ones are read as two halves of 32 bits.
 */
import { MAX_FULL_LENGTH } from "../../bytes/cost.js";
import { readUtf8 } from "../../bytes/text.js";
import { at, fail } from "../failure.js";
import { cachedText, cacheText, MAX_CACHED_BYTES } from "./key-cache.js";
import { MAX_SHORT_BYTES, shortText } from "./short-text.js";
import { MAX_WINDOW_STRING_BYTES, MIN_WINDOW_BYTES, StringWindow } from "./string-window.js";

/** A byte slice from this size on is given away as a part of the decoder's own buffer instead of a copy. */
const MIN_GIVEN_BYTES = 32_768;
/** The view keeps memory alive. That of a larger buffer is let go as soon as the cursor leaves it. */
const MAX_KEPT_BYTES = 65_536;
const NO_BYTES = Buffer.alloc(0);
const scratch = new DataView(new ArrayBuffer(8));
/** For doubles whose last four bytes are 0. They stay 0: only the first four are ever written. */
const frontOnly = new DataView(new ArrayBuffer(8));

/** A position in one message, which no read goes beyond. */
export class Cursor {
  /** The memory that the message lies in. Only {@link moveTo} sets it. */
  readonly bytes: Buffer = NO_BYTES;
  /** The place of the next byte in {@link bytes}. */
  pos = 0;
  /** The end of the message in {@link bytes}. */
  end = 0;
  /** Where `bytes[0]` is in the stream. */
  base = 0;
  /** Whether {@link bytes} belong to the decoder, which may then give parts of them away. */
  isOwn = false;
  /** Whether parts of the decoder's own buffer were given away. Nothing in it may change from then on. */
  isGiven = false;
  /** The two halves of the number that {@link words} read. */
  protected hi = 0;
  protected lo = 0;
  /**
   * The memory below {@link bytes}, for numbers of several bytes. Up to date after {@link useView}. It is made as
   * seldom as possible: making a view costs as much as decoding a struct. It is a field of the cursor and no object of
   * its own, because the way through another object took some percent of the time of structs with numbers.
   */
  view: DataView = scratch;
  /** Where {@link bytes} begin in {@link view}. */
  viewOffset = 0;
  /** The buffer of the view. Comparing with it is faster than asking a Buffer for its memory. */
  #viewed: Buffer = NO_BYTES;
  readonly #window = new StringWindow();

  /** The place in the stream, for errors. */
  get offset(): number {
    return this.base + this.pos;
  }

  /**
   * Goes on in other memory, in which the bytes of the message stand `shift` places earlier.
   *
   * @param isOwn - whether the memory belongs to the decoder, see {@link isOwn}.
   */
  moveTo(bytes: Buffer, shift: number, isOwn: boolean): void {
    (this as { bytes: Buffer }).bytes = bytes;
    this.isOwn = isOwn;
    this.base += shift;
    this.pos -= shift;
    this.end -= shift;
    if (this.#viewed.length <= MAX_KEPT_BYTES) return;
    this.view = scratch;
    this.#viewed = NO_BYTES;
  }

  /** Makes {@link view} the memory of {@link bytes}. Several chunks often share theirs, and then a view serves them all. */
  useView(): void {
    const { buffer, byteOffset } = this.bytes;
    if (this.view.buffer !== buffer) this.view = new DataView(buffer);
    this.viewOffset = byteOffset;
    this.#viewed = this.bytes;
  }

  /** Steps into the message between these places. */
  enterMessage(pos: number, end: number): void {
    this.pos = pos;
    this.end = end;
    this.#window.close();
  }

  /** [GOB-1] A uint up to 2^53-1. */
  uint(): number {
    if (this.pos < this.end) {
      const first = this.bytes[this.pos] as number;
      if (first < 0x80) {
        this.pos++;
        return first;
      }
      if (first >= 0xfc && this.#canLoad4(first)) return this.#upTo4(first);
    }
    this.words();
    if (this.hi > 0x1f_ffff) this.#failBeyondSafe();
    return this.hi * 2 ** 32 + this.lo;
  }

  /** [GOB-2] An int within ±(2^53-1). */
  int(): number {
    if (this.pos < this.end) {
      const first = this.bytes[this.pos] as number;
      if (first < 0x80) {
        this.pos++;
        return (first >> 1) ^ -(first & 1);
      }
      if (first >= 0xfc && this.#canLoad4(first)) {
        const bits = this.#upTo4(first);
        return (bits >>> 1) ^ -(bits & 1);
      }
    }
    this.words();
    const isNegative = (this.lo & 1) === 1;
    const magnitude = this.hi * 2 ** 31 + (this.lo >>> 1);
    const value = isNegative ? -magnitude - 1 : magnitude;
    if (!Number.isSafeInteger(value)) this.#failBeyondSafe();
    return value;
  }

  /** Whether the number that starts with `first` is in its message, and four bytes can be loaded behind it. */
  #canLoad4(first: number): boolean {
    const { pos } = this;
    return pos + 0x100 - first < this.end && pos + 5 <= this.bytes.length;
  }

  /** A number of up to four bytes: four are loaded, and those that follow the number are shifted out. */
  #upTo4(first: number): number {
    const { bytes, pos } = this;
    const byteLength = 0x100 - first;
    const front =
      ((bytes[pos + 1] as number) << 24) |
      ((bytes[pos + 2] as number) << 16) |
      ((bytes[pos + 3] as number) << 8) |
      (bytes[pos + 4] as number);
    this.pos = pos + 1 + byteLength;
    return front >>> (32 - 8 * byteLength);
  }

  /** [GOB-1] A uint of 64 bits. */
  bigUint(): bigint {
    this.words();
    if (this.hi === 0) return BigInt(this.lo);
    scratch.setUint32(0, this.hi);
    scratch.setUint32(4, this.lo);
    return scratch.getBigUint64(0);
  }

  /** [GOB-2] An int of 64 bits. */
  bigInt(): bigint {
    this.words();
    const mask = -(this.lo & 1);
    scratch.setUint32(0, (this.hi >>> 1) ^ mask);
    scratch.setUint32(4, ((this.hi << 31) | (this.lo >>> 1)) ^ mask);
    return scratch.getBigInt64(0);
  }

  /** [GOB-1] A uint as a number up to 2^53-1, as a bigint beyond. */
  safeUint(): number | bigint {
    const start = this.pos;
    this.words();
    if (this.hi <= 0x1f_ffff) return this.hi * 2 ** 32 + this.lo;
    this.pos = start;
    return this.bigUint();
  }

  /** [GOB-2] An int as a number within ±(2^53-1), as a bigint beyond. */
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

  /** [GOB-3] A double. Its bytes come last to first, which is little-endian for the view. */
  float(): number {
    const { pos } = this;
    if (pos + 9 <= this.end && this.bytes[pos] === 0xf8) {
      this.pos = pos + 9;
      if (this.#viewed !== this.bytes) this.useView();
      return this.view.getFloat64(this.viewOffset + pos + 1, true);
    }
    const first = pos < this.end ? (this.bytes[pos] as number) : 0;
    if (first >= 0xfc && this.#canLoad4(first)) {
      frontOnly.setUint32(0, this.#upTo4(first), true);
      return frontOnly.getFloat64(0);
    }
    this.words();
    scratch.setUint32(0, this.hi);
    scratch.setUint32(4, this.lo);
    return scratch.getFloat64(0, true);
  }

  /** [GOB-4] Any number but 0 is true. */
  bool(): boolean {
    this.words();
    return this.lo !== 0 || this.hi !== 0;
  }

  /** [GOB-5] A byte slice. It belongs to the caller, unlike the bytes of the message. */
  blob(): Uint8Array {
    const byteLength = this.count("bytes");
    const { pos } = this;
    this.pos = pos + byteLength;
    return this.isOwn && byteLength >= MIN_GIVEN_BYTES
      ? this.#give(pos, byteLength)
      : this.#copy(pos, byteLength);
  }

  #copy(pos: number, byteLength: number): Uint8Array {
    const copy = new Uint8Array(byteLength);
    // Up to this length a loop is faster than the call.
    if (byteLength > 32) copy.set(this.bytes.subarray(pos, pos + byteLength));
    else for (let i = 0; i < byteLength; i++) copy[i] = this.bytes[pos + i] as number;
    return copy;
  }

  #give(pos: number, byteLength: number): Uint8Array {
    this.isGiven = true;
    const { buffer, byteOffset } = this.bytes;
    return new Uint8Array(buffer, byteOffset + pos, byteLength);
  }

  /** [GOB-5] [GOB-44] A string. Bytes that are not UTF-8 become lone surrogates. */
  string(): string {
    const byteLength = this.count("string");
    const start = this.pos;
    const end = start + byteLength;
    this.pos = end;
    if (byteLength > MAX_WINDOW_STRING_BYTES) return readUtf8(this.bytes, start, end);
    const window = this.#window;
    const left = this.end - start;
    if (
      end <= window.end ||
      (left >= MIN_WINDOW_BYTES && window.open(this.bytes, start, end, left))
    ) {
      return window.cut(this.bytes, start, end);
    }
    if (byteLength > MAX_SHORT_BYTES) return readUtf8(this.bytes, start, end);
    return shortText(this.bytes, start, end);
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
    this.#window.lastStringEnd = end;
    const known = cachedText(this.bytes, from, end);
    if (known !== undefined) return known;
    const text = shortText(this.bytes, from, end);
    cacheText(this.bytes, from, end, text);
    return text;
  }

  /** A byte count that fits into the rest of the message. @param what - the name of the bytes, for the error. */
  count(what: string): number {
    const byteLength = this.uint();
    if (byteLength > this.end - this.pos) {
      fail("corrupt", `${what} of ${byteLength} bytes is longer than its message`, {
        offset: this.offset,
      });
    }
    return byteLength;
  }

  /** Reads past a string or bytes. @param what - for the error, see {@link count}. */
  skipBytes(what: string): void {
    const byteLength = this.count(what);
    this.pos += byteLength;
  }

  /** [GOB-1] Reads any uint64 into `hi` and `lo`. Forms that are longer than needed are accepted, as in Go. */
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
    this.#load(this.pos + 1, byteLength);
    this.pos += 1 + byteLength;
  }

  /**
   * Loads 8 bytes as two words and shifts out those that follow the number. The last bytes of the memory have
   * fewer than 8 behind them and are read one by one.
   */
  #load(from: number, byteLength: number): void {
    const { bytes } = this;
    if (from + 8 <= bytes.length) {
      if (this.#viewed !== bytes) this.useView();
      const at = this.viewOffset + from;
      const front = this.view.getUint32(at);
      if (byteLength <= 4) this.lo = front >>> (32 - 8 * byteLength);
      else {
        const shift = 64 - 8 * byteLength;
        const back = this.view.getUint32(at + 4);
        this.hi = front >>> shift;
        this.lo = shift === 0 ? back : ((front << (32 - shift)) | (back >>> shift)) >>> 0;
      }
      return;
    }
    let i = from;
    let hi = 0;
    let lo = 0;
    for (const end = from + byteLength - 4; i < end; i++) hi = (hi << 8) | (bytes[i] as number);
    for (const end = from + byteLength; i < end; i++) lo = (lo << 8) | (bytes[i] as number);
    this.hi = hi >>> 0;
    this.lo = lo >>> 0;
  }

  // Lists of the kinds that come in long lists. Each has a loop of its own, because calling a decoder for an element
  // costs more than reading a number. Each loop also makes its own array: for each place in the code that makes arrays
  // the engine remembers the kind of their elements, and arrays of one place for all kinds are slow. As functions
  // outside of the class the loops were up to 12 % slower. The caller checks that `count` bytes are there at least.

  /** [GOB-3] Doubles. The form of 9 bytes, which most have, is read without a call. */
  floats(count: number): number[] {
    const out: number[] = count <= MAX_FULL_LENGTH ? new Array(count) : [];
    this.useView();
    const { bytes, end, view } = this;
    const offset = this.viewOffset + 1;
    let { pos } = this;
    let i = 0;
    try {
      for (; i < count; i++) {
        if (pos + 9 <= end && bytes[pos] === 0xf8) {
          out[i] = view.getFloat64(offset + pos, true);
          pos += 9;
        } else {
          this.pos = pos;
          out[i] = this.float();
          pos = this.pos;
        }
      }
      this.pos = pos;
    } catch (error) {
      throw at(error, `[${i}]`);
    }
    return out;
  }

  /** [GOB-2] Ints as numbers. Those of one and two bytes are read without a call. */
  ints(count: number): number[] {
    const out: number[] = count <= MAX_FULL_LENGTH ? new Array(count) : [];
    const { bytes, end } = this;
    let { pos } = this;
    let i = 0;
    try {
      for (; i < count; i++) {
        const first = pos < end ? (bytes[pos] as number) : 0x80;
        if (first < 0x80) {
          out[i] = (first >> 1) ^ -(first & 1);
          pos++;
        } else if (first === 0xff && pos + 1 < end) {
          const byte = bytes[pos + 1] as number;
          out[i] = (byte >> 1) ^ -(byte & 1);
          pos += 2;
        } else {
          this.pos = pos;
          out[i] = this.int();
          pos = this.pos;
        }
      }
      this.pos = pos;
    } catch (error) {
      throw at(error, `[${i}]`);
    }
    return out;
  }

  /** [GOB-1] Uints as numbers. */
  uints(count: number): number[] {
    const out: number[] = count <= MAX_FULL_LENGTH ? new Array(count) : [];
    let i = 0;
    try {
      for (; i < count; i++) out[i] = this.uint();
    } catch (error) {
      throw at(error, `[${i}]`);
    }
    return out;
  }

  /** [GOB-5] Strings. */
  strings(count: number): string[] {
    const out: string[] = count <= MAX_FULL_LENGTH ? new Array(count) : [];
    let i = 0;
    try {
      for (; i < count; i++) out[i] = this.string();
    } catch (error) {
      throw at(error, `[${i}]`);
    }
    return out;
  }

  #failBeyondSafe(): never {
    fail("out-of-range", "integer is beyond 2^53-1; give the schema the form bigint or safe", {
      offset: this.offset,
    });
  }
}
