/** The state that compiled decoders share while they read a value. The twin of `EncodeState`. */
import type { AnySchema } from "../../schema/index.js";
import { MORE } from "../failure.js";
import type { DecoderLimits } from "../limits.js";
import type { Registry } from "../registry.js";
import { TypeTable } from "../type/type-table.js";
import { failCharge, failDepth } from "./bad-data.js";
import { Cursor } from "./cursor.js";
import { MessageStream } from "./message-stream.js";
import type { FieldMismatch, MismatchOptions } from "./mismatch.js";

/** A cursor with the state of its stream and of the value being read. */
export class DecodeState extends Cursor {
  /** Where the messages come from. */
  readonly stream: MessageStream;
  /** The types that the peer has defined. */
  readonly types = new TypeTable();
  /**
   * The decoders of whole values, by schema: the short way for all values but the first. Only the compiler knows their
   * types.
   */
  readonly tops = new WeakMap<AnySchema, object>();
  /** The schemas of values behind interfaces, by name. */
  readonly registry: Registry;
  /** Limits on depth, memory and types. */
  readonly limits: DecoderLimits;
  /** [GOB-39] Whether the bytes may be several streams, one after the other. */
  readonly isAppended: boolean;
  /** [GOB-56] What to do about fields that only one side has. */
  readonly mismatches: MismatchOptions;
  /** The mismatches that were told. */
  told: WeakSet<FieldMismatch> | undefined = undefined;
  /** A value from the caller of decode, for codecs. */
  context: unknown = undefined;
  /** How deep the cursor is in nested values. */
  depth = 0;
  /** The memory that the parts of the value take so far, see {@link charge}. */
  charged = 0;

  /** The state of a stream of which nothing has arrived. */
  constructor(
    limits: DecoderLimits,
    registry: Registry,
    isAppended: boolean,
    mismatches: MismatchOptions,
  ) {
    super();
    this.isAppended = isAppended;
    this.mismatches = mismatches;
    this.limits = limits;
    this.registry = registry;
    this.stream = new MessageStream(this, limits.maxMessageBytes);
  }

  /** [GOB-26] Goes on in the next message, in the middle of a value. @throws `MORE` if it has not arrived. */
  nextMessage(): void {
    if (!this.stream.openMessage()) throw MORE;
  }

  /**
   * [GOB-33] Goes into a nested value. Its decoder counts `depth` down at the end. It does not do so after an error,
   * because `depth` is set to 0 for each new value.
   */
  enter(): void {
    if (++this.depth > this.limits.maxDepth) failDepth(this, this.limits.maxDepth);
  }

  /** [GOB-33] Counts memory before it is taken, see `COST` in `protocol/bytes/cost.ts`. */
  charge(byteLength: number): void {
    this.charged += byteLength;
    if (this.charged > this.limits.maxValueBytes) failCharge(this, this.limits.maxValueBytes);
  }

  /**
   * As {@link charge}, for a list or map of `count` parts. Each part takes a byte at least, so a count beyond the
   * bytes that are left is wrong. Only as many parts are counted, and reading them fails later with a better error.
   */
  chargeParts(own: number, count: number, each: number): void {
    this.charge(own + Math.min(count, this.end - this.pos) * each);
  }
}
