/** From Go's codec_test.go and encoder_test.go: bytes that are wrong, cut, or very many. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "goplug/gob";
import { CodecError } from "../../../../protocol/errors.js";
import { decode, decoderOf, encode, unhex, whole } from "../helpers.js";
import { DT, OnTheFly } from "./dt.js";
import { ArrayStruct, ByteStruct, StringStruct } from "./gobbers.js";
import { Pipe } from "./pipe.js";

/** Pseudo-random numbers below 2^32, always the same. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
}

/** Reads a stream in every way there is. Nothing but values and CodecErrors may come out. */
function drain(bytes: Uint8Array, take: (decoder: gob.Decoder) => unknown, what: string): void {
  const decoder = decoderOf(bytes);
  for (let rounds = 0; rounds <= bytes.length; rounds++) {
    try {
      assert.notEqual(take(decoder), gob.NEED_MORE, what);
    } catch (error) {
      assert.ok(error instanceof CodecError, `${what}: ${String(error)}`);
      if (decoder.isBroken || error.code === "eof") return;
    }
  }
  assert.fail(`${what}: more values and errors than bytes`);
}

const S = gob.struct("main.GobTest1", { X: gob.int(), G: gob.optional(StringStruct) });
const INPUTS: readonly gob.TypedValue[] = [
  gob.value(gob.int(), 0),
  gob.value(gob.float32(), 0),
  gob.value(gob.float64(), 0),
  gob.value(gob.complex128(), { re: 0, im: 0 }),
  gob.value(gob.named("*main.ByteStruct", ByteStruct), 252),
  gob.value(gob.named("*main.ArrayStruct", ArrayStruct), new Uint8Array(8192)),
  gob.value(gob.named("*main.StringStruct", StringStruct), "hello"),
  gob.value(gob.named("*main.GobTest1", S), { X: 0, G: "hello" }),
] as readonly gob.TypedValue[];

test("TestFuzz: [GOB-37] values behind interfaces whose bytes were changed at random", () => {
  const next = random(1);
  for (const [i, input] of INPUTS.entries()) {
    for (let round = 0; round < 100; round++) {
      const bytes = encode(gob.any(), input);
      for (const at of bytes.keys()) if (next() % 10 < 3) bytes[at]! += next() >>> 8;
      drain(bytes, (decoder) => decoder.tryDecode(gob.any()), `input ${i}, round ${round}`);
    }
  }
});

test("TestFuzzRegressions: [GOB-27] [GOB-33] names of gigabytes are refused before they are read", () => {
  for (const [name, length] of [
    ["fb17bfac7c00", 102_000_000_000],
    ["fc5f5e1000", 1_600_000_000],
  ] as const) {
    const body = unhex(`1000${name}6162`);
    const bytes = Uint8Array.of(body.length, ...body);
    const message = new RegExp(`invalid type name length ${length}: exceeds input size`);
    assert.throws(() => decode(gob.any(), bytes), { code: "corrupt", message });
    assert.throws(() => decoderOf(bytes).trySkip(), { code: "corrupt", message });
  }
});

test("TestFuzzOneByte: [GOB-37] a struct of everything with one byte changed, counts included", () => {
  const value = {
    A: 17,
    B: "hello",
    C: 3.25,
    I: gob.value(gob.int(), 271_828),
    J: gob.value(OnTheFly, { A: 3 }),
    I_nil: null,
    M: new Map([
      ["one", 1],
      ["two", 2],
    ]),
    T: [11, 22, 33],
    S: ["hi", "joe"],
  };
  const good = encode(DT, value, { order: "go" });
  for (const at of good.keys()) {
    for (const flip of [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x55, 0xaa, 0xff]) {
      const bytes = Uint8Array.from(good);
      bytes[at]! ^= flip;
      drain(bytes, (decoder) => decoder.tryDecode(DT), `byte ${at} ^ ${flip}`);
    }
  }
});

