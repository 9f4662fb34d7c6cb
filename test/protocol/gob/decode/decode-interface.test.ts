/** Values behind interfaces: names, values whose type is not known here, values that are skipped. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { basicError, duration, Registry, Time, time } from "../../../../protocol/gob/index.js";
import type { AnySchema, TypedValue } from "../../../../protocol/schema/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { decode, decoderOf, encode, hex, through, unhex, whole } from "../helpers.js";

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
