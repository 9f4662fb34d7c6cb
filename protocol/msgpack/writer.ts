/** How schemas write msgpack. */
import { Encoder } from "@msgpack/msgpack";
import { ByteWriter } from "../bytes/writer.js";
import type { PlainWriter } from "../plain/format.js";
import { readInstant } from "../schema/instant.js";
import type { MsgpackDialect } from "./dialect.js";
import { extensions } from "./extensions.js";
import { Timestamp } from "./timestamp.js";

const BIGINT = { useBigInt64: true, extensionCodec: extensions } as const;

/**
 * Writes the heads of containers itself and leaves scalars to @msgpack/msgpack, which knows only plain
 * objects with strings as keys. Floats have an encoder of their own, because the library can take all
 * numbers for floats, but not a single one.
 */
export class MsgpackWriter implements PlainWriter {
  readonly #out = new ByteWriter();
  readonly #scalars = new Encoder(BIGINT);
  readonly #floats = new Encoder({ ...BIGINT, forceIntegerToFloat: true });
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
  int(value: number | bigint): void {
    // The library writes numbers past 32 bits as floats, but bigints as integers.
    const isWide = typeof value === "number" && (value >= 2 ** 32 || value < -(2 ** 31));
    this.#scalar(isWide ? BigInt(value) : value);
  }
  float(value: number): void {
    this.#out.raw(this.#floats.encodeSharedRef(value));
  }
  string(value: string): void {
    this.#scalar(value);
  }
  bytes(value: Uint8Array): void {
    this.#scalar(value);
  }
  byteArray(value: Uint8Array): void {
    this.#scalar(value);
  }
  /** [NETRPC-20] */
  marshaled(goName: string, bytes: Uint8Array): void {
    const isExt = goName === "time.Time" && this.#dialect.time === "ext";
    this.#scalar(isExt ? new Timestamp(readInstant(bytes)) : bytes);
  }
  openArray(length: number): void {
    this.#open(length, 0x90, 0xdc);
  }
  openMap(size: number): void {
    this.#open(size, 0x80, 0xde);
  }
  mapKey(key: string | number | bigint | boolean): void {
    if (typeof key === "boolean") this.bool(key);
    else if (typeof key === "string") this.#scalar(key);
    else this.int(key);
  }
  /** Containers have their size in front and no mark at their end. */
  closeArray(): void {}
  closeMap(): void {}

  #scalar(value: unknown): void {
    this.#out.raw(this.#scalars.encodeSharedRef(value));
  }

  /** @param wide - the byte in front of a count of 16 bits; the next one is for 32 bits. */
  #open(count: number, short: number, wide: number): void {
    const out = this.#out;
    if (count < 16) {
      out.byte(short | count);
      return;
    }
    out.reserve(5);
    if (count < 0x1_0000) {
      out.byte(wide);
      out.view.setUint16(out.pos, count);
      out.pos += 2;
    } else {
      out.byte(wide + 1);
      out.view.setUint32(out.pos, count);
      out.pos += 4;
    }
  }
}