test("TestErrorInvalidTypeId: [GOB-8] an id without a type is the same error again and again", () => {
  const decoder = decoderOf(unhex("01000100"));
  const want = { code: "corrupt", message: /^gob: unknown type id or corrupted data/ };
  for (let i = 0; i < 2; i++) assert.throws(() => decoder.tryDecode(gob.empty()), want);
  assert.throws(() => decoder.tryDecode(gob.empty()), { code: "eof" });
});

const MIB = 2 ** 20;
/** A short string for each number, different from all others. */
const letter = (i: number): string => String.fromCodePoint(i >= 0xd800 ? i + 0x800 : i);

/** Compares element by element, because a failed deepEqual prints everything. */
function checkList<T>(list: readonly T[], length: number, isRight: (of: T, i: number) => boolean) {
  assert.equal(list.length, length);
  const wrong = list.findIndex((of, i) => !isRight(of, i));
  assert.equal(wrong, -1);
}

// Go's lists are longer, to exceed its first allocation. Ours grow from the beginning.
test("TestLargeSlice: [GOB-5] [GOB-18] 20 MiB of bytes, and a million of other elements", () => {
  const Bytes = gob.struct("LargeSliceByte", { S: gob.bytes() });
  const bytes = new Uint8Array(20 * MIB).map((_, i) => i);
  assert.equal(Buffer.compare(decode(Bytes, encode(Bytes, { S: bytes })).S, bytes), 0);

  const Int8 = gob.struct("LargeSliceInt8", { S: gob.slice(gob.int8()) });
  const numbers = Array.from({ length: MIB }, (_, i) => (i << 24) >> 24);
  const { S: integers } = decode(Int8, encode(Int8, { S: numbers }));
  checkList(integers, MIB, (of, i) => of === numbers[i]);

  const Pair = gob.struct("StringPair", { A: gob.string(), B: gob.string() });
  const Pairs = gob.struct("LargeSliceStruct", { S: gob.slice(Pair) });
  const letters = Array.from({ length: MIB }, (_, i) => letter(i));
  const { S: pairs } = decode(Pairs, encode(Pairs, { S: letters.map((A) => ({ A, B: A })) }));
  checkList(pairs, MIB, ({ A, B }, i) => A === letters[i] && B === A);

  const Strings = gob.struct("LargeSliceString", { S: gob.slice(gob.string()) });
  const { S: strings } = decode(Strings, encode(Strings, { S: letters }));
  checkList(strings, MIB, (of, i) => of === letters[i]);
});

test("TestIgnoreRecursiveType: [GOB-30] a slice of itself is skipped", () => {
  const bytes = `
    1dffd302 01010e72 65637572 73697665 536c6963 6501ffd4 0001ffd4 000007ff d4000201 0000
  `.replaceAll(/\s/g, "");
  assert.equal(decoderOf(unhex(bytes)).trySkip(), true);
});

test("TestBadCount: [GOB-6] a length beyond everything ends the stream", () => {
  const decoder = decoderOf(unhex("fba5822fca01"));
  const want = { code: "limit", message: /maxMessageBytes.*invalid message length/ };
  assert.throws(() => decoder.trySkip(), want);
  assert.ok(decoder.isBroken);
});

test("TestErrorForHugeSlice: [GOB-18] [GOB-33] a count that was made large is refused", () => {
  const bytes = encode(gob.slice(gob.int()), new Array(10).fill(1));
  bytes[bytes.length - 11] = 0xfa;
  assert.throws(() => decode(gob.slice(gob.int()), bytes), {
    code: "corrupt",
    message: /decoding int array or slice: length exceeds input size \(\d{13} elements\)/,
  });
});

