import { fail } from "./failure.js";

/** Up to here a string is built char by char, which is faster than a call into the runtime. */
const SHORT_STRING_BYTES = 28;
const scratch = new DataView(new ArrayBuffer(8));
const NO_BYTES = Buffer.alloc(0);

/** A bounds-checked cursor over one message: gob's primitives. */
export class Reader {
  bytes: Buffer = NO_BYTES;
  view: DataView = scratch;
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
      return this.view.getFloat64(pos + 1, true);
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

  /** [GOB-5] */
  string(): string {
    const byteLength = this.count("string");
    const start = this.pos;
    const end = start + byteLength;
    this.pos = end;
    if (byteLength > SHORT_STRING_BYTES) return this.bytes.toString("utf8", start, end);
    let text = "";
    for (let i = start; i < end; i++) {
      const code = this.bytes[i] as number;
      if (code > 0x7f) return this.bytes.toString("utf8", start, end);
      text += String.fromCharCode(code);
    }
    return text;
  }

  /** [GOB-5] A copy: the message's bytes are borrowed. */
  blob(): Uint8Array {
    const byteLength = this.count("bytes");
    const copy = new Uint8Array(byteLength);
    copy.set(this.bytes.subarray(this.pos, this.pos + byteLength));
    this.pos += byteLength;
    return copy;
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
    const end = this.pos + 1 + byteLength;
    let hi = 0;
    let lo = 0;
    for (let i = this.pos + 1; i < end; i++) {
      if (end - i > 4) hi = (hi << 8) | (this.bytes[i] as number);
      else lo = (lo << 8) | (this.bytes[i] as number);
    }
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
