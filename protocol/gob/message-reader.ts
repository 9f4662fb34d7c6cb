import { fail, MORE } from "./failure.js";
import { type DecoderLimits, MAX_NAME_BYTES } from "./limits.js";
import { Reader } from "./reader.js";
import type { Registry } from "./registry.js";
import { Skipper } from "./skipper.js";
import { TypeTable } from "./type-table.js";
import type { WireType } from "./wire-type.js";

/** The smallest buffer for what has to be kept over chunks. */
const MIN_BUFFER_BYTES = 4096;
const NO_BYTES = Buffer.alloc(0);

/**
 * The bytes of a stream as messages. Holds everything from `start` on, which is where the value that
 * is being read begins; `pos` and `end` lie in the current message, and further messages follow up
 * to `limit`.
 */
export class MessageReader extends Reader {
  readonly types: TypeTable;
  readonly registry: Registry;
  readonly limits: DecoderLimits;
  /** What the caller of decode handed along, for codecs. */
  context: unknown = undefined;
  /** How deep the value being read nests here. */
  depth = 0;
  /** Where the bytes begin that are still needed. */
  start = 0;
  /** The end of what has arrived. */
  limit = 0;
  #isBorrowed = false;
  /** Our own buffer, kept for the next incomplete message. */
  #owned: Buffer = NO_BYTES;

  constructor(limits: DecoderLimits, registry: Registry) {
    super();
    this.limits = limits;
    this.registry = registry;
    this.types = new TypeTable(limits.maxTypes, limits.maxFields);
  }

  /** Adds a chunk: borrowed as long as nothing older has to be kept, else copied. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    if (this.start < this.limit) {
      this.retain();
      this.#append(chunk);
      return;
    }
    const buffer = Buffer.isBuffer(chunk)
      ? chunk
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    this.#use(buffer, 0, buffer.length, this.limit);
    this.#isBorrowed = true;
  }

  /** Copies what is not consumed out of a borrowed chunk. */
  retain(): void {
    if (!this.#isBorrowed) return;
    this.#isBorrowed = false;
    const { bytes, start, limit } = this;
    const byteLength = limit - start;
    if (this.#owned.length < byteLength) this.#owned = allocate(byteLength);
    bytes.copy(this.#owned, 0, start, limit);
    this.#use(this.#owned, 0, byteLength, start);
  }

  /** Appends to our own buffer, which doubles: many small chunks cost linear time. */
  #append(chunk: Uint8Array): void {
    const kept = this.limit - this.start;
    const wanted = kept + chunk.length;
    if (this.limit + chunk.length > this.bytes.length) {
      // Moving to the front is worth it when at least half of the buffer is free.
      const target = 2 * wanted <= this.bytes.length ? this.bytes : allocate(wanted);
      this.bytes.copy(target, 0, this.start, this.limit);
      this.#owned = target;
      this.#use(target, 0, kept, this.start);
    }
    this.bytes.set(chunk, this.limit);
    this.limit += chunk.length;
  }

  /** Goes on in `bytes`, whose index `start` is what `from` was in the old ones. */
  #use(bytes: Buffer, start: number, limit: number, from: number): void {
    const shift = from - start;
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.base += shift;
    this.start = start;
    this.pos -= shift;
    this.end -= shift;
    this.limit = limit;
  }

  /** Everything up to `pos` is done with; a large buffer that is empty is given back. */
  consume(): void {
    this.start = this.pos;
    if (this.start === this.limit && !this.#isBorrowed && this.#owned.length > 65_536) {
      this.#owned = NO_BYTES;
      this.#use(NO_BYTES, 0, 0, this.limit);
    }
  }

  /**
   * [GOB-6] Steps into the message that follows the current one, if it has arrived whole.
   * @throws what breaks the stream: a length that is none or is beyond `maxMessageBytes`.
   */
  openMessage(): boolean {
    const at = this.end;
    if (at >= this.limit) return false;
    let byteLength = this.bytes[at] as number;
    let body = at + 1;
    if (byteLength >= 0x80) {
      const lengthBytes = 0x100 - byteLength;
      if (lengthBytes > 8) this.#failLength("gob: encoded unsigned integer out of range");
      body += lengthBytes;
      if (body > this.limit) return false;
      byteLength = 0;
      for (let i = at + 1; i < body; i++) byteLength = byteLength * 256 + (this.bytes[i] as number);
    }
    const { maxMessageBytes } = this.limits;
    if (body + byteLength - this.start - 9 > maxMessageBytes) {
      const text = `message of ${byteLength} bytes is beyond maxMessageBytes (${maxMessageBytes})`;
      this.#failLength(`gob: ${text}: invalid message length`, "limit");
    }
    if (byteLength > this.limit - body) return false;
    this.pos = body;
    this.end = body + byteLength;
    return true;
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
    return this.string();
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

export function failDepth(r: MessageReader): never {
  const { maxDepth } = r.limits;
  fail("limit", `value nests deeper than maxDepth (${maxDepth}): invalid nesting depth`, {
    offset: r.offset,
  });
}

function allocate(byteLength: number): Buffer {
  return Buffer.allocUnsafeSlow(Math.max(MIN_BUFFER_BYTES, 2 * byteLength));
}
