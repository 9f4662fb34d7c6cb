/**
 * Dumps of gob streams, for people who look for an error. The dump reads the bytes with the decoder's own cursor, but it
 * does not use compiled decoders: it needs a line for every token, and they return only whole values.
 */
import { failOutOfBounds } from "./decode/bad-data.js";
import { DecodeState } from "./decode/decode-state.js";
import { definedType, readInterfaceName, readSingleton } from "./decode/interface-header.js";
import { readDefinition } from "./decode/read-definition.js";
import { asFailure, fail, toCodecError } from "./failure.js";
import { DEFAULT_LIMITS, type DecoderLimits } from "./limits.js";
import { Registry } from "./registry.js";
import {
  BASIC_TYPES,
  FIELDS_ID,
  WIRE_TYPE_ID,
  type WireField,
  type WireType,
} from "./type/wire-type.js";

/** The column in which the words begin. */
const HEX_COLUMNS = 26;
const MAX_HEX_CHARS = HEX_COLUMNS - 2;
const MAX_TEXT_CHARS = 60;

/** Options of {@link inspect}. */
export interface InspectOptions extends Partial<DecoderLimits> {
  /** Lines after which the dump is cut. Default 100 000. */
  readonly maxLines?: number;
  /** See `DecoderOptions.appended`. Default false. */
  readonly appended?: boolean;
}

/**
 * An annotated dump of a gob stream: one line for each token, with its bytes and what they mean, indented by nesting.
 * An error in the bytes becomes a line at its place, and the dump goes on with the next message. It is never thrown.
 */
export function inspect(stream: Uint8Array, options: InspectOptions = {}): string {
  const { maxLines = 100_000, appended = false, ...limits } = options;
  const state = new DecodeState({ ...DEFAULT_LIMITS, ...limits }, new Registry(), appended, {});
  state.stream.push(stream);
  return new Inspector(state, maxLines).run();
}

/** Thrown to end a dump that has grown too long. */
const CUT: unique symbol = Symbol("cut");

/**
 * One dump. Each token is read first and shown after: a line covers all bytes since the line before, so no byte
 * of the stream is left out, whatever fails.
 */
class Inspector {
  readonly #r: DecodeState;
  readonly #maxLines: number;
  readonly #lines: string[] = [];
  /** Where the bytes begin that no line has shown yet. */
  #shown = 0;

  constructor(state: DecodeState, maxLines: number) {
    this.#r = state;
    this.#maxLines = maxLines;
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

  /** Shows one message at the top. False at the end of the stream. */
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
    r.stream.consume();
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
    this.#top(definedType(r, id), 0);
  }

  #openMessage(depth: number): boolean {
    if (!this.#r.stream.openMessage()) return false;
    this.#show(depth, `message length ${this.#r.end - this.#r.pos}`);
    return true;
  }

  /** Shows what is left of a stream that ends inside a message, or in which no later message can be found. */
  #showRest(): boolean {
    const r = this.#r;
    r.pos = r.stream.limit;
    this.#showUnread("rest of the stream");
    return false;
  }

  #showUnread(what: string): void {
    const r = this.#r;
    r.pos = Math.max(r.pos, Math.min(r.end, r.stream.limit));
    if (this.#shown < r.pos) this.#show(0, `${r.pos - this.#shown} ${what}`);
  }

  #definition(id: number, depth: number): void {
    const r = this.#r;
    this.#show(depth, `type id ${-id}: definition of ${id} follows`);
    const { pos } = r;
    // The same bytes are read twice: into the table of types, and as a value, because a definition is a struct like any other.
    readDefinition(r, id, false);
    r.pos = pos;
    this.#value(BASIC_TYPES.get(WIRE_TYPE_ID) as WireType, depth + 1);
  }

  #top(type: WireType, depth: number): void {
    if (type.kind !== "struct") {
      readSingleton(this.#r, type);
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
      if (type.kind === "map") this.#value(definedType(r, type.key), depth + 1);
      this.#value(definedType(r, type.elem), depth + 1);
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
      else this.#value(definedType(r, of.id), depth + 1);
    }
    this.#show(depth, `end of ${type.name === "" ? "struct" : type.name}`);
  }

  /** [GOB-26] Shows the definitions in front of the value as well, and the pieces into which they cut it. */
  #interface(depth: number): void {
    const r = this.#r;
    const name = readInterfaceName(r);
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
    this.#top(definedType(r, id), depth + 1);
  }

  /** A type id inside a definition, shown with the name of its type. */
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

  /** Adds a line for all bytes since the last one. */
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

/** Whether a number in a definition is a type id. Len is not. */
const isTypeId = (struct: WireType, field: WireField): boolean =>
  BASIC_TYPES.has(struct.id) && ["Id", "Elem", "Key"].includes(field.name);

/** Reads a scalar and puts it in words. Undefined for a composite, of which nothing is read. */
function scalarText(r: DecodeState, type: WireType): string | undefined {
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
