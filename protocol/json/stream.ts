/** JSON as a stream: one object per message, values of any kind inside. */
import { NEED_MORE } from "../bytes/need-more.js";
import { ByteWriter } from "../bytes/writer.js";
import { Budget } from "../plain/budget.js";
import { plainEncoder } from "../plain/encode.js";
import { toCodecError } from "../plain/failure.js";
import { rootName } from "../plain/fields.js";
import { PlainInput } from "../plain/input.js";
import { DEFAULT_PLAIN_LIMITS, type PlainLimits } from "../plain/limits.js";
import type { AnySchema } from "../schema/index.js";
import { parseJson, parseMembers } from "./parse.js";
import { JsonReader } from "./reader.js";
import { JsonScanner } from "./scanner.js";
import { JsonWriter } from "./writer.js";

/** Messages going out, one line each. */
export class JsonEncoder {
  readonly #writer = new JsonWriter();
  readonly #lines = new ByteWriter();

  /** Bytes that were appended and not taken. */
  get pendingBytes(): number {
    return this.#lines.length;
  }

  /** Hands out the pending bytes, which the caller owns from then on. */
  take(): Uint8Array {
    return this.#lines.take();
  }

  /** Takes back what {@link take} handed out: its memory is used for a later message. */
  recycle(taken: Uint8Array): void {
    this.#lines.recycle(taken);
  }

  /**
   * The text of one value, to be put into a message. Appends nothing, so that a message is appended only
   * when all its values have a text.
   *
   * @throws CodecError `bad-value`, `out-of-range`, `codec-failed`.
   */
  format(schema: AnySchema, value: unknown, context?: unknown): string {
    try {
      plainEncoder(schema).write(this.#writer, value, context);
      return this.#writer.take();
    } catch (error) {
      this.#writer.discard();
      throw toCodecError(error, "json", rootName(schema));
    }
  }

  /** Appends a message and the newline that ends it. */
  appendLine(text: string): void {
    this.#lines.raw(Buffer.from(`${text}\n`));
  }
}

/** Objects coming in, with or without white space between them. */
export class JsonDecoder extends PlainInput {
  constructor(limits: Partial<PlainLimits> = {}) {
    const all = { ...DEFAULT_PLAIN_LIMITS, ...limits };
    const budget = new Budget(all.maxValueBytes);
    super(new JsonScanner(all, budget), new JsonReader(budget));
  }

  /**
   * The members of the next object as unparsed texts, by their names in lower case: encoding/json matches
   * names in either case. Unparsed, because the kind of a member may depend on another one.
   *
   * @throws CodecError as {@link take}; `corrupt` for an object that is not JSON, which breaks the stream.
   */
  tryMembers(): Map<string, string> | typeof NEED_MORE {
    const bytes = this.take();
    if (bytes === undefined) return NEED_MORE;
    try {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
      return new Map(Array.from(parseMembers(text), ([key, of]) => [key.toLowerCase(), of]));
    } catch (error) {
      return this.break(error as Error);
    }
  }

  /**
   * The value of a member.
   *
   * @param text - undefined for a missing member, which counts as null.
   * @throws CodecError with any code but `eof`; the stream goes on.
   */
  parse(schema: AnySchema, text: string | undefined, context?: unknown, into?: unknown): unknown {
    return this.convert(schema, text === undefined ? null : parseJson(text), context, into);
  }
}
