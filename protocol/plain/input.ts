/** Values coming in without Go types: what the streams of JSON and msgpack share. */
import { InputBuffer } from "../bytes/input.js";
import { CodecError, isCodecError } from "../errors.js";
import type { AnySchema } from "../schema/index.js";
import { plainDecoder } from "./decode.js";
import { toCodecError } from "./failure.js";
import { rootName } from "./fields.js";
import type { PlainReader } from "./format.js";

/** Finds where a message ends before anything is allocated for its content. */
export interface MessageScanner {
  /**
   * The length of the message at `start`, white space before it included. Undefined while it is incomplete:
   * the next call goes on where this one stopped.
   *
   * @throws CodecError `corrupt`, `limit`. The end of such a message cannot be found.
   */
  scan(bytes: Uint8Array, start: number, limit: number): number | undefined;
  /** Whether the bytes scanned since the last message are only white space. */
  readonly hasOnlySpace: boolean;
}

/**
 * A stream of messages in one format. A message is taken out when all of it has arrived. Its bytes are then
 * parsed to nodes, and the nodes converted by a schema. A node that does not fit its schema concerns that
 * message alone, because the scanner has found its end before.
 */
export abstract class PlainInput {
  readonly #buffer = new InputBuffer();
  readonly #scanner: MessageScanner;
  readonly #reader: PlainReader;
  #isEnded = false;
  /** Why the stream cannot go on. */
  #broken: Error | undefined;

  constructor(scanner: MessageScanner, reader: PlainReader) {
    this.#scanner = scanner;
    this.#reader = reader;
  }

  /** The start of the next message cannot be found, or the input has ended. */
  get isBroken(): boolean {
    return this.#broken !== undefined;
  }

  /** Adds what arrived. `chunk` is borrowed until {@link retain}. */
  push(chunk: Uint8Array): void {
    this.#buffer.push(chunk);
  }

  /** Copies what is not consumed, so that the pushed chunk may be reused. */
  retain(): void {
    this.#buffer.retain();
  }

  /** Nothing more will arrive: from now on a missing byte is an error. */
  end(): void {
    this.#isEnded = true;
  }

  /**
   * The bytes of the next message, borrowed until more is pushed. Undefined while it is incomplete.
   *
   * @throws CodecError `corrupt` and `limit` for a message without a findable end; `eof` and
   *   `unexpected-eof` after the end of the input. The stream is broken then.
   */
  take(): Uint8Array | undefined {
    if (this.#broken !== undefined) throw this.#broken;
    const { bytes, start, limit } = this.#buffer;
    try {
      const length = this.#scanner.scan(bytes, start, limit);
      if (length === undefined) return this.#needMore();
      this.#buffer.start += length;
      return bytes.subarray(start, start + length);
    } catch (error) {
      return this.break(isCodecError(error) ? error : toCodecError(error, this.#reader.layer, ""));
    }
  }

  /** Makes a value of a parsed message, or of a part of one. @throws CodecError with any code but `eof`. */
  convert(schema: AnySchema, node: unknown, context?: unknown, into?: unknown): unknown {
    try {
      return plainDecoder(schema).read(this.#reader, node, context, into);
    } catch (error) {
      throw toCodecError(error, this.#reader.layer, rootName(schema));
    }
  }

  /** Throws `error`, now and at every later {@link take}: what was taken shows that the stream is lost. */
  break(error: Error): never {
    this.#broken = error;
    throw error;
  }

  #needMore(): undefined {
    if (!this.#isEnded) return undefined;
    const isCut = this.#buffer.byteLength > 0 && !this.#scanner.hasOnlySpace;
    throw isCut ? new CodecError("unexpected-eof", "unexpected EOF") : new CodecError("eof", "EOF");
  }
}
