/** How schemas write msgpack. */
import { writeStrayBytes } from "../bytes/stray-bytes.js";
import { writeUtf8 } from "../bytes/text.js";
import { ByteWriter } from "../bytes/writer.js";
import type { PlainWriter } from "../plain/format.js";
import type { Extension } from "../schema/index.js";
import { readInstant, YEAR_ONE_TO_UNIX } from "../schema/instant.js";
import type { MsgpackDialect } from "./dialect.js";
import { encodeTimestamp } from "./timestamp.js";

/** A head and a number of 64 bits. */
const MAX_HEAD_BYTES = 9;
const TIMESTAMP_TYPE = -1;

/** Each value is a head, which says its kind and size, and its content. The shortest head is chosen [NETRPC-19]. */
export class MsgpackWriter implements PlainWriter {
  readonly layer = "msgpack";
  readonly #out = new ByteWriter();
  readonly #dialect: MsgpackDialect;

  constructor(dialect: MsgpackDialect) {
    this.#dialect = dialect;
  }

  /** Bytes written and not taken. */
  get length(): number {
    return this.#out.length;
  }
  take(): Uint8Array {
    return this.#out.take();
  }
  /** Takes back what {@link take} handed out, to write there again. */
  recycle(taken: Uint8Array): void {
    this.#out.recycle(taken);
  }
  /** Drops everything from `length` on. */
  truncate(length: number): void {
    this.#out.truncate(length);
  }

  nil(): void {
    this.#out.byte(0xc0);
  }
  bool(value: boolean): void {
    this.#out.byte(value ? 0xc3 : 0xc2);
  }
  int(value: number | bigint, isSigned: boolean): void {
    if (value >= -32 && value < 128) this.#out.byte(Number(value) & 0xff);
    else if (value < 0 || (isSigned && this.#dialect.signed === "signed")) this.#signed(value);
    else this.#unsigned(value);
  }
  #signed(value: number | bigint): void {
    const out = this.#head();
    if (value >= -0x80 && value < 0x80) out.view.setInt8(this.#mark(0xd0, 1), Number(value));
    else if (value >= -0x8000 && value < 0x8000) {
      out.view.setInt16(this.#mark(0xd1, 2), Number(value));
    } else if (value >= -0x8000_0000 && value < 0x8000_0000) {
      out.view.setInt32(this.#mark(0xd2, 4), Number(value));
    } else out.view.setBigInt64(this.#mark(0xd3, 8), BigInt(value));
  }
  #unsigned(value: number | bigint): void {
    const out = this.#head();
    if (value < 0x100) out.view.setUint8(this.#mark(0xcc, 1), Number(value));
    else if (value < 0x1_0000) out.view.setUint16(this.#mark(0xcd, 2), Number(value));
    else if (value < 0x1_0000_0000) out.view.setUint32(this.#mark(0xce, 4), Number(value));
    else out.view.setBigUint64(this.#mark(0xcf, 8), BigInt(value));
  }
  float(value: number, bits: 32 | 64): void {
    const out = this.#head();
    if (bits === 32) out.view.setFloat32(this.#mark(0xca, 4), value);
    else out.view.setFloat64(this.#mark(0xcb, 8), value);
  }
  /** [GOB-44] Lone surrogates that stand for bytes are written as those bytes. */
  string(value: string): void {
    if (!value.isWellFormed()) {
      const bytes = writeStrayBytes(value);
      this.#stringHead(bytes.length);
      this.#out.raw(bytes);
      return;
    }
    const byteLength = Buffer.byteLength(value);
    this.#stringHead(byteLength);
    const out = this.#out;
    out.reserve(byteLength);
    out.pos += writeUtf8(out.bytes, value, out.pos);
  }
  #stringHead(byteLength: number): void {
    if (byteLength < 32) this.#out.byte(0xa0 | byteLength);
    else this.#count(byteLength, 0xd9);
  }
  numberText(text: string): void {
    this.string(text);
  }
  bytes(value: Uint8Array): void {
    this.#count(value.length, 0xc4);
    this.#out.raw(value);
  }
  byteArray(value: Uint8Array): void {
    this.bytes(value);
  }
  /** [NETRPC-20] */
  marshaled(goName: string, bytes: Uint8Array): void {
    if (goName !== "time.Time" || this.#dialect.time !== "ext") this.bytes(bytes);
    else {
      const time = readInstant(bytes);
      const isZero = time.unixSeconds === -YEAR_ONE_TO_UNIX && time.nanoseconds === 0;
      if (isZero) this.nil();
      else this.#extension(TIMESTAMP_TYPE, encodeTimestamp(time));
    }
  }
  extension({ type, data }: Extension): void {
    this.#extension(type, data);
  }
  #extension(type: number, data: Uint8Array): void {
    const log2 = [1, 2, 4, 8, 16].indexOf(data.length);
    if (log2 >= 0) this.#out.byte(0xd4 + log2);
    else this.#count(data.length, 0xc7);
    this.#out.byte(type & 0xff);
    this.#out.raw(data);
  }
  openArray(length: number): void {
    if (length < 16) this.#out.byte(0x90 | length);
    else this.#count(length, 0xdb);
  }
  openMap(size: number): void {
    if (size < 16) this.#out.byte(0x80 | size);
    else this.#count(size, 0xdd);
  }
  fieldName(name: string): void {
    this.string(name);
  }
  /** Keys are values like any others. */
  get keys(): MsgpackWriter {
    return this;
  }
  /** Containers have their size in front and no mark at their end. */
  closeArray(): void {}
  closeMap(): void {}

  #head(): ByteWriter {
    this.#out.reserve(MAX_HEAD_BYTES);
    return this.#out;
  }
  /** Writes the first byte. Returns the place of the `byteLength` bytes behind it, for which there is room. */
  #mark(first: number, byteLength: number): number {
    const out = this.#out;
    out.bytes[out.pos] = first;
    out.pos += 1 + byteLength;
    return out.pos - byteLength;
  }
  /** @param first - the byte in front of a count of 8 bits. The next two are for 16 and 32 bits; containers lack the first. */
  #count(count: number, first: number): void {
    const out = this.#head();
    if (count < 0x100 && first < 0xdb) out.view.setUint8(this.#mark(first, 1), count);
    else if (count < 0x1_0000) out.view.setUint16(this.#mark(first + 1, 2), count);
    else out.view.setUint32(this.#mark(first + 2, 4), count);
  }
}
