/** One seed of the differential fuzz: gob-fuzz (test/go/peers/cmd) and our coders on the same values. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { isCodecError } from "../../protocol/errors.js";
import { Cursor } from "../../protocol/gob/decode/cursor.js";
import { HOT_CALLS } from "../../protocol/gob/generate.js";
import { Decoder, Encoder, inspect, NEED_MORE, TypeRegistry } from "../../protocol/gob/index.js";
import type { TypedValue } from "../../protocol/schema/index.js";
import { Random } from "./random.js";
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
interface Stream {
  readonly hex: string;
  /** Whether our bytes can be Go's. */
  readonly isExact: boolean;
  readonly values: readonly Sample[];
}
interface Unencodable {
  readonly type: Notation;
  readonly value: unknown;
  readonly error: string;
}
interface Line {
  readonly registered?: readonly Registration[];
  readonly values?: unknown;
  readonly unencodable?: Unencodable;
  readonly end?: true;
}

/** Part of what a seed means; some 180 values. */
export const STREAMS_PER_SEED = 60;

export interface Outcome {
  readonly cases: number;
  /** One text for each way in which we and Go differ. */
  readonly failures: readonly string[];
}

/** What encodes again to the same bytes. */
const DYNAMIC: Taste = { integers: ["safe"], interfaces: "dynamic", random: undefined };

/** Runs a seed against a gob-fuzz of its own. */
export async function runSession(program: string, seed: number, streams: number): Promise<Outcome> {
  const child = spawn(program, ["-seed", `${seed}`, "-streams", `${streams}`], {
    stdio: ["pipe", "pipe", "inherit"],
    // Go takes a zone of the local offset for the local one.
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
      // [GOB-22] Of its own types Go may refuse what it takes of ours.
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

/** What one encoder made of a stream, for Go to judge. */
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
  /** Keeps types and what behind interfaces encodes again. */
  #dynamic = new Twins([], DYNAMIC);
  /** Go numbers types per process, so all streams of a seed share one. */
  readonly #types = new TypeRegistry();
  #streams = 0;
  /** After one difference in ids all later bytes differ. */
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
    // A number cannot hold an integer past 2^53-1.
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

  /** Go's bytes into the receivers' types. */
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

  /** Hands a stream over in chunks of any size, as values ask for them. */
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

  /** Go's bytes into values and back: the same bytes. */
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

  /** Values made here, as a user would. */
  #write({ values }: Stream, twins: Twins): void {
    const encoder = new Encoder({ registry: twins.registry });
    for (const { type, value } of values) {
      const twin = twins.of(type);
      encoder.append(twin.schema, twin.in(value) as never);
    }
    const ours = encoder.take();
    this.#ask("definitions in front", ours);
    const messages = messagesOf(ours).filter(({ id }) => id >= 0);
    assert.equal(messages.length, values.length, "a definition is in the middle of a value");
    if (this.#random.chance(3)) this.#heat(values, encoder, ours, twins);
  }

  /** The last value again and again: structs that are used much get code of their own. */
  #heat(values: readonly Sample[], encoder: Encoder, bytes: Uint8Array, twins: Twins): void {
    const { type, value, receiver = type, got, refusal, prior } = values.at(-1) as Sample;
    const twin = twins.of(type);
    // New schemas, new definitions: the first time is not like the others.
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

  /** Through without a schema. */
  #pass({ values }: Stream, bytes: Uint8Array): void {
    const decoder = whole(new Decoder(), bytes);
    const encoder = new Encoder();
    for (const _ of values) {
      const { schema, value } = decoder.tryDecodeAny() as TypedValue;
      encoder.append(schema, value as never);
    }
    this.#ask("without a schema", encoder.take());
  }

  /** What Go refuses we refuse, and nothing of it is on the stream. */
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

interface Message {
  readonly id: number;
  /** With its length. */
  readonly bytes: Uint8Array;
}

/**
 * [GOB-22] A type that the receiver has in two places fits here whenever its parts do; Go wants the peer to
 * have one type for it, too. And Go matches the fields of an embedded struct (`Base`), too.
 */
function isLenient(receiver: unknown): boolean {
  const text = JSON.stringify(receiver);
  if (text.includes('["Base",')) return true;
  const structs = text.match(/"struct":"[^"]*"/g) ?? [];
  return text.includes('"ref"') || new Set(structs).size < structs.length;
}

/** A value, or an error of ours. */
function attemptOnly(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    assert.ok(isCodecError(error));
  }
}

/** [GOB-6] The messages of a stream; ids of definitions are below 0. */
function messagesOf(bytes: Uint8Array): Message[] {
  const cursor = new Cursor();
  cursor.moveTo(Buffer.from(bytes), 0, false);
  cursor.enterMessage(0, bytes.length);
  const messages: Message[] = [];
  while (cursor.pos < bytes.length) {
    const start = cursor.pos;
    const end = cursor.uint() + cursor.pos;
    messages.push({ id: cursor.int(), bytes: bytes.subarray(start, end) });
    cursor.pos = end;
  }
  return messages;
}
