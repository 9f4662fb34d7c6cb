import { fail } from "../failure.js";
import { failOutOfBounds, type WireKind, type WireType } from "../type/wire-type.js";
import type { MessageReader } from "./message-reader.js";

/** Below what a byte is a whole value of its kind. */
const BYTES_BELOW: Readonly<Partial<Record<WireKind, number>>> = {
  bool: 0x80,
  int: 0x80,
  uint: 0x80,
  float: 0x80,
  string: 1,
  bytes: 1,
  gob: 1,
  binary: 1,
  text: 1,
  interface: 1,
  struct: 1,
  map: 1,
  slice: 1,
};

/** A composite value on the way: what is left of it. */
interface Frame {
  readonly type: WireType;
  /** Elements to come; keys and elements of a map count apart. */
  left: number;
  /** The last field of a struct. */
  field: number;
}

/**
 * [GOB-30] Reads past one value by its wire type, on a stack of its own: it can stop where a value
 * goes on in a message that has not arrived, and go on later.
 */
export class Skipper {
  readonly #r: MessageReader;
  readonly #maxFrames: number;
  readonly #stack: Frame[] = [];

  /** @param depth - how deep the value to be skipped stands in others. */
  constructor(r: MessageReader, type: WireType, depth = 0) {
    this.#r = r;
    this.#maxFrames = r.limits.maxDepth - depth;
    this.#enter(type);
  }

  /** False when the value goes on in a message that is not there yet. */
  run(): boolean {
    for (;;) {
      const frame = this.#stack.at(-1);
      if (frame === undefined) return true;
      if (frame.type.kind === "interface") {
        if (!this.#openInterface()) return false;
      } else if (frame.type.kind === "struct") this.#stepStruct(frame);
      else this.#stepElements(frame);
    }
  }

  #stepStruct(frame: Frame): void {
    const delta = this.#r.uint();
    if (delta === 0) {
      this.#stack.pop();
      return;
    }
    frame.field += delta;
    const field = frame.type.fields[frame.field];
    if (field === undefined) failOutOfBounds(this.#r);
    this.#enter(this.#typeOf(field.id));
  }

  #stepElements(frame: Frame): void {
    if (frame.left === 0) {
      this.#stack.pop();
      return;
    }
    if (frame.type.kind !== "map" && this.#skipRun(frame)) return;
    const isKey = frame.type.kind === "map" && frame.left % 2 === 0;
    frame.left--;
    this.#enter(this.#typeOf(isKey ? frame.type.key : frame.type.elem));
  }

  /** Elements of a byte, small numbers and whatever is empty or nil, come in long runs. */
  #skipRun(frame: Frame): boolean {
    const below = BYTES_BELOW[this.#typeOf(frame.type.elem).kind];
    if (below === undefined) return false;
    const r = this.#r;
    const start = r.pos;
    const end = Math.min(r.end, start + frame.left);
    let pos = start;
    while (pos < end && (r.bytes[pos] as number) < below) pos++;
    r.pos = pos;
    frame.left -= pos - start;
    return pos > start;
  }

  /** Reads past a scalar at once and puts everything else on the stack. */
  #enter(type: WireType): void {
    const r = this.#r;
    switch (type.kind) {
      case "bool":
      case "int":
      case "uint":
      case "float":
        r.words();
        return;
      case "complex":
        r.words();
        r.words();
        return;
      case "string":
      case "bytes":
      case "gob":
      case "binary":
      case "text":
        r.skipBytes(type.kind);
        return;
      case "interface":
        if (r.interfaceName() !== "") this.#push(type, 0);
        return;
      case "struct":
        this.#push(type, 0);
        return;
      case "map":
        this.#push(type, 2 * r.uint());
        return;
      case "slice":
        this.#push(type, r.uint());
        return;
      case "array":
        this.#push(type, this.#arrayLength(type));
        return;
      case "none":
        failUndefined(r, type.id);
    }
  }

  #arrayLength(type: WireType): number {
    const count = this.#r.uint();
    if (count === type.length) return count;
    const text = "gob: length mismatch in ignoreArray";
    return fail("corrupt", text, { offset: this.#r.offset, isGoText: true });
  }

  #push(type: WireType, left: number): void {
    if (this.#stack.length >= this.#maxFrames) {
      const text = `value nests deeper than maxDepth (${this.#r.limits.maxDepth})`;
      fail("limit", `${text}: invalid nesting depth`, { offset: this.#r.offset });
    }
    this.#stack.push({ type, left, field: -1 });
  }

  /** The same steps as in {@link MessageReader.interfaceType}, but able to stop between messages. */
  #openInterface(): boolean {
    const r = this.#r;
    for (;;) {
      if (r.pos === r.end && !r.openMessage()) return false;
      const id = r.int();
      if (id < 0) {
        r.readDefinition(-id);
        continue;
      }
      // The length is not the value's where definitions follow inside it, so nothing depends on it.
      r.uint();
      this.#stack.pop();
      const type = this.#typeOf(id);
      r.singleton(type);
      this.#enter(type);
      return true;
    }
  }

  #typeOf(id: number): WireType {
    return this.#r.types.get(id) ?? failUndefined(this.#r, id);
  }
}

function failUndefined(r: MessageReader, id: number): never {
  const text = `gob: bad data: undefined type ${id}`;
  fail("corrupt", text, { offset: r.offset, isGoText: true });
}
