/** Reads past values: to leave out a field or a value, or to find out whether all messages of a value have arrived. */
import { fail, MORE } from "../failure.js";
import type { WireKind, WireType } from "../type/wire-type.js";
import { failDepth, failOutOfBounds, failUndefinedType } from "./bad-data.js";
import type { DecodeState } from "./decode-state.js";
import { readInnerDefinition, readInterfaceName, readSingleton } from "./interface-header.js";

/**
 * A byte below this is a whole value of its kind: a number of one byte, an empty string, list or struct, or a nil
 * interface. Complex numbers take two bytes at least, and an array is empty only if its type says so.
 */
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

/** A composite value that has been entered, and the rest of it. */
interface Frame {
  readonly type: WireType;
  /** Elements to come. The keys and the elements of a map count separately. */
  left: number;
  /** The number of the struct field read last. */
  field: number;
}

/**
 * [GOB-30] Reads past one value by its wire type. It keeps a stack of its own instead of calling itself, so that it
 * can stop where the value goes on in a message that has not arrived, and go on later from there. A value of many
 * small pieces is therefore looked through once, not once for each piece.
 */
export class Skipper {
  readonly #r: DecodeState;
  readonly #maxFrames: number;
  readonly #stack: Frame[] = [];

  /**
   * Begins with the first bytes of the value: a scalar is read past at once.
   *
   * @param depth - how deep the value is nested in others.
   */
  constructor(r: DecodeState, type: WireType, depth = 0) {
    this.#r = r;
    this.#maxFrames = r.limits.maxDepth - depth;
    this.#enter(type);
  }

  /** Goes on to the end of the value. False if it goes on in a message that has not arrived yet. */
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

  /** Elements of one byte come in long runs. Each would otherwise take a turn of {@link run}. */
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

  /** Reads past a scalar, and puts any other value on the stack. */
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
        if (readInterfaceName(r) !== "") this.#push(type, 0);
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
        failUndefinedType(r, type.id);
    }
  }

  #arrayLength(type: WireType): number {
    const count = this.#r.uint();
    if (count === type.length) return count;
    const text = "gob: length mismatch in ignoreArray";
    return fail("corrupt", text, { offset: this.#r.offset, isGoText: true });
  }

  #push(type: WireType, left: number): void {
    if (this.#stack.length >= this.#maxFrames) failDepth(this.#r, this.#r.limits.maxDepth);
    this.#stack.push({ type, left, field: -1 });
  }

  /**
   * Goes from the name of an interface to its value, as `readInterfaceType` does, but able to stop between
   * messages. The interface stays on the stack until its value is reached: that is the place to go on from.
   */
  #openInterface(): boolean {
    const r = this.#r;
    for (;;) {
      if (r.pos === r.end && !r.stream.openMessage()) return false;
      const id = r.int();
      if (id < 0) {
        readInnerDefinition(r, -id);
        continue;
      }
      // The byte count of the value. It is wrong where definitions follow inside, so nothing depends on it.
      r.uint();
      this.#stack.pop();
      const type = this.#typeOf(id);
      readSingleton(r, type);
      this.#enter(type);
      return true;
    }
  }

  #typeOf(id: number): WireType {
    return this.#r.types.get(id) ?? failUndefinedType(this.#r, id);
  }
}

/** [GOB-30] Reads past a part of a value. @throws `MORE` if it goes on in a message that has not arrived. */
export function skipValue(r: DecodeState, type: WireType): void {
  if (!new Skipper(r, type, r.depth).run()) throw MORE;
}
