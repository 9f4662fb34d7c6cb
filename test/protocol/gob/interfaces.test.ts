/** Values behind interfaces: names, values whose type is not known here, values over many messages. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  basicError,
  Decoder,
  duration,
  Encoder,
  NEED_MORE,
  Registry,
  Time,
  time,
} from "../../../protocol/gob/index.js";
import type { AnySchema, TypedValue } from "../../../protocol/schema/index.js";
import * as s from "../../../protocol/schema/index.js";
import { decode, decoderOf, encode, hex, inChunks, through, unhex, whole } from "./helpers.js";

const Point = s.struct("main.Point", { X: s.int(), Y: s.int() });
const PointIn = s.named("main.Point", Point);
const at = (X: number, Y: number) => s.value(PointIn, { X, Y });

test("[GOB-25] plain values come out of an interface", () => {
  const cases: [AnySchema, unknown, unknown][] = [
    [s.bool(), true, true],
    [s.int8(), -3, -3],
    [s.int64(), 5n, 5],
    [s.int64(), 2n ** 60n, 2n ** 60n],
    [s.uint64(), 2n ** 64n - 1n, 2n ** 64n - 1n],
    [s.uintptr(), 7n, 7],
    [s.float32(), 1.5, 1.5],
    [s.complex128(), { re: 1, im: -1 }, { re: 1, im: -1 }],
    [s.string(), "x", "x"],
    [s.bytes(), unhex("0102"), unhex("0102")],
    [s.slice(s.float64()), [1, 2], [1, 2]],
    [s.slice(s.any()), ["a", null, s.value(s.uint16(), 3)], ["a", null, 3]],
    [s.map(s.string(), s.any()), new Map([["k", s.value(s.int(), 1)]]), new Map([["k", 1]])],
    [s.map(s.string(), s.slice(s.int())), new Map([["k", [1]]]), new Map([["k", [1]]])],
    [s.array(2, s.bool()), [true, false], [true, false]],
    [s.struct("", { A: s.int(), B: s.string() }), { A: 1, B: "" }, { A: 1, B: "" }],
    [s.empty(), undefined, {}],
  ];
  for (const [schema, value, want] of cases) {
    assert.deepEqual(through(s.any(), s.value(schema, value as never), s.any()), want);
  }
  assert.equal(through(s.any(), null, s.any()), null);
  assert.equal(through(s.any(), "text", s.any()), "text");
  assert.equal(through(s.any(), true, s.any()), true);
});

test("[GOB-28] well-known types of Go come out as what they are here", () => {
  const when = new Time({ unixSeconds: 5n, nanoseconds: 1 });
  assert.deepEqual(through(s.any(), s.value(time(), when), s.any()), when);
  assert.equal(through(s.any(), s.value(duration(), 5n), s.any()), 5n);
  const error = through(s.any(), s.value(basicError(), { Message: "bad" }), s.any());
  assert.deepEqual(error, { Message: "bad" });
});

test("[GOB-28] a registered name decides what a value decodes to", () => {
  const celsius = s.codec({
    wire: s.float64(),
    encode: (of: { degrees: number }) => of.degrees,
    decode: (degrees) => ({ degrees }),
  });
  const registry = new Registry().register("main.Celsius", celsius).register("main.Point", Point);
  const bytes = encode(s.any(), s.value(s.named("main.Celsius", celsius), { degrees: 7 }));
  assert.deepEqual(decode(s.any(), bytes, { registry }), { degrees: 7 });
  assert.deepEqual(decode(s.any(), encode(s.any(), at(1, 2)), { registry }), { X: 1, Y: 2 });
});

test("[GOB-28] a name that is not known here comes with its type, and encodes again", () => {
  const bytes = encode(s.any(), at(1, 2));
  const value = decode(s.any(), bytes) as TypedValue;
  assert.equal(value.kind, "value");
  assert.equal((value.schema as { name?: string }).name, "main.Point");
  assert.deepEqual(value.value, { X: 1, Y: 2 });
  assert.equal(hex(encode(s.any(), value)), hex(bytes));
});

test("[GOB-28] dynamic values keep what they are, known or not", () => {
  const Node: AnySchema = s.struct("Node", {
    V: s.any(),
    get Kids() {
      return s.slice(Node);
    },
  } as object);
  const values = [
    s.value(s.int8(), -1),
    s.value(s.slice(s.any()), [s.value(s.uint(), 1), "x", null, at(3, 4)]),
    s.value(s.map(s.string(), s.any()), new Map([["a", s.value(time(), new Date(0))]])),
    s.value(s.named("main.Celsius", s.float32()), 1.5),
    s.value(s.named("*main.Node", Node), { V: at(1, 1), Kids: [{ V: null, Kids: [] }] } as never),
    s.value(s.named("main.Bits", s.array(3, s.bool())), [true, false, true]),
    s.value(
      s.named("main.M", s.map(Point, s.complex64())),
      new Map([
        [
          { X: 1, Y: 1 },
          { re: 1, im: 0 },
        ],
      ]),
    ),
  ];
  for (const value of values) {
    const bytes = encode(s.any(), value as TypedValue);
    const out = decode(s.dynamic(), bytes);
    assert.ok(out !== null && out.kind === "value");
    assert.equal(hex(encode(s.dynamic(), out)), hex(bytes));
  }
  assert.equal(through(s.any(), null, s.dynamic()), null);
});

test("[GOB-15] what was left out is left out again", () => {
  const S = s.struct("main.S", {
    P: s.optional(Point),
    M: s.optional(s.map(s.string(), s.int())),
    A: s.optional(s.array(2, s.int())),
    T: s.optional(time()),
    N: s.int(),
  });
  for (const value of [
    { N: 1 },
    { N: 0, P: { X: 0, Y: 0 }, M: new Map(), A: [0, 0], T: new Date(0) },
  ]) {
    const bytes = encode(S, value);
    const out = whole(decoderOf(bytes).tryDecodeAny());
    assert.equal(hex(encode(out.schema, out.value)), hex(bytes));
  }
});

test("[GOB-25] a value behind an interface has to fit its name", () => {
  const bytes = "0b100003696e740c03000161";
  const text =
    /^gob: decoding into local type int, received remote type string \(at \(int\), offset/;
  assert.throws(() => decode(s.any(), bytes), { code: "type-mismatch", message: text });
});

test("[GOB-27] a name has 1024 bytes at most", () => {
  const name = (length: number) => `main.${"N".repeat(length - 5)}`;
  const of = (length: number) => encode(s.any(), s.value(s.named(name(length), s.int()), 1));
  assert.ok(decode(s.any(), of(1024)));
  const want = { code: "limit", message: /name too long \(1025 bytes, limit 1024\)/ };
  assert.throws(() => decode(s.any(), of(1025)), want);
  assert.throws(() => decoderOf(of(1025)).trySkip(), want);
});

// Go flushes what it has when a definition is needed in mid-value; one value, many messages.
const Chain: AnySchema = s.named("main.Chain", s.struct("main.Chain", { V: s.any(), N: s.int() }));
const kinds = Array.from({ length: 12 }, (_, i) =>
  s.named(`main.K${i}`, s.struct(`main.K${i}`, { [`F${i}`]: s.int(), V: s.any() })),
);
const wide = {
  V: s.value(
    s.slice(s.any()),
    kinds.map((kind, i) => s.value(kind, { [`F${i}`]: i, V: at(i, i) } as never)),
  ),
  N: 9,
} as never;
const split = new Encoder({ order: "go" });
split.append(Chain, wide);
split.append(s.int(), 42);
const SPLIT = split.take();

function checkWide(value: unknown): void {
  const { V, N } = value as { V: TypedValue[]; N: number };
  assert.equal(N, 9);
  assert.deepEqual(
    V.map((of) => (of.value as Record<string, unknown>)[`F${V.indexOf(of)}`]),
    kinds.map((_, i) => i),
  );
}

test("[GOB-26] a value over many messages waits for all of them, at every cut", () => {
  for (let cut = 0; cut <= SPLIT.length; cut++) {
    const decoder = new Decoder();
    decoder.push(SPLIT.subarray(0, cut));
    const first = decoder.tryDecode(Chain);
    decoder.retain();
    decoder.push(SPLIT.subarray(cut));
    const value = first === NEED_MORE ? decoder.tryDecode(Chain) : first;
    checkWide(whole(value));
    assert.equal(whole(decoder.tryDecode(s.int())), 42);
  }
});

test("[GOB-26] [GOB-30] it is read and skipped byte by byte", () => {
  const [value] = inChunks(Chain, SPLIT.subarray(0, -4), 1);
  checkWide(value);
  const skipped = new Decoder();
  let count = 0;
  for (const byte of SPLIT) {
    skipped.push(Uint8Array.of(byte));
    while (skipped.trySkip()) count++;
    skipped.retain();
  }
  assert.equal(count, 2);
});

test("[GOB-26] a caller that changes its mind skips a value that it waited for", () => {
  const decoder = new Decoder();
  decoder.push(SPLIT.subarray(0, SPLIT.length - 30));
  assert.equal(decoder.tryDecode(Chain), NEED_MORE);
  assert.equal(decoder.trySkip(), false);
  decoder.push(SPLIT.subarray(SPLIT.length - 30));
  assert.equal(decoder.trySkip(), true);
  assert.equal(decoder.tryDecode(s.int()), 42);
});

test("[GOB-30] skipping goes on where it stopped, whoever comes next", () => {
  const decoder = new Decoder();
  decoder.push(SPLIT.subarray(0, 200));
  assert.equal(decoder.trySkip(), false);
  decoder.retain();
  decoder.push(SPLIT.subarray(200));
  assert.equal(decoder.tryDecode(s.int()), 42);
});

test("[GOB-20] a stream that ends in such a value is cut", () => {
  for (const take of ["tryDecode", "trySkip"] as const) {
    const decoder = decoderOf(SPLIT.subarray(0, SPLIT.length - 30));
    assert.throws(() => decoder[take](Chain), { code: "unexpected-eof" });
    const late = new Decoder();
    late.push(SPLIT.subarray(0, SPLIT.length - 30));
    late[take](Chain);
    late.end();
    assert.throws(() => late[take](Chain), { code: "unexpected-eof" });
  }
});

test("[GOB-37] after an error in such a value the next one is found, when it arrives", () => {
  const Wrong = s.struct("main.Chain", { N: s.string() });
  for (const cut of [SPLIT.length, SPLIT.length - 30, 200]) {
    const decoder = new Decoder();
    decoder.push(SPLIT.subarray(0, cut));
    assert.throws(() => decoder.tryDecode(Wrong), { code: "type-mismatch" });
    decoder.retain();
    decoder.push(SPLIT.subarray(cut));
    assert.equal(decoder.tryDecode(s.int()), 42);
  }
});

test("[GOB-37] such a value that turns out to be corrupt is dropped where it fails", () => {
  const bytes = Uint8Array.from(SPLIT);
  // The last name of a type, in the last message of the value.
  const last = Buffer.from(bytes).lastIndexOf("main.Point");
  bytes[last - 1] = 0x7f;
  for (const size of [1, bytes.length]) {
    const decoder = new Decoder();
    let failures = 0;
    let found: unknown;
    for (let from = 0; from < bytes.length; from += size) {
      decoder.push(bytes.subarray(from, from + size));
      try {
        const value = decoder.tryDecode(failures === 0 ? Chain : s.int());
        if (value !== NEED_MORE) found = value;
      } catch {
        failures++;
      }
      decoder.retain();
    }
    if (found === undefined) found = decoder.tryDecode(s.int());
    assert.equal(failures, 1);
    assert.equal(found, 42);
  }
});

test("[GOB-26] codecs run once, however often the value was looked at", () => {
  let calls = 0;
  const lent = s.codec({
    wire: s.uint32(),
    encode: (of: number) => of,
    decode: (of) => {
      calls++;
      return of;
    },
  });
  const Job = s.struct("main.Job", { Log: lent, V: s.any(), W: s.any() });
  const encoder = new Encoder({ order: "go" });
  const bytes = encoder.encode(Job, {
    Log: 3,
    V: at(1, 2),
    W: s.value(kinds[0]!, { F0: 1, V: null } as never),
  });
  const [job] = inChunks(Job, bytes, 1);
  assert.equal(job?.Log, 3);
  assert.equal(calls, 1);
  const registry = new Registry().register("main.Lent", lent);
  const inside = encode(s.slice(s.any()), [s.value(s.named("main.Lent", lent), 5), at(1, 1)], {
    order: "go",
  });
  assert.equal(inChunks(s.slice(s.any()), inside, 1, { registry }).length, 1);
  assert.equal(calls, 2);
});

test("[GOB-26] [GOB-33] small pieces of a split value cost linear time", () => {
  // Behind a large first message every further one would mean reading it anew.
  const big = s.struct("main.Big", { Pad: s.slice(s.int()), V: s.slice(s.any()) });
  const many = Array.from({ length: 300 }, (_, i) =>
    s.value(s.named(`main.T${i}`, s.struct(`main.T${i}`, { A: s.int() })), { A: i }),
  );
  const bytes = encode(big, { Pad: new Array(200_000).fill(1), V: many }, { order: "go" });
  const decoder = new Decoder();
  const started = process.cpuUsage().user;
  let value: unknown = NEED_MORE;
  decoder.push(bytes.subarray(0, 210_000));
  for (let from = 210_000; from < bytes.length; from += 10) {
    assert.equal(value, NEED_MORE);
    value = decoder.tryDecode(big);
    decoder.retain();
    decoder.push(bytes.subarray(from, from + 10));
  }
  if (value === NEED_MORE) value = decoder.tryDecode(big);
  assert.equal((value as { V: unknown[] }).V.length, 300);
  // Some 2000 rounds over 200 000 elements would take several seconds.
  assert.ok(process.cpuUsage().user - started < 2_000_000);
});

test("[GOB-33] the messages of one value count together", () => {
  const decoder = new Decoder({ maxMessageBytes: 400 });
  decoder.push(SPLIT);
  const want = { code: "limit", message: /beyond maxMessageBytes \(400\)/ };
  assert.throws(() => decoder.tryDecode(Chain), want);
  assert.equal(decoder.isBroken, true);
});

test("[GOB-30] fields that are skipped may hold nil interfaces and first definitions", () => {
  // Go loses its way in both of these, which Go itself wrote.
  const definitions =
    "1a7f030101015701ff80000102010141011000010142010400000029ff80010b6d61696e2e486f6c646572ff8103010106486f6c64657201ff8200010101015601100000003bff822b010a6d61696e2e506f696e74ff8303010105506f696e7401ff84000102010158010400010159010400000009ff8405010201040000010e00";
  assert.deepEqual(decode(s.struct("", { B: s.int() }), definitions), { B: 7 });
  const nils =
    "277f030101014c01ff8000010401014101ff8200010158010400010142010c0001014301040000001cff810201010e5b5d696e74657266616365207b7d01ff8200011000000cff8001010002026869010a00";
  const L = s.struct("", { B: s.string(), C: s.int() });
  assert.deepEqual(decode(L, nils), { B: "hi", C: 5 });
  const decoder = decoderOf(unhex("03100000 03040006"));
  assert.equal(decoder.trySkip(), true);
  assert.equal(decoder.tryDecode(s.int()), 3);
});

test("[GOB-37] every corrupted byte gives a value or an error, and never more than one per message", () => {
  for (let i = 0; i < SPLIT.length; i += 3) {
    for (const flip of [0x01, 0x80, 0xff]) {
      const bytes = Uint8Array.from(SPLIT);
      bytes[i] = bytes[i]! ^ flip;
      const decoder = decoderOf(bytes);
      for (let rounds = 0; ; rounds++) {
        assert.ok(rounds < 60, `byte ${i}`);
        try {
          assert.notEqual(rounds % 2 === 0 ? decoder.tryDecodeAny() : decoder.trySkip(), NEED_MORE);
        } catch (error) {
          const { name, code } = error as { name: string; code: string };
          assert.equal(name, "CodecError", String(error));
          if (code.endsWith("eof") || decoder.isBroken) break;
        }
      }
    }
  }
});
