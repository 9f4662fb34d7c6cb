import { at, fail } from "../failure.js";

/** A list is made at its full length up to here; a longer one would become a dictionary. */
export const MAX_FULL_LENGTH = 1_000_000;
/** A view of more memory than this does not outlive its use. */
const MAX_VIEW_BYTES = 65_536;
const scratch = new DataView(new ArrayBuffer(8));
/** For doubles of which only the first four bytes are not 0. */
const frontOnly = new DataView(new ArrayBuffer(8));
const NO_BYTES = Buffer.alloc(0);

/** A bounds-checked cursor over one message: gob's numbers and bytes. */
export class NumberReader {
  /** Set by {@link useBytes} alone. */
  readonly bytes: Buffer = NO_BYTES;
  /** For numbers of several bytes, and where `bytes` begin in it; in step after {@link #useView}. */
  #view: DataView = scratch;
  #viewOffset = 0;
  #viewed: Buffer = NO_BYTES;
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

  /** Goes on in `bytes`. */
  useBytes(bytes: Buffer): void {
    (this as { bytes: Buffer }).bytes = bytes;
    if (this.#viewed.length <= MAX_VIEW_BYTES) return;
    this.#view = scratch;
    this.#viewed = NO_BYTES;
  }

  /** Steps into a message. */
  protected useMessage(pos: number, end: number): void {
    this.pos = pos;
    this.end = end;
  }

  /** [GOB-1] A uint up to 2^53-1. */
  uint(): number {
    if (this.pos < this.end) {
      const first = this.bytes[this.pos] as number;
      if (first < 0x80) {
        this.pos++;
        return first;
      }
      if (first >= 0xfc && this.#isFar(first)) return this.#upTo4(first);
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
        return (first >> 1) ^ -(first & 1);
      }
      if (first >= 0xfc && this.#isFar(first)) {
        const bits = this.#upTo4(first);
        return (bits >>> 1) ^ -(bits & 1);
      }
    }
    this.words();
    const isNegative = (this.lo & 1) === 1;
    const magnitude = this.hi * 2 ** 31 + (this.lo >>> 1);
    const value = isNegative ? -magnitude - 1 : magnitude;
    if (!Number.isSafeInteger(value)) this.#beyondSafe();
    return value;
  }

  /** Whether a number that starts with `first` is in its message, and four bytes can be read behind it. */
  #isFar(first: number): boolean {
    const { pos } = this;
    return pos + 0x100 - first < this.end && pos + 5 <= this.bytes.length;
  }

  /** A number of up to four bytes: four are loaded, and those that are not its own shifted out. */
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
      if (this.#viewed !== this.bytes) this.#useView();
      return this.#view.getFloat64(this.#viewOffset + pos + 1, true);
    }
    const first = pos < this.end ? (this.bytes[pos] as number) : 0;
    if (first >= 0xfc && this.#isFar(first)) {
      frontOnly.setUint32(0, this.#upTo4(first), true);
      return frontOnly.getFloat64(0);
    }
    this.words();
    scratch.setUint32(0, this.hi);
    scratch.setUint32(4, this.lo);
    return scratch.getFloat64(0, true);
  }

  // Lists: loops of their own, because a call through a decoder costs more than a number. Each makes
  // its own array, because the engine remembers by the place what arrays made there hold.

  floats(count: number): number[] {
    const out: number[] = count < MAX_FULL_LENGTH ? new Array(count) : [];
    this.#useView();
    const { bytes, end } = this;
    const view = this.#view;
    const offset = this.#viewOffset + 1;
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

  ints(count: number): number[] {
    const out: number[] = count < MAX_FULL_LENGTH ? new Array(count) : [];
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

  /** [GOB-4] Any number but 0 is true. */
  bool(): boolean {
    this.words();
    return this.lo !== 0 || this.hi !== 0;
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
    this.#load(this.pos + 1, byteLength);
    this.pos += 1 + byteLength;
  }

  /** Whole words, shifted down to the bytes that count; where these are the last there is a loop. */
  #load(from: number, byteLength: number): void {
    const { bytes } = this;
    if (from + 8 <= bytes.length) {
      if (this.#viewed !== bytes) this.#useView();
      const at = this.#viewOffset + from;
      const front = this.#view.getUint32(at);
      if (byteLength <= 4) this.lo = front >>> (32 - 8 * byteLength);
      else {
        const shift = 64 - 8 * byteLength;
        const back = this.#view.getUint32(at + 4);
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

  /** The view is of the memory below: chunks often share it, and to ask a chunk for it is dear. */
  #useView(): void {
    const { buffer, byteOffset } = this.bytes;
    if (this.#view.buffer !== buffer) this.#view = new DataView(buffer);
    this.#viewOffset = byteOffset;
    this.#viewed = this.bytes;
  }

  #beyondSafe(): never {
    fail("out-of-range", "integer is beyond 2^53-1; give the schema the form bigint or safe", {
      offset: this.offset,
    });
  }
}