test("TestBadData: [GOB-37] bytes that once upset Go", () => {
  const ET2 = gob.struct("ET2", { X: gob.string() });
  const skip = (decoder: gob.Decoder): unknown => decoder.trySkip();
  const intoET2 = (decoder: gob.Decoder): unknown => decoder.tryDecode(ET2);
  const cases: [string, RegExp, (decoder: gob.Decoder) => unknown][] = [
    ["", /EOF/, skip],
    ["7f6869", /unexpected EOF/, skip],
    [
      "036e6f77206973207468652074696d6520666f7220616c6c20676f6f64206d656e",
      /unknown type id/,
      intoET2,
    ],
    ["0424666f6f", /no fields matched/, intoET2],
    ["0424666f6f", /field numbers out of bounds/, (decoder) => decoder.tryDecodeAny()],
    ["05100028557b02027f8302", /invalid type name length 40: exceeds input size/, skip],
    ["130a00fb5dad0bf8ff020263e70002fa28020202a89859", /longer than its message/, skip],
    ["0f1000fb285d003316020735ff023a65c5", /invalid type name length .*exceeds input size/, skip],
    // Go reads on where a definition lacks its last 0. We refuse it there.
    [
      "03fffb0616fffc00f902ff02ff03bf005d02885802a311a8120228022c028ee7",
      /value is cut short inside its message/,
      skip,
    ],
    [
      "10fe010f020102fe01100001fe010e000016fe010d030102fe010e00010101015801fe01100000000bfe011000f85555555555555555",
      /exceeds input size/,
      skip,
    ],
  ];
  for (const [bytes, message, take] of cases) {
    assert.throws(() => take(decoderOf(unhex(bytes))), { name: "CodecError", message }, bytes);
    drain(unhex(bytes), take, bytes);
  }
});

test("TestDecodeErrorMultipleTypes: [GOB-9] two encoders on one stream are found out", () => {
  const Test = gob.struct("Test", { A: gob.string(), B: gob.int() });
  const decoder = new gob.Decoder();
  decoder.push(encode(Test, { A: "one", B: 1 }));
  assert.deepEqual(decoder.tryDecode(Test), { A: "one", B: 1 });
  decoder.push(encode(Test, { A: "two", B: 2 }));
  assert.throws(() => decoder.tryDecode(Test), { code: "corrupt", message: /duplicate type/ });
});

test("TestMarshalFloatMap: [GOB-38] several keys that are NaN are refused, and one is a key", () => {
  const schema = gob.map(gob.float64(), gob.string());
  // Go's maps can hold NaN many times. This one was sent three times, with two bit patterns.
  const go =
    "0d7f040102ff80000108010c00001fff800003f8010000000000f87f0161f8010000000000f87f0162fef87f0163";
  assert.throws(() => decode(schema, go), {
    code: "type-mismatch",
    reason: "keys",
    path: /\[NaN\]$/,
  });
  const pipe = new Pipe();
  const value = new Map([[Number.NaN, "a"]]);
  pipe.send(schema, value);
  assert.deepEqual(pipe.receive(schema), value);
});

test("TestDecodePartial: [GOB-20] a stream cut anywhere ends cleanly between values only", () => {
  const T = gob.struct("T", { X: gob.slice(gob.int()), Y: gob.string() });
  const values = [
    { X: [1, 2, 3], Y: "foo" },
    { X: [4, 5, 6], Y: "bar" },
  ];
  const encoder = new gob.Encoder();
  const first = encoder.encode(T, values[0]!);
  const bytes = Buffer.concat([first, encoder.encode(T, values[1]!)]);
  for (let end = 0; end <= bytes.length; end++) {
    const decoder = decoderOf(bytes.subarray(0, end));
    const takeBoth = () => values.map(() => whole(decoder.tryDecode(T)));
    if (end === bytes.length) assert.deepEqual(takeBoth(), values);
    else {
      const code = end === 0 || end === first.length ? "eof" : "unexpected-eof";
      assert.throws(takeBoth, { code }, `cut at ${end}`);
    }
  }
});

test("TestDecoderOverflow: [GOB-10] numbers beyond everything in a definition are an error", () => {
  const bytes = unhex("12ffff02022000f87fffffffffffffffffffffff2020202020");
  assert.throws(() => decoderOf(bytes).trySkip(), { name: "CodecError", code: "out-of-range" });
  drain(bytes, (decoder) => decoder.tryDecodeAny(), "all of it");
});
