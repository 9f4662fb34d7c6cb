import { COST } from "../../bytes/cost.js";
import { fail, MORE } from "../failure.js";
import { type DecoderLimits, MAX_NAME_BYTES } from "../limits.js";
import type { Registry } from "../registry.js";
import { TypeTable } from "../type/type-table.js";
import type { WireType } from "../type/wire-type.js";
import { BufferedReader } from "./buffered-reader.js";
import { Skipper } from "./skipper.js";

/**
 * The bytes of a stream as messages: `pos` and `end` lie in the current one, further ones follow.
 * With what compiled decoders need to know on the way.
 */
export class MessageReader extends BufferedReader {
  readonly types: TypeTable;
  readonly registry: Registry;
  readonly limits: DecoderLimits;
  /** What the caller of decode handed along, for codecs. */
  context: unknown = undefined;
  /** How deep the value being read nests here. */
  depth = 0;
  /** What the parts of the value being read take, see {@link charge}. */
  charged = 0;
  /** How many bytes from `start` on the message at hand is said to take. */
  #announced = 0;

  constructor(limits: DecoderLimits, registry: Registry) {
    super();
    this.limits = limits;
    this.registry = registry;
    this.types = new TypeTable(limits.maxTypes, limits.maxFields);
  }

  /**
   * [GOB-6] Steps into the message that follows the current one, if it has arrived whole.
   * @throws what breaks the stream: a length that is none or is beyond `maxMessageBytes`.
   */
  openMessage(): boolean {
    for (;;) {
      const missing = this.#tryOpen();
      if (missing === 0) return true;
      if (!this.takeRest(missing, this.#announced)) return false;
    }
  }

  /** Steps into the next message, or returns how many bytes of it are known to be missing. */
  #tryOpen(): number {
    const at = this.end;
    if (at >= this.limit) return 1;
    let byteLength = this.bytes[at] as number;
    let body = at + 1;
    if (byteLength >= 0x80) {
      const lengthBytes = 0x100 - byteLength;
      if (lengthBytes > 8) this.#failLength("gob: encoded unsigned integer out of range");
      body += lengthBytes;
      if (body > this.limit) return body - this.limit;
      byteLength = 0;
      for (let i = at + 1; i < body; i++) byteLength = byteLength * 256 + (this.bytes[i] as number);
    }
    const { maxMessageBytes } = this.limits;
    // Of a value that goes on all messages count together.
    const valueBytes = at === this.start ? byteLength : body + byteLength - this.start;
    if (valueBytes > maxMessageBytes) {
      const text = `message of ${byteLength} bytes is beyond maxMessageBytes (${maxMessageBytes})`;
      this.#failLength(`gob: ${text}: invalid message length`, "limit");
    }
    this.#announced = body + byteLength - this.start;
    if (byteLength > this.limit - body) return byteLength - (this.limit - body);
    this.useMessage(body, body + byteLength);
    return 0;
  }

  #failLength(text: string, code: "corrupt" | "limit" = "corrupt"): never {
    fail(code, text, { offset: this.base + this.end, isGoText: true, breaksStream: true });
  }

  /** [GOB-26] Goes on in the next message, in the middle of a value. */
  nextMessage(): void {
    if (!this.openMessage()) throw MORE;
  }

  enter(): void {
    if (++this.depth > this.limits.maxDepth) failDepth(this);
  }

  /** [GOB-33] Counts memory, see {@link COST}, before it is taken. */
  charge(byteLength: number): void {
    this.charged += byteLength;
    if (this.charged > this.limits.maxValueBytes) failCharge(this);
  }

  /** As {@link charge} for a list or map: more parts than bytes are left are a lie that fails later. */
  chargeParts(own: number, count: number, each: number): void {
    this.charge(own + Math.min(count, this.end - this.pos) * each);
  }

  override blob(): Uint8Array {
    this.charge(COST.bytes);
    return super.blob();
  }

  /** [GOB-25] The registered name in front of a value behind an interface; empty for nil. */
  interfaceName(): string {
    const start = this.pos;
    const byteLength = this.uint();
    if (byteLength > this.end - this.pos) {
      const text = `gob: invalid type name length ${byteLength}: exceeds input size`;
      fail("corrupt", text, { offset: this.offset, isGoText: true });
    }
    if (byteLength > MAX_NAME_BYTES) {
      fail("limit", `name too long (${byteLength} bytes, limit ${MAX_NAME_BYTES})`, {
        offset: this.offset,
      });
    }
    this.pos = start;
    return this.key();
  }

  /** [GOB-26] The type of the value behind an interface, after the definitions that come first. */
  interfaceType(): WireType {
    for (;;) {
      if (this.pos === this.end) this.nextMessage();
      const id = this.int();
      if (id >= 0) return this.typeOf(id);
      this.readDefinition(-id);
    }
  }

  /** [GOB-26] A definition in mid-value; deeper ones are followed by the length of the next piece. */
  readDefinition(id: number): void {
    this.types.readDefinition(this, id);
    if (this.pos < this.end) this.uint();
  }

  typeOf(id: number): WireType {
    const type = this.types.get(id);
    if (type !== undefined) return type;
    const text = "gob: unknown type id or corrupted data";
    fail("corrupt", text, { offset: this.offset, isGoText: true, typeName: `type ${id}` });
  }

  /** [GOB-7] Values that are not structs stand behind a 0 at the top and behind interfaces. */
  singleton(type: WireType): void {
    if (type.kind === "struct") return;
    if (this.uint() === 0) return;
    const text = "gob: decode: corrupted data: non-zero delta for singleton";
    fail("corrupt", text, { offset: this.offset, isGoText: true });
  }

  /** [GOB-30] Reads past a value by its wire type. */
  skip(type: WireType): void {
    if (!new Skipper(this, type, this.depth).run()) throw MORE;
  }
}

function failCharge(r: MessageReader): never {
  const { maxValueBytes } = r.limits;
  fail("limit", `parts of the value take more than maxValueBytes (${maxValueBytes}) of memory`, {
    offset: r.offset,
  });
}

export function failDepth(r: MessageReader): never {
  const { maxDepth } = r.limits;
  fail("limit", `value nests deeper than maxDepth (${maxDepth}): invalid nesting depth`, {
    offset: r.offset,
  });
}
