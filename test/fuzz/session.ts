/** One seed of the differential fuzz: gob-fuzz (test/go/peers/cmd), and our encoder and decoder, with the same values. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { isCodecError } from "../../protocol/errors.js";
import { HOT_CALLS } from "../../protocol/gob/generate.js";
import { Decoder, Encoder, inspect, NEED_MORE, TypeRegistry } from "../../protocol/gob/index.js";
import type { TypedValue } from "../../protocol/schema/index.js";
import { Random } from "../helpers/random.js";
import { isDefinition, messagesOf } from "./framing.js";
import { type Notation, type Registration, type Taste, Twins } from "./twin.js";

/** A value on a stream, and what Go makes of it in the receiver's type. */
interface Sample {
  readonly type: Notation;
  readonly value: unknown;
  readonly receiver?: Notation;
  readonly prior?: unknown;
  readonly got?: unknown;
  readonly refusal?: string;
}

/** A stream that Go wrote. */
interface Stream {
  readonly hex: string;
  /** Whether our encoder can write the same bytes. */
  readonly isExact: boolean;
  readonly values: readonly Sample[];
}

/** A value that Go refuses to encode. */
interface Unencodable {
  readonly type: Notation;
  readonly value: unknown;
  readonly error: string;
}

/** A line on the stdout of gob-fuzz: one of its members, or a {@link Stream}. */
interface Line {
  readonly registered?: readonly Registration[];
  readonly values?: unknown;
  readonly unencodable?: Unencodable;
  readonly end?: true;
}

/** Some 180 values. The same seed with another number of streams makes other values. */
export const STREAMS_PER_SEED = 60;

/** What came of a seed. */
export interface Outcome {
  /** How many values were compared. */
  readonly cases: number;
  /** One text for each way in which we and Go differ. */
  readonly failures: readonly string[];
}

/** Decodes to values that encode again to the same bytes. */
const DYNAMIC: Taste = { integers: ["safe"], interfaces: "dynamic", random: undefined };

