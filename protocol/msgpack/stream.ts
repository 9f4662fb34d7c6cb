import { InputBuffer } from "../bytes/input.js";
import { CodecError } from "../errors.js";
import { plainDecoder } from "../plain/decode.js";
import { plainEncoder } from "../plain/encode.js";
import { rootName } from "../plain/fields.js";
import { DEFAULT_PLAIN_LIMITS, type PlainLimits } from "../plain/limits.js";
import { toCodecError } from "../plain/mismatch.js";
import type { AnySchema } from "../schema/index.js";
import { type MsgpackDialect, UGORJI } from "./dialect.js";
import { MsgpackReader } from "./reader.js";
import { MsgpackScanner } from "./scanner.js";
import { MsgpackWriter } from "./writer.js";

export interface MsgpackOptions extends Partial<PlainLimits> {
  /** Whose msgpack the peer speaks. Default {@link UGORJI}, which is Packer's. */
  readonly dialect?: MsgpackDialect;
  /**
   * Values without a schema: what may be a text or bytes is a text. Go's option of that name. Default
   * false. Without effect where the dialect tells them apart.
   */
  readonly rawToString?: boolean;
}

/** Values going out, one after the other. */
export class MsgpackEncoder {
  readonly writer: MsgpackWriter;

  constructor({ dialect = UGORJI }: MsgpackOptions = {}) {
    this.writer = new MsgpackWriter(dialect);
  }

  /** @throws CodecError `bad-value`, `out-of-range`, `codec-failed`; take or discard what is there. */
  append(schema: AnySchema, value: unknown, context?: unknown): void {
    try {
      plainEncoder(schema).write(this.writer, value, context);
    } catch (error) {
      throw toCodecError(error, "msgpack", rootName(schema));
    }
  }
}

/** Values coming in, back to back. */
export class MsgpackDecoder {
  readonly #input = new InputBuffer();
  readonly #scanner: MsgpackScanner;
  readonly #reader: MsgpackReader;
  #isEnded = false;
  /** Why the stream cannot go on. */
  #broken: CodecError | undefined;

  constructor({ dialect = UGORJI, rawToString = false, ...limits }: MsgpackOptions = {}) {
    this.#scanner = new MsgpackScanner({ ...DEFAULT_PLAIN_LIMITS, ...limits }, dialect.isRaw);
    this.#reader = new MsgpackReader(dialect, rawToString && dialect.isRaw);
  }

  get isBroken(): boolean {
    return this.#broken !== undefined;
  }

  push(chunk: Uint8Array): void {
    this.#input.push(chunk);
  }
  retain(): void {
    this.#input.retain();
  }
  end(): void {
    this.#isEnded = true;
  }

  /**
   * The bytes of the next value, borrowed until more is pushed; undefined while it is not all there.
   *
   * @throws CodecError `corrupt`, `limit`: nobody knows where the next value begins; `eof`,
   * `unexpected-eof` after the end.
   */
  take(): Uint8Array | undefined {
    if (this.#broken !== undefined) throw this.#broken;
    const { bytes, start, limit } = this.#input;
    try {
      const length = this.#scanner.scan(bytes, start, limit);
      if (length === undefined) {
        if (this.#isEnded) throw endError(start < limit);
        return undefined;
      }
      this.#input.start += length;
      return bytes.subarray(start, start + length);
    } catch (error) {
      this.#broken = error as CodecError;
      throw error;
    }
  }

  /** A value as it is, for codecs that look at its parts. @throws CodecError `corrupt`. */
  parse(bytes: Uint8Array): unknown {
    return this.#reader.parse(bytes);
  }

  /** @throws CodecError with any code but `eof`; the stream goes on. */
  decode(schema: AnySchema, bytes: Uint8Array, context?: unknown, into?: unknown): unknown {
    return this.convert(schema, this.parse(bytes), context, into);
  }

  /** @param node - from {@link parse}. */
  convert(schema: AnySchema, node: unknown, context?: unknown, into?: unknown): unknown {
    try {
      return plainDecoder(schema).read(this.#reader, node, context, into);
    } catch (error) {
      throw toCodecError(error, "msgpack", rootName(schema));
    }
  }
}

const endError = (isCut: boolean): CodecError =>
  isCut ? new CodecError("unexpected-eof", "unexpected EOF") : new CodecError("eof", "EOF");
