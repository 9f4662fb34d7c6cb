/** msgpack as a stream: values back to back, nothing around them. */
import { NEED_MORE } from "../bytes/need-more.js";
import { Budget } from "../plain/budget.js";
import { plainEncoder } from "../plain/encode.js";
import { toCodecError } from "../plain/failure.js";
import { rootName } from "../plain/fields.js";
import { PlainInput } from "../plain/input.js";
import { DEFAULT_PLAIN_LIMITS, type PlainLimits } from "../plain/limits.js";
import type { AnySchema } from "../schema/index.js";
import { type MsgpackDialect, UGORJI } from "./dialect.js";
import { MsgpackReader } from "./reader.js";
import { MsgpackScanner } from "./scanner.js";
import { MsgpackWriter } from "./writer.js";

/** What the two ends of a msgpack connection must agree on, and the limits of the receiver. */
export interface MsgpackOptions extends Partial<PlainLimits> {
  /** The Go library that the peer uses. Default {@link UGORJI}, which is Packer's. */
  readonly dialect?: MsgpackDialect;
  /**
   * For values without a schema in a dialect where texts and bytes look the same: whether they arrive as
   * texts. Default false: as bytes. Go: `RawToString`.
   */
  readonly rawToString?: boolean;
}

/** Values going out, one after the other. */
export class MsgpackEncoder {
  /** For codecs that write containers around values. */
  readonly writer: MsgpackWriter;
  /** As in gob's encoder: msgpack defines no types. */
  readonly sentTypes = 0;

  constructor({ dialect = UGORJI }: MsgpackOptions = {}) {
    this.writer = new MsgpackWriter(dialect);
  }

  /** Bytes that were appended and not taken. */
  get pendingBytes(): number {
    return this.writer.length;
  }

  /** Hands out the pending bytes, which the caller owns from then on. */
  take(): Uint8Array {
    return this.writer.take();
  }

  /** Takes back what {@link take} handed out: its memory is used for a later value. */
  recycle(taken: Uint8Array): void {
    this.writer.recycle(taken);
  }

  /**
   * Adds a value to the pending bytes. If it throws, a part of the value may be there: go back with
   * {@link rollback}.
   *
   * @param context - handed to the codecs in the schema.
   * @throws CodecError `bad-value`, `out-of-range`, `codec-failed`.
   */
  append(schema: AnySchema, value: unknown, context?: unknown): void {
    try {
      plainEncoder(schema).write(this.writer, value, context);
    } catch (error) {
      throw toCodecError(error, "msgpack", rootName(schema));
    }
  }

  /** Goes back to where {@link pendingBytes} was this, since the last take. */
  rollback(pendingBytes: number): void {
    this.writer.truncate(pendingBytes);
  }
}

/** Values coming in, back to back. */
export class MsgpackDecoder extends PlainInput {
  readonly #reader: MsgpackReader;

  constructor({ dialect = UGORJI, rawToString = false, ...limits }: MsgpackOptions = {}) {
    const all = { ...DEFAULT_PLAIN_LIMITS, ...limits };
    const budget = new Budget(all.maxValueBytes);
    const reader = new MsgpackReader(dialect, rawToString && dialect.isRaw, budget);
    super(new MsgpackScanner(all, dialect.isRaw, budget), reader);
    this.#reader = reader;
  }

  /**
   * Decodes the next value, or returns {@link NEED_MORE}.
   *
   * @param into - a struct's value to fill: fields that are not sent keep what they have.
   * @param context - handed to the codecs in the schema.
   * @throws CodecError as {@link take}; with other codes for a value that does not fit: the next call starts
   *   at the next value.
   */
  tryDecode(schema: AnySchema, into?: unknown, context?: unknown): unknown | typeof NEED_MORE {
    const bytes = this.take();
    if (bytes === undefined) return NEED_MORE;
    return this.convert(schema, this.parse(bytes), context, into);
  }

  /** Reads past the next value; false when it has not arrived whole. @throws CodecError as {@link take}. */
  trySkip(): boolean {
    return this.take() !== undefined;
  }

  /**
   * The nodes of one value, for codecs that look at its parts.
   *
   * @param bytes - from {@link take}. Byte strings in the result are parts of it.
   * @throws CodecError `corrupt`; the stream goes on.
   */
  parse(bytes: Uint8Array): unknown {
    return this.#reader.parse(bytes);
  }
}
