import type { Random } from "../helpers/random.js";

/** Bytes at which gob's integers change their form or meaning. */
const EDGES = [0x00, 0x01, 0x02, 0x7e, 0x7f, 0x80, 0x81, 0xf7, 0xf8, 0xf9, 0xfc, 0xfe, 0xff];
/** Integers that lie about lengths, ids and deltas. */
const LIES = ["00", "01", "ff80", "ffff", "fe0100", "fdffffff", "fc7fffffff", "fcffffffff"];
const LARGE_LIES = [
  "fb0200000000",
  "f87fffffffffffffff",
  "f88000000000000000",
  "f8ffffffffffffffff",
];
const ALL_LIES = [...LIES, ...LARGE_LIES].map((hex) => Buffer.from(hex, "hex"));

/** Makes wrong streams out of right ones: some of the edits keep the framing, so that more is read. */
export class Mutator {
  readonly #random: Random;
  readonly #others: readonly Uint8Array[];

  constructor(random: Random, others: readonly Uint8Array[]) {
    this.#random = random;
    this.#others = others;
  }

  /** A few edits of a stream. */
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

  /** Edits what is in one message and mends its length. */
  #editBody(stream: Uint8Array): Uint8Array {
    const bodies = bodiesOf(stream);
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
        // Short for its count.
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

/** [GOB-6] What is in the messages of a stream, as far as its framing holds. */
function bodiesOf(stream: Uint8Array): Uint8Array[] {
  const bodies: Uint8Array[] = [];
  for (let at = 0; at < stream.length; ) {
    let byteLength = stream[at++] as number;
    const lengthBytes = byteLength < 0x80 ? 0 : 0x100 - byteLength;
    if (lengthBytes > 3 || at + lengthBytes > stream.length) break;
    if (lengthBytes > 0) byteLength = 0;
    for (let i = 0; i < lengthBytes; i++) byteLength = byteLength * 256 + (stream[at++] as number);
    bodies.push(stream.slice(at, at + byteLength));
    at += byteLength;
  }
  return bodies;
}

function frame(bodies: readonly Uint8Array[]): Uint8Array {
  const parts = bodies.flatMap((body) => {
    const { length } = body;
    const prefix = length < 0x80 ? [length] : [0xfe, length >> 8, length & 0xff];
    return [Buffer.from(prefix), body];
  });
  return new Uint8Array(Buffer.concat(parts));
}
