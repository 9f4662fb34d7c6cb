/** The parts of a parsed msgpack value that JavaScript has no values for. A relayed value is written in the same form again. */
import { PlainNode } from "../plain/format.js";

/** A number whose form does not show in JavaScript: an unsigned integer, a float32, or a float that is whole. */
export class NumberNode extends PlainNode {
  readonly form: "uint" | "float32" | "float64";
  readonly value: number | bigint;

  constructor(form: NumberNode["form"], value: number | bigint) {
    super();
    this.form = form;
    this.value = value;
  }
  get shape(): string {
    return `${typeof this.value} ${this.value}`;
  }
}

/** A string in a dialect where strings may be bytes. */
export class RawNode extends PlainNode {
  readonly shape = "bytes";
  /** A part of the message. */
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    super();
    this.bytes = bytes;
  }
}

/** The entries in the order of the message. A key may be anything, and may come twice. */
export class MapNode extends PlainNode {
  readonly shape = "map";
  /** Keys and items in turn: a pair for each would take as much memory again. */
  readonly #parts: readonly unknown[];

  constructor(parts: readonly unknown[]) {
    super();
    this.#parts = parts;
  }

  /** How many entries the message has. */
  get size(): number {
    return this.#parts.length / 2;
  }

  *[Symbol.iterator](): Iterator<readonly [key: unknown, item: unknown]> {
    for (let i = 0; i < this.#parts.length; i += 2) yield [this.#parts[i], this.#parts[i + 1]];
  }
}
