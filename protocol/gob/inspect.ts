import { MessageReader } from "./decode/message-reader.js";
import { asFailure, fail, toCodecError } from "./failure.js";
import { DEFAULT_LIMITS, type DecoderLimits } from "./limits.js";
import { Registry } from "./registry.js";
import {
  BASIC_TYPES,
  FIELDS_ID,
  failOutOfBounds,
  WIRE_TYPE_ID,
  type WireField,
  type WireType,
} from "./type/wire-type.js";

/** The column in which the words begin. */
const HEX_COLUMNS = 26;
const MAX_HEX_CHARS = HEX_COLUMNS - 2;
const MAX_TEXT_CHARS = 60;

export interface InspectOptions extends Partial<DecoderLimits> {
  /** Lines after which the dump is cut. Default 100 000. */
  readonly maxLines?: number;
}

/**
 * An annotated dump of a gob stream: each token's bytes and what they mean, indented by nesting. What
 * is wrong with the bytes is said where it is, and the dump goes on at the next message. Never
 * throws on account of the bytes.
 */
export function inspect(stream: Uint8Array, options: InspectOptions = {}): string {
  const { maxLines = 100_000, ...limits } = options;
  return new Inspector(stream, { ...DEFAULT_LIMITS, ...limits }, maxLines).run();
}

/** Thrown to end a dump that has grown too long. */
const CUT: unique symbol = Symbol("cut");

class Inspector {
  readonly #r: MessageReader;
  readonly #maxLines: number;
  readonly #lines: string[] = [];
  /** Where the bytes begin that no line has shown yet. */
  #shown = 0;

  constructor(stream: Uint8Array, limits: DecoderLimits, maxLines: number) {
    this.#r = new MessageReader(limits, new Registry());
    this.#maxLines = maxLines;
    this.#r.push(stream);
  }

  run(): string {
    try {
      while (this.#step());
    } catch (error) {
      if (error !== CUT) throw error;
      this.#lines.push(`… cut after ${this.#maxLines} lines (option maxLines)`);
    }
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  /** One top-level message; false at the end. */
  #step(): boolean {
    const r = this.#r;
    try {
      if (!this.#openMessage(0)) return this.#showRest();
      this.#body();
      this.#showUnread("unused bytes");
    } catch (error) {
      if (error === CUT) throw error;
      const { breaksStream } = asFailure(error).facts;
      this.#lines.push(`${" ".repeat(HEX_COLUMNS)}error: ${toCodecError(error, "").message}`);
      if (breaksStream === true) return this.#showRest();
      this.#showUnread("unread bytes");
    }
    r.depth = 0;
    r.pos = r.end;
    r.consume();
    return true;
  }

  #body(): void {
    const r = this.#r;
    const id = r.int();
    if (id < 0) {
      this.#definition(-id, 0);
      return;
    }
    this.#show(0, `type id ${id}${this.#nameOf(id)}`);
    const type = r.typeOf(id);
    this.#top(type, 0);
  }

  #openMessage(depth: number): boolean {
    if (!this.#r.openMessage()) return false;
    this.#show(depth, `message length ${this.#r.end - this.#r.pos}`);
    return true;
  }

  /** What is left of a stream that ends inside a message, or cannot be followed any more. */
  #showRest(): boolean {
    const r = this.#r;
    r.pos = r.limit;
    this.#showUnread("rest of the stream");
    return false;
  }

  #showUnread(what: string): void {
    const r = this.#r;
    r.pos = Math.max(r.pos, Math.min(r.end, r.limit));
    if (this.#shown < r.pos) this.#show(0, `${r.pos - this.#shown} ${what}`);
  }

