/** Wrong gob streams made out of right ones. */
import type { Random } from "../helpers/random.js";
import { frame, messagesOf } from "./framing.js";

/** Bytes at which gob's integers change their form or meaning. */
const EDGES = [0x00, 0x01, 0x02, 0x7e, 0x7f, 0x80, 0x81, 0xf7, 0xf8, 0xf9, 0xfc, 0xfe, 0xff];
/** Integers to put in the place of lengths, ids and deltas. */
const LIES = ["00", "01", "ff80", "ffff", "fe0100", "fdffffff", "fc7fffffff", "fcffffffff"];
const LARGE_LIES = [
  "fb0200000000",
  "f87fffffffffffffff",
  "f88000000000000000",
  "f8ffffffffffffffff",
];
const ALL_LIES = [...LIES, ...LARGE_LIES].map((hex) => Buffer.from(hex, "hex"));

/** Half of the edits keep the lengths of messages right: then the decoder reads past the edit. */
export class Mutator {
  readonly #random: Random;
  readonly #others: readonly Uint8Array[];

  constructor(random: Random, others: readonly Uint8Array[]) {
    this.#random = random;
    this.#others = others;
  }

  /** Makes one to three edits in a copy of a stream. */
  mutate(stream: Uint8Array): Uint8Array {
    const edits = 1 + this.#random.below(3);
    let bytes: Uint8Array = Uint8Array.from(stream);
    for (let i = 0; i < edits; i++) {
      bytes = this.#random.chance(2) ? this.#editBody(bytes) : this.#edit(bytes);
    }
    return bytes;
  }

  /** Random bytes, some of them framed as messages. */
  noise(): Uint8Array {
    const bytes = new Uint8Array(this.#random.below(60));
    for (let i = 0; i < bytes.length; i++) {
      bytes[i] = this.#random.chance(2) ? this.#random.pick(EDGES) : this.#random.below(256);
    }
    return this.#random.chance(2) ? bytes : frame([bytes]);
  }

  /** Edits one message, drops it or repeats another, and corrects the lengths. */
  #editBody(stream: Uint8Array): Uint8Array {
    const bodies = messagesOf(stream).map(({ body }) => body);
    if (bodies.length === 0) return this.#edit(stream);
    const at = this.#random.below(bodies.length);
    const kind = this.#random.below(8);
    if (kind === 0) bodies.splice(at, 1);
    else if (kind === 1) bodies.splice(at, 0, this.#random.pick(bodies));
    else bodies[at] = this.#edit(bodies[at] as Uint8Array);
    return frame(bodies);
  }

  #edit(bytes: Uint8Array): Uint8Array {
    const random = this.#random;
    const at = random.below(bytes.length + 1);
    const length = Math.min(random.below(6), bytes.length - at);
    switch (random.below(7)) {
      case 0:
        return splice(bytes, at, 1, [(bytes[at] ?? 0) ^ (1 << random.below(8))]);
      case 1:
        return splice(bytes, at, 1, [random.pick(EDGES)]);
      case 2:
        return splice(bytes, at, 1, random.pick(ALL_LIES));
      case 3:
        return splice(bytes, at, length, []);
      case 4:
        return splice(bytes, at, 0, bytes.subarray(at, at + length));
      case 5:
        // Shorter than its counts say.
        return bytes.slice(0, at);
      default: {
        const other = random.pick(this.#others);
        const from = random.below(other.length);
        return splice(bytes, at, length, other.subarray(from, from + random.below(40)));
      }
    }
  }
}

function splice(
  bytes: Uint8Array,
  at: number,
  length: number,
  insert: Uint8Array | readonly number[],
): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, at), ...insert, ...bytes.subarray(at + length)]);
}