/** Runs a seed with a process of gob-fuzz of its own. */
export async function runSession(program: string, seed: number, streams: number): Promise<Outcome> {
  const child = spawn(program, ["-seed", `${seed}`, "-streams", `${streams}`], {
    stdio: ["pipe", "pipe", "inherit"],
    // Go decodes an offset that equals the local one as the local zone.
    env: { ...process.env, TZ: "UTC" },
  });
  const exited = new Promise((resolve) => child.once("close", resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  try {
    const session = new Session(seed);
    for (;;) {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`gob-fuzz ended early: seed ${seed}`);
      const line = JSON.parse(value) as Line;
      if (line.end === true) break;
      session.take(line, value);
    }
    for (const { stream, what, hex } of session.questions) {
      child.stdin.write(`${JSON.stringify({ stream, hex })}\n`);
      const { value } = await lines.next();
      const { error } = JSON.parse(value as string) as { error?: string };
      // [GOB-22] Go may refuse its own bytes where it takes ours.
      if (error !== undefined && !OWN_REFUSAL.test(error))
        session.fail(stream, `${what}: ${error}\n  hex ${hex}`);
    }
    return session;
  } finally {
    child.stdin.end();
    await exited;
  }
}

const OWN_REFUSAL = /: Go says <nil>, of its own bytes gob: (decoding into local|wrong) type/;

/** A stream of our encoder, for Go to decode. */
interface Question {
  readonly stream: number;
  readonly what: string;
  readonly hex: string;
}

class Session implements Outcome {
  cases = 0;
  readonly failures: string[] = [];
  readonly questions: Question[] = [];
  readonly #seed: number;
  readonly #random: Random;
  #registered: readonly Registration[] = [];
  /** Decodes values behind interfaces with their types, and thus they can be encoded again. */
  #dynamic = new Twins([], DYNAMIC);
  /** Go numbers types per process, and a seed is a process: all its streams share one registry. */
  readonly #types = new TypeRegistry();
  #streams = 0;
  /** Unset at the first difference: when one type id differs, all later bytes may. */
  #isExact = true;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = new Random(seed);
  }

  fail(stream: number, text: string): void {
    this.failures.push(`seed ${this.#seed}, stream ${stream}: ${text}`);
  }

  take(line: Line, text: string): void {
    if (line.registered !== undefined) {
      this.#registered = line.registered;
      this.#dynamic = new Twins(line.registered, DYNAMIC);
    } else if (line.unencodable !== undefined) {
      this.#attempt(text, () => this.#refuse(line.unencodable as Unencodable));
    } else this.#stream(line as unknown as Stream, text);
  }

  #stream(stream: Stream, text: string): void {
    this.cases += stream.values.length;
    const bytes = Buffer.from(stream.hex, "hex");
    // A number cannot hold an integer beyond 2^53-1.
    const integers = text.includes('{"int":"')
      ? (["bigint", "safe"] as const)
      : (["bigint", "safe", "number"] as const);
    const taste: Taste = { integers, interfaces: "plain", random: this.#random };
    this.#attempt(text, () => this.#receive(stream, bytes, new Twins(this.#registered, taste)));
    this.#attempt(text, () => this.#rewrite(stream, bytes));
    this.#attempt(text, () => this.#write(stream, new Twins(this.#registered, taste)));
    this.#attempt(text, () => this.#pass(stream, bytes));
    this.#streams++;
  }

  /** Decodes Go's bytes into the receivers' types. */
  #receive({ values }: Stream, bytes: Uint8Array, twins: Twins): void {
    const decoder = new Decoder({ registry: twins.registry });
    const next = this.#feed(decoder, bytes);
    for (const [i, { type, receiver = type, prior, got, refusal }] of values.entries()) {
      if (this.#random.chance(10)) {
        next(() => decoder.trySkip() || NEED_MORE);
        continue;
      }
      const twin = twins.of(receiver);
      const into = prior === undefined ? undefined : twin.out(prior);
      const decode = () => next(() => decoder.tryDecode(twin.schema, into as never));
      if (refusal === undefined) assert.deepStrictEqual(decode(), twin.out(got), `value ${i}`);
      else if (!isLenient(receiver)) {
        assert.throws(decode, isCodecError, `value ${i}: Go refuses: ${refusal}`);
      } else attemptOnly(decode);
    }
    assert.throws(() => next(() => decoder.tryDecodeAny()), { code: "eof" });
  }

  /** Gives the decoder chunks of random size, whenever a value needs more. */
  #feed(decoder: Decoder, bytes: Uint8Array) {
    let at = 0;
    const sizes = this.#random.pick([[1], [1, 2, 30], [7, 64, 1000], [100_000]]);
    return <T>(read: () => T | typeof NEED_MORE): T => {
      for (;;) {
        const value = read();
        if (value !== NEED_MORE) return value;
        if (at >= bytes.length) decoder.end();
        const end = at + this.#random.pick(sizes);
        decoder.push(bytes.slice(at, end));
        at = end;
      }
    };
  }

  /** Decodes Go's bytes and encodes the values again: to the same bytes, if that is possible. */
  #rewrite({ values, hex, isExact }: Stream, bytes: Uint8Array): void {
    const { registry } = this.#dynamic;
    const decoder = whole(new Decoder({ registry }), bytes);
    const encoder = new Encoder({ registry, types: this.#types, order: "go" });
    for (const [i, { type, value }] of values.entries()) {
      const twin = this.#dynamic.of(type);
      const decoded = decoder.tryDecode(twin.schema);
      assert.deepStrictEqual(decoded, twin.out(value), `value ${i}`);
      encoder.append(twin.schema, decoded as never);
    }
    const ours = this.#ask("in Go's order", encoder.take());
    if (!isExact || !this.#isExact || ours === hex) return;
    this.#isExact = false;
    throw new Error(`bytes differ from Go's\n${dump(ours)}\n-- Go's:\n${dump(hex)}`);
  }

  /** Encodes values as a user has them. */
  #write({ values }: Stream, twins: Twins): void {
    const encoder = new Encoder({ registry: twins.registry });
    for (const { type, value } of values) {
      const twin = twins.of(type);
      encoder.append(twin.schema, twin.in(value) as never);
    }
    const ours = encoder.take();
    this.#ask("definitions in front", ours);
    const messages = messagesOf(ours).filter((message) => !isDefinition(message));
    assert.equal(messages.length, values.length, "a definition is in the middle of a value");
    if (this.#random.chance(3)) this.#heat(values, encoder, ours, twins);
  }

  /** Encodes and decodes the last value many times: after {@link HOT_CALLS} uses a struct gets generated code. */
  #heat(values: readonly Sample[], encoder: Encoder, bytes: Uint8Array, twins: Twins): void {
    const { type, value, receiver = type, got, refusal, prior } = values.at(-1) as Sample;
    const twin = twins.of(type);
    // The first time is different, because new schemas are defined on the stream.
    const again = () => encoder.encode(twin.schema, twin.in(value) as never);
    again();
    const cold = again();
    for (let i = 0; i < HOT_CALLS; i++) again();
    assert.deepStrictEqual(again(), cold, "the writer changes its mind");

    if (prior !== undefined || (refusal !== undefined && isLenient(receiver))) return;
    const decoder = whole(new Decoder({ registry: twins.registry }), bytes, "open");
    const into = twins.of(receiver);
    for (const sample of values.slice(0, -1)) decoder.tryDecode(twins.of(sample.type).schema);
    const last = messagesOf(bytes).at(-1)?.bytes as Uint8Array;
    for (let i = 0; i <= HOT_CALLS; i++) {
      const decode = () => decoder.tryDecode(into.schema);
      if (refusal !== undefined) assert.throws(decode, isCodecError);
      else if (i % HOT_CALLS > 0) decode();
      else assert.deepStrictEqual(decode(), into.out(got), `for the ${i}th time`);
      decoder.push(last);
    }
  }

  /** Decodes without a schema, and encodes what came out. */
  #pass({ values }: Stream, bytes: Uint8Array): void {
    const decoder = whole(new Decoder(), bytes);
    const encoder = new Encoder();
    for (const _ of values) {
      const { schema, value } = decoder.tryDecodeAny() as TypedValue;
      encoder.append(schema, value as never);
    }
    this.#ask("without a schema", encoder.take());
  }

  /** Asserts that we refuse what Go refuses, and write nothing of it. */
  #refuse({ type, value, error }: Unencodable): void {
    this.cases++;
    const twin = this.#dynamic.of(type);
    const encoder = new Encoder({ registry: this.#dynamic.registry });
    const append = () => encoder.append(twin.schema, twin.in(value) as never);
    assert.throws(append, isCodecError, `Go refuses: ${error}`);
    assert.equal(encoder.take().length, 0);
  }

  #ask(what: string, bytes: Uint8Array): string {
    const hex = Buffer.from(bytes).toString("hex");
    this.questions.push({ stream: this.#streams, what, hex });
    return hex;
  }

  #attempt(text: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.fail(this.#streams, `${(error as Error).stack}\n  ${text}`);
    }
  }
}

function whole(decoder: Decoder, bytes: Uint8Array, then: "ended" | "open" = "ended"): Decoder {
  decoder.push(bytes);
  if (then === "ended") decoder.end();
  return decoder;
}

const dump = (hex: string): string => inspect(Buffer.from(hex, "hex"));

/**
 * [GOB-22] Whether we may take what Go refuses. Where the receiver has a type in two places, Go wants the peer to have one type in
 * both. And Go panics where a promoted field is behind a nil pointer.
 */
function isLenient(receiver: unknown): boolean {
  const text = JSON.stringify(receiver);
  if (text.includes('["Base",{"pointer":')) return true;
  const structs = text.match(/"struct":"[^"]*"/g) ?? [];
  return text.includes('"ref"') || new Set(structs).size < structs.length;
}

/** Accepts a value and a CodecError. */
function attemptOnly(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    assert.ok(isCodecError(error));
  }
}