  #definition(id: number, depth: number): void {
    const r = this.#r;
    this.#show(depth, `type id ${-id}: definition of ${id} follows`);
    const { pos } = r;
    // Twice over the same bytes: for the table, and for the eye.
    r.types.readDefinition(r, id);
    r.pos = pos;
    this.#value(BASIC_TYPES.get(WIRE_TYPE_ID) as WireType, depth + 1);
  }

  #top(type: WireType, depth: number): void {
    if (type.kind !== "struct") {
      this.#r.singleton(type);
      this.#show(depth, "singleton marker");
    }
    this.#value(type, depth);
  }

  #value(type: WireType, depth: number): void {
    const r = this.#r;
    const text = scalarText(r, type);
    if (text !== undefined) {
      this.#show(depth, text);
      return;
    }
    r.enter();
    if (type.kind === "struct") this.#struct(type, depth);
    else if (type.kind === "interface") this.#interface(depth);
    else this.#elements(type, depth);
    r.depth--;
  }

  #elements(type: WireType, depth: number): void {
    const r = this.#r;
    const count = r.uint();
    const isFields = type.id === FIELDS_ID;
    this.#show(depth, isFields ? `${count} fields` : `${type.kind} count ${count}`);
    for (let i = 0; i < count; i++) {
      if (type.kind === "map") this.#value(r.typeOf(type.key), depth + 1);
      this.#value(r.typeOf(type.elem), depth + 1);
    }
  }

  #struct(type: WireType, depth: number): void {
    const r = this.#r;
    let field = -1;
    for (let delta = r.uint(); delta !== 0; delta = r.uint()) {
      field += delta;
      const of = type.fields[field] ?? failOutOfBounds(r);
      this.#show(depth, `+${delta} -> field ${field} ${of.name}`);
      if (isTypeId(type, of)) this.#typeId(depth + 1);
      else this.#value(r.typeOf(of.id), depth + 1);
    }
    this.#show(depth, `end of ${type.name === "" ? "struct" : type.name}`);
  }

  /** [GOB-26] Shown as it is: definitions in between, and the pieces that they make. */
  #interface(depth: number): void {
    const r = this.#r;
    const name = r.interfaceName();
    this.#show(depth, `concrete type name ${quote(name)}`);
    if (name === "") return;
    let id = this.#nextId(depth);
    while (id < 0) {
      this.#definition(-id, depth + 1);
      if (r.pos < r.end) this.#show(depth + 1, `chunk length ${r.uint()} (read and discarded)`);
      id = this.#nextId(depth);
    }
    this.#show(depth + 1, `type id ${id}${this.#nameOf(id)}`);
    const byteLength = r.uint();
    this.#show(depth + 1, `value length ${byteLength}`);
    this.#top(r.typeOf(id), depth + 1);
  }

  /** A type id inside a definition. */
  #typeId(depth: number): void {
    const id = this.#r.int();
    this.#show(depth, `id ${id}${this.#nameOf(id)}`);
  }

  #nextId(depth: number): number {
    const r = this.#r;
    if (r.pos === r.end && !this.#openMessage(depth)) {
      fail("unexpected-eof", "value goes on in a message that is missing");
    }
    return r.int();
  }

  #nameOf(id: number): string {
    const name = this.#r.types.get(id)?.name ?? "";
    return name === "" ? "" : ` (${name})`;
  }

  /** A line for everything since the last one. */
  #show(depth: number, text: string): void {
    if (this.#lines.length >= this.#maxLines) throw CUT;
    const { bytes, pos } = this.#r;
    const hex = bytes.toString("hex", this.#shown, Math.min(pos, this.#shown + MAX_HEX_CHARS));
    this.#shown = pos;
    const isLong = hex.length > MAX_HEX_CHARS;
    const column = (isLong ? `${hex.slice(0, MAX_HEX_CHARS - 2)}..` : hex).padEnd(HEX_COLUMNS);
    this.#lines.push(`${column}${"  ".repeat(depth)}${text}`);
  }
}

const isTypeId = (struct: WireType, field: WireField): boolean =>
  BASIC_TYPES.has(struct.id) && ["Id", "Elem", "Key"].includes(field.name);

/** A scalar in words; undefined for a composite. */
function scalarText(r: MessageReader, type: WireType): string | undefined {
  switch (type.kind) {
    case "bool":
      return `bool ${r.bool()}`;
    case "int":
      return `int ${r.safeInt()}`;
    case "uint":
      return `uint ${r.safeUint()}`;
    case "float":
      return `float ${number(r.float())}`;
    case "complex":
      return `complex ${number(r.float())}, ${number(r.float())}i`;
    case "string":
      return `string ${quote(r.string())}`;
    case "bytes":
      return `${r.blob().length} bytes`;
    case "gob":
    case "binary":
    case "text":
      return `${r.blob().length} marshaled bytes`;
    case "none":
      return fail("corrupt", `type ${type.id} was defined without a kind`);
    default:
      return undefined;
  }
}

const number = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

function quote(text: string): string {
  const cut = text.length > MAX_TEXT_CHARS ? `${text.slice(0, MAX_TEXT_CHARS)}…` : text;
  return JSON.stringify(cut);
}
