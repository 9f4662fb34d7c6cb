import assert from "node:assert/strict";
import { test } from "node:test";
import { CodecError } from "../../../protocol/errors.js";
import { Decoder, Encoder, NEED_MORE } from "../../../protocol/gob/index.js";
import type { AnySchema } from "../../../protocol/schema/index.js";
import * as s from "../../../protocol/schema/index.js";
import { decode, decoderOf, encode, hex, through, unhex, whole } from "./helpers.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });
/** Defines Point as type 65. */
const POINT_DEF = "1fff8103010105506f696e7401ff820001020101580104000101590104000000";

const refuses = (
  schema: AnySchema,
  bytes: Uint8Array | string,
  want: Partial<CodecError>,
  text: RegExp | string,
) =>
  assert.throws(
    () => decode(schema, bytes),
    (error) => {
      assert.ok(error instanceof CodecError);
      if (typeof text === "string") assert.equal(error.message, text);
      else assert.match(error.message, text);
      for (const [key, of] of Object.entries(want))
        assert.deepEqual(Reflect.get(error, key), of, key);
      return true;
    },
  );

test("[GOB-17] fields that do not arrive have the zero of their schema", () => {
  const Sender = s.struct("Sender", { A: s.int() });
  const Receiver = s.struct("Receiver", {
    A: s.int(),
    Bool: s.bool(),
    Big: s.uint64(),
    Float: s.float32(),
    Complex: s.complex64(),
    String: s.string(),
    Raw: s.rawString(),
    Bytes: s.bytes(),
    Slice: s.slice(s.int()),
    Array: s.array(2, s.array(2, s.bool())),
    Map: s.map(s.string(), s.int()),
    Record: s.record(s.int()),
    Optional: s.optional(s.int()),
    Any: s.any(),
    Dynamic: s.dynamic(),
    Nested: s.struct("", { X: s.int(), P: s.optional(Point), Q: Point }),
    Empty: s.empty(),
    Lazy: s.lazy(() => s.named("main.Strings", s.slice(s.string()))),
    Opaque: s.opaque("main.Opaque"),
  });
  const record: Record<string, number> = Object.create(null);
  assert.deepEqual(through(Sender, { A: 1 }, Receiver), {
    A: 1,
    Bool: false,
    Big: 0n,
    Float: 0,
    Complex: { re: 0, im: 0 },
    String: "",
    Raw: new Uint8Array(),
    Bytes: new Uint8Array(),
    Slice: [],
    Array: [
      [false, false],
      [false, false],
    ],
    Map: new Map(),
    Record: record,
    Any: null,
    Dynamic: null,
    Nested: { X: 0, Q: { X: 0, Y: 0 } },
    Empty: undefined,
    Lazy: [],
    Opaque: new Uint8Array(),
  });
});

test("[GOB-17] zeros are made anew for each value, and the same when fields are absent", () => {
  const Box = s.struct("Box", { L: s.slice(s.int()), M: s.map(s.string(), s.int()), N: s.int() });
  const encoder = new Encoder();
  const decoder = new Decoder();
  const seen = [];
  for (let i = 0; i < 150; i++) {
    decoder.push(encoder.encode(Box, { L: i % 2 === 0 ? [i] : [], M: new Map(), N: i }));
    seen.push(whole(decoder.tryDecode(Box)));
  }
  for (const [i, value] of seen.entries()) {
    assert.deepEqual(value, { L: i % 2 === 0 ? [i] : [], M: new Map(), N: i });
    value.L.push(-1);
    assert.deepEqual(Object.keys(value), ["L", "M", "N"]);
  }
});

test("a struct that contains itself is refused", () => {
  const Endless: AnySchema = s.struct("Endless", {
    get Next() {
      return Endless;
    },
  } as object);
  const bytes = encode(s.struct("Endless", { Next: s.struct("", {}) }), { Next: {} });
  refuses(Endless, bytes, { code: "bad-value" }, /struct contains itself/);
});

test("[GOB-23] fields are matched by name, whatever their order and number", () => {
  const From = s.struct("From", { C: s.string(), Extra: s.slice(Point), A: s.int(), B: s.bool() });
  const To = s.struct("To", { A: s.int(), B: s.bool(), C: s.string() });
  const value = { C: "c", Extra: [{ X: 1, Y: 2 }], A: 7, B: true };
  assert.deepEqual(through(From, value, To), { A: 7, B: true, C: "c" });
  assert.deepEqual(through(From, value, s.empty()), undefined);
  assert.deepEqual(through(s.empty(), undefined, To), { A: 0, B: false, C: "" });
});

test("[GOB-23] of two wire fields of one name the last counts", () => {
  const bytes = "18ff81030102ff82000102010158010400010158010400000007ff820102010400";
  assert.deepEqual(decode(Point, bytes), { X: 2, Y: 0 });
});

test("[GOB-32] a value that does not fit is told in Go's words", () => {
  const code = "type-mismatch";
  const text = "gob: decoding into local type *int, received remote type string (offset 3)";
  refuses(s.int(), encode(s.string(), "x"), { code, typeName: "int", offset: 3 }, text);
  refuses(
    s.any(),
    encode(Point, { X: 1, Y: 1 }),
    { code },
    /^gob: local interface type \*interface \{\} can only be decoded from remote interface type; received concrete type Point/,
  );
  refuses(
    Point,
    encode(s.int(), 1),
    { code, typeName: "Point" },
    /^gob: type mismatch in decoder: want struct type Point; got non-struct \(wire has int\)/,
  );
  refuses(
    s.struct("Args", { A: s.int() }),
    encode(Point, { X: 1, Y: 1 }),
    { code },
    "gob: type mismatch: no fields matched compiling decoder for Args (wire has X, Y; want A)",
  );
  refuses(
    Point,
    encode(s.struct("P2", { X: s.string(), Y: s.int() }), { X: "", Y: 1 }),
    { code, typeName: "int" },
    /^gob: wrong type \(int\) for received field P2\.X \(wire has string\)/,
  );
  refuses(
    s.slice(s.int()),
    encode(s.slice(s.string()), []),
    { code },
    /local type \*\[\]int, received remote type slice/,
  );
  refuses(
    s.array(3, s.int()),
    encode(s.array(2, s.int()), [1, 2]),
    { code },
    /local type \*\[3\]int/,
  );
  refuses(s.slice(s.int()), encode(s.array(2, s.int()), [1, 2]), { code }, /local type \*\[\]int/);
  refuses(s.map(s.string(), s.int()), encode(s.record(s.uint()), {}), { code }, /map\[string\]int/);
  refuses(s.record(s.int()), encode(s.map(s.int(), s.int()), new Map()), { code }, /map/);
  refuses(
    s.opaque("main.T"),
    encode(s.opaque("main.T", "binary"), unhex("01")),
    { code },
    /\*main\.T/,
  );
  refuses(s.bytes(), encode(s.string(), "x"), { code }, /local type \*\[\]uint8/);
  refuses(s.slice(s.uint8()), encode(s.string(), "x"), { code }, /local type \*\[\]uint8/);
  refuses(s.rawString(), encode(s.bytes(), unhex("01")), { code }, /local type \*string/);
});

test("[GOB-21] a mismatch is found where no value is", () => {
  const Sent = s.struct("S", { L: s.slice(s.string()), I: s.int() });
  const Want = s.struct("W", { L: s.slice(s.int()), I: s.int() });
  const bytes = encode(Sent, { L: [], I: 0 });
  refuses(Want, bytes, { code: "type-mismatch" }, /wrong type \(\[\]int\) for received field S\.L/);
});

test("[GOB-21] what failed to compile leaves nothing half-made behind", () => {
  // B is complete when A fails, and refers to A.
  const A: AnySchema = s.struct("A", { B: s.optional(s.lazy(() => B)), Y: s.string() });
  const B: AnySchema = s.struct("B", { A: s.optional(A), N: s.int() });
  const WireA: AnySchema = s.struct("A", { B: s.optional(s.lazy(() => WireB)), Y: s.int() });
  const WireB: AnySchema = s.struct("B", { A: s.optional(WireA), N: s.int() });
  const encoder = new Encoder();
  const decoder = new Decoder();
  for (const [schema, wire] of [
    [A, WireA],
    [B, WireB],
    [A, WireA],
  ] as const) {
    decoder.push(encoder.encode(wire, { Y: 1, N: 1 } as never));
    assert.throws(() => decoder.tryDecode(schema), /wrong type \(string\) for received field A\.Y/);
  }
});

test("[GOB-22] ranges are the receiver's, with Go's words and the path", () => {
  const code = "out-of-range";
  const From = s.struct("S", { F: s.int(), L: s.slice(s.int()), M: s.map(s.string(), s.int()) });
  const of = (F: number, L: number[]) => encode(From, { F, L, M: new Map() });
  const Narrow = s.struct("S", { F: s.int8(), L: s.slice(s.int8()) });
  refuses(
    Narrow,
    of(300, []),
    { code, path: "S.F" },
    /^gob: S\.F: value for "F" out of range: 300 does not fit int8/,
  );
  refuses(
    Narrow,
    of(1, [1, -129]),
    { code, path: "S.L[1]" },
    /value for "element of L" out of range/,
  );
  refuses(s.int8(), encode(s.int(), 128), { code }, /value for "\*int8" out of range/);
  refuses(s.uint16(), encode(s.uint(), 65_536), { code }, /value for "\*uint16" out of range/);
  refuses(s.float32(), encode(s.float64(), 1e39), { code }, /value for "\*float32" out of range/);
  refuses(s.complex64(), encode(s.complex128(), { re: 0, im: -1e39 }), { code }, /out of range/);
  refuses(
    s.int(),
    encode(s.int64(), 2n ** 60n),
    { code },
    /beyond 2\^53-1; give the schema the form/,
  );
  assert.equal(through(s.int64(), 2n ** 60n, s.int({ as: "safe" })), 2n ** 60n);
  assert.equal(through(s.uint64(), 2n ** 64n - 1n, s.uint64()), 2n ** 64n - 1n);
  assert.equal(
    through(s.float64(), Number.POSITIVE_INFINITY, s.float32()),
    Number.POSITIVE_INFINITY,
  );
  assert.equal(through(s.float64(), 0.1, s.float32()), Math.fround(0.1));
});

test("[GOB-24] a value is merged into another", () => {
  const S = s.struct("S", {
    A: s.int(),
    B: s.int(),
    P: s.optional(Point),
    N: Point,
    M: s.map(s.string(), Point),
    R: s.record(s.int()),
    L: s.slice(Point),
    Ar: s.array(2, Point),
    I: s.any(),
  });
  const into = {
    A: 1,
    B: 2,
    P: { X: 1, Y: 2 },
    N: { X: 3, Y: 4 },
    M: new Map([
      ["old", { X: 1, Y: 1 }],
      ["new", { X: 5, Y: 5 }],
    ]),
    R: { old: 1 },
    L: [
      { X: 1, Y: 1 },
      { X: 2, Y: 2 },
    ],
    Ar: [
      { X: 1, Y: 1 },
      { X: 2, Y: 2 },
    ],
    I: "old" as unknown,
  };
  const { P, N, M, L, Ar } = into;
  const sent = {
    A: 0,
    B: 9,
    P: { X: 7, Y: 0 },
    N: { X: 0, Y: 8 },
    M: new Map([["new", { X: 6, Y: 0 }]]),
    R: { more: 2 },
    L: [{ X: 9, Y: 0 }],
    Ar: [
      { X: 0, Y: 0 },
      { X: 0, Y: 9 },
    ],
    I: null,
  };
  const out = whole(decoderOf(encode(S, sent)).tryDecode(S, into));
  assert.equal(out, into);
  assert.ok(out.P === P && out.N === N && out.M === M && out.L === L && out.Ar === Ar);
  assert.deepEqual(out, {
    A: 1,
    B: 9,
    P: { X: 7, Y: 2 },
    N: { X: 3, Y: 8 },
    M: new Map([
      ["old", { X: 1, Y: 1 }],
      ["new", { X: 6, Y: 0 }],
    ]),
    R: { old: 1, more: 2 },
    L: [{ X: 9, Y: 1 }],
    Ar: [
      { X: 1, Y: 1 },
      { X: 2, Y: 9 },
    ],
    I: "old",
  });
});

test("[GOB-24] a slice that is too short is replaced, and scalars of a list are", () => {
  const S = s.struct("S", { L: s.slice(Point), N: s.slice(s.int()) });
  const sent = {
    L: [
      { X: 0, Y: 1 },
      { X: 0, Y: 2 },
    ],
    N: [4],
  };
  const into = { L: [{ X: 9, Y: 9 }], N: [1, 2, 3] };
  const out = whole(decoderOf(encode(S, sent)).tryDecode(S, into));
  assert.deepEqual(out, { L: sent.L, N: [4] });
});

test("[GOB-20] the end of a stream is clean between values and an error elsewhere", () => {
  const bytes = encode(Point, { X: 22, Y: 33 });
  for (let end = 0; end <= bytes.length; end++) {
    const decoder = decoderOf(bytes.subarray(0, end));
    const isWhole = end === bytes.length;
    if (isWhole) decoder.tryDecode(Point);
    const isClean = end === 0 || isWhole;
    const want = isClean
      ? { code: "eof", message: /EOF/ }
      : { code: "unexpected-eof", message: /unexpected EOF/ };
    assert.throws(() => decoder.tryDecode(Point), want, `at ${end}`);
    assert.throws(() => decoder.trySkip(), want, "and again");
    assert.equal(decoder.isBroken, !isClean);
  }
});

test("[GOB-20] what follows a value in its message is dropped", () => {
  const decoder = decoderOf(unhex("05040006aabb 03040008"));
  assert.equal(decoder.tryDecode(s.int()), 3);
  assert.equal(decoder.tryDecode(s.int()), 4);
});

test("[GOB-37] an error in one value leaves the next ones alone", () => {
  const encoder = new Encoder();
  const decoder = new Decoder();
  encoder.append(Point, { X: 1, Y: 2 });
  encoder.append(s.string(), "wrong");
  encoder.append(Point, { X: 3, Y: 4 });
  encoder.append(s.slice(Point), [{ X: 5, Y: 6 }]);
  encoder.append(s.int(), 7);
  decoder.push(encoder.take());
  assert.throws(() => decoder.tryDecode(s.int()), { code: "type-mismatch" });
  assert.throws(() => decoder.tryDecode(Point), { code: "type-mismatch" });
  assert.deepEqual(decoder.tryDecode(Point), { X: 3, Y: 4 });
  assert.throws(() => decoder.tryDecode(s.slice(s.string())), { code: "type-mismatch" });
  assert.equal(decoder.isBroken, false);
  assert.equal(decoder.tryDecode(s.int()), 7);
  assert.equal(decoder.tryDecode(s.int()), NEED_MORE);
});

test("[GOB-37] a message that makes no sense is dropped alone", () => {
  const cases: [string, string][] = [
    ["an empty message", "00"],
    ["a bad definition", "03ff8103"],
    ["a second definition", `${POINT_DEF}${POINT_DEF}`],
    ["an unknown type", "04ffc60006"],
    ["a missing marker", "03040106"],
    ["extra data", `20${POINT_DEF.slice(2)}00`],
  ];
  for (const [what, bytes] of cases) {
    const decoder = decoderOf(unhex(`${bytes} 03040002 0304000e`));
    assert.throws(() => decoder.tryDecode(Point), { code: "corrupt" }, what);
    assert.equal(decoder.isBroken, false, what);
    assert.equal(decoder.tryDecode(s.int()), 1, what);
    assert.equal(decoder.tryDecode(s.int()), 7, what);
  }
});

test("[GOB-6] a length that is none, or too long, ends the stream for good", () => {
  const cases: [string, object][] = [
    ["80", { code: "corrupt", message: /encoded unsigned integer out of range/ }],
    ["fb0200000000", { code: "limit", message: /maxMessageBytes.*invalid message length/ }],
    ["f8ffffffffffffffff", { code: "limit", message: /maxMessageBytes/ }],
    [
      "fc04000002",
      { code: "limit", message: /67108866 bytes is beyond maxMessageBytes \(67108864\)/ },
    ],
  ];
  for (const [bytes, want] of cases) {
    const decoder = new Decoder();
    decoder.push(unhex(`03040006${bytes}`));
    assert.equal(decoder.tryDecode(s.int()), 3);
    assert.equal(decoder.isBroken, false);
    assert.throws(() => decoder.tryDecode(s.int()), want);
    assert.equal(decoder.isBroken, true);
    decoder.push(unhex("03040006"));
    assert.throws(() => decoder.trySkip(), want);
    assert.throws(() => decoder.tryDecodeAny(), want);
  }
});

test("[GOB-13] a delta beyond the last field is refused before it is added", () => {
  for (const delta of ["03", "f87fffffffffffffff", "f88000000000000000", "f8ffffffffffffffff"]) {
    const body = `ff82${delta}2c00`;
    const length = (body.length / 2).toString(16).padStart(2, "0");
    refuses(
      Point,
      `${POINT_DEF}${length}${body}`,
      { code: delta.length > 2 && delta > "f87f" ? "out-of-range" : "corrupt" },
      /gob: /,
    );
    const decoder = decoderOf(unhex(`${POINT_DEF}${length}${body}`));
    assert.throws(() => decoder.trySkip(), CodecError);
  }
});

test("[GOB-18] [GOB-33] a count that lies allocates nothing", () => {
  const counts = ["fb0fffffffff", "f91fffffffffffff", "fcffffffff"];
  const schemas: AnySchema[] = [
    s.slice(s.int()),
    s.slice(s.uint({ as: "safe" })),
    s.slice(s.float64()),
    s.slice(s.string()),
    s.slice(Point),
    s.slice(s.empty()),
    s.slice(s.slice(s.bool())),
    s.slice(s.any()),
    s.map(s.string(), s.int()),
    s.bytes(),
    s.string(),
    s.opaque("main.T"),
  ];
  for (const schema of schemas) {
    const empty = schema.kind === "map" ? new Map() : schema.kind === "slice" ? [] : "";
    const value = schema.kind === "bytes" || schema.kind === "marshaler" ? unhex("") : empty;
    const good = hex(encode(schema, value as never));
    for (const count of counts) {
      // The value message ends in its count, 00.
      const at = good.lastIndexOf("ff", good.length - 4);
      const start = at > 0 && schema.kind !== "string" && schema.kind !== "bytes" ? at - 2 : 0;
      const body = `${good.slice(start + 2, -2)}${count}0202`;
      const length = (body.length / 2).toString(16).padStart(2, "0");
      const bytes = unhex(good.slice(0, start) + length + body);
      const before = process.memoryUsage().heapUsed;
      assert.throws(() => decode(schema, bytes), CodecError, `${schema.kind} ${count}`);
      assert.throws(() => decoderOf(bytes).trySkip(), CodecError);
      assert.ok(process.memoryUsage().heapUsed - before < 50e6);
    }
  }
});

test("[GOB-33] definitions are limited in number and size", () => {
  const many = new Encoder();
  for (let length = 0; length < 5; length++) {
    many.append(s.array(length, s.int()), new Array(length).fill(0));
  }
  const decoder = new Decoder({ maxTypes: 4 });
  decoder.push(many.take());
  for (let i = 0; i < 4; i++) decoder.trySkip();
  assert.throws(() => decoder.trySkip(), {
    code: "limit",
    message: /more types than maxTypes \(4\)/,
  });
  const few = decoderOf(unhex(POINT_DEF), { maxFields: 1 });
  const want = { code: "limit", message: /struct of 2 fields is beyond maxFields \(1\)/ };
  assert.throws(() => few.tryDecode(Point), want);
});

test("[GOB-33] values nest as deep as maxDepth, and types as well", () => {
  const List: AnySchema = s.struct("List", {
    V: s.int(),
    get Next() {
      return s.optional(List);
    },
  } as object);
  let list: object | undefined;
  for (let i = 0; i < 1000; i++) list = { V: 1, Next: list };
  const bytes = encode(List, list as never);
  const want = { code: "limit", message: /maxDepth \(999\).*invalid nesting depth/ };
  assert.throws(() => decode(List, bytes, { maxDepth: 999 }), want);
  assert.throws(() => decoderOf(bytes, { maxDepth: 999 }).trySkip(), want);
  assert.ok(decode(List, bytes, { maxDepth: 1000 }));
  assert.ok(decoderOf(bytes, { maxDepth: 1000 }).trySkip());
});

test("[GOB-33] a value too deep for the stack is an error, and the stream goes on", () => {
  const Deep: AnySchema = s.named("main.Deep", s.slice(s.lazy(() => Deep)));
  const depth = 3_000_000;
  const head = hex(encode(Deep, [] as never)).slice(0, -10);
  const body = Buffer.concat([unhex("ff8000"), Buffer.alloc(depth, 1), unhex("00")]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const bytes = Buffer.concat([unhex(head), unhex("fc"), length, body, unhex("03040006")]);
  for (const maxDepth of [10_000, 5_000_000]) {
    const decoder = decoderOf(bytes, { maxDepth });
    assert.throws(() => decoder.tryDecode(Deep), { code: "limit", message: /maxDepth/ });
    assert.equal(decoder.tryDecode(s.int()), 3);
  }
});

test("map and field names that are special in JavaScript are plain data", () => {
  const keys = ["__proto__", "constructor", "toString", "hasOwnProperty", ""];
  const value = new Map(keys.map((key) => [key, key.length]));
  assert.deepEqual(through(s.map(s.string(), s.int()), value, s.map(s.string(), s.int())), value);
  const record = through(s.map(s.string(), s.int()), value, s.record(s.int()));
  assert.equal(Object.getPrototypeOf(record), null);
  assert.deepEqual(Object.entries(record), [...value]);
  assert.deepEqual(through(s.record(s.int()), record, s.map(s.string(), s.int())), value);
  const fields = Object.fromEntries([
    ["__proto__", s.field("Proto", s.int())],
    ["constructor", s.field("Constructor", s.optional(s.int()))],
  ]);
  // Object.fromEntries makes an own property of __proto__, which spread and literals would not.
  const Odd = s.struct("Odd", fields);
  const odd = Object.fromEntries([
    ["__proto__", 5],
    ["constructor", 6],
  ]);
  for (let i = 0; i < 120; i++) {
    const out = through(Odd, odd as never, Odd) as object;
    assert.equal(Object.getPrototypeOf(out), Object.prototype);
    assert.deepEqual(Object.entries(out), Object.entries(odd));
  }
  const none = through(s.struct("Odd", { Proto: s.int() }), { Proto: 0 }, Odd) as object;
  assert.deepEqual(Object.entries(none), [["__proto__", 0]]);
});

test("what a codec throws on decoding is kept, and concerns one value", () => {
  const cause = new TypeError("bad date");
  const date = s.codec({
    wire: s.string(),
    encode: (of: string) => of,
    decode: (of): string => {
      if (of === "bad") throw cause;
      return of;
    },
  });
  const S = s.struct("S", { D: date });
  const encoder = new Encoder();
  encoder.append(S, { D: "bad" });
  encoder.append(S, { D: "good" });
  const decoder = decoderOf(encoder.take());
  assert.throws(() => decoder.tryDecode(S), {
    code: "codec-failed",
    message: "gob: S.D: bad date",
    cause,
  });
  assert.deepEqual(decoder.tryDecode(S), { D: "good" });
  const inner = new CodecError("corrupt", "gob: not a time");
  const failing = s.marshaler({
    name: "main.T",
    encode: () => unhex("01"),
    decode: () => {
      throw inner;
    },
    zero: () => 0,
  });
  refuses(
    s.slice(failing),
    encode(s.slice(failing), [1]),
    { code: "corrupt", path: "[0]" },
    "gob: [0]: not a time",
  );
  refuses(
    s.map(Point, failing),
    encode(s.map(Point, failing), new Map([[{ X: 1, Y: 1 }, 1]])),
    { code: "corrupt" },
    /\[key\]: not a time/,
  );
});

test("[GOB-10] definitions are read with whatever ids and names they have", () => {
  assert.deepEqual(decode(s.slice(s.int()), "0cff81020102ffaa000104000006ff8200020204"), [1, 2]);
  assert.deepEqual(decode(s.slice(s.int()), "07ff81020204000006ff8200020204"), [1, 2]);
  assert.deepEqual(decode(s.slice(s.int()), "0b7f020102ff80000104000006ff8000020204"), [1, 2]);
  assert.equal(decoderOf(unhex("0aff81070102ff8200000004ff820000")).trySkip(), true);
});

test("[GOB-8] what definitions are made of is known like any type", () => {
  const decoder = decoderOf(unhex("082a01015801040000"));
  const value = whole(decoder.tryDecodeAny());
  assert.deepEqual(value.value, { Name: "X", Id: 2 });
});

test("[GOB-18] an element that is corrupt is named by its place", () => {
  const lists: [AnySchema, unknown][] = [
    [s.slice(s.int()), [1, 1]],
    [s.slice(s.int8()), [1, 1]],
    [s.slice(s.uint()), [1, 1]],
    [s.slice(s.float64()), [1, 0]],
    [s.slice(s.string()), ["a", ""]],
    [s.slice(s.bool()), [true, true]],
    [s.array(2, s.uint()), [1, 1]],
  ];
  for (const [schema, value] of lists) {
    const bytes = Uint8Array.from(encode(schema, value as never));
    bytes[bytes.length - 1] = 0x80;
    refuses(schema, bytes, { code: "corrupt", path: "[1]" }, /unsigned integer out of range/);
  }
});

test("[GOB-18] an array whose count is not its length is refused", () => {
  const bytes = "0eff81010102ff820001040104000007ff820003162c42";
  refuses(s.array(2, s.int()), bytes, { code: "corrupt" }, /^gob: length mismatch in decodeArray/);
  const skip = decoderOf(unhex(bytes));
  assert.throws(() => skip.trySkip(), { message: /^gob: length mismatch in ignoreArray/ });
});

test("[GOB-8] an undefined type is an error where a value needs it", () => {
  // Field Y is of type 104.
  const type = "1fff8103010105506f696e7401ff8200010201015801040001015901ffd00000";
  const bytes = `20${type.slice(2)}00 05ff82010200 07ff820102010400`.replaceAll(" ", "");
  const only = s.struct("", { X: s.int() });
  const decoder = decoderOf(unhex(bytes));
  assert.deepEqual(decoder.tryDecode(only), { X: 1 });
  assert.throws(() => decoder.tryDecode(only), /gob: bad data: undefined type 104/);
  refuses(Point, bytes, { code: "type-mismatch" }, /wire has an undefined type/);
  assert.throws(() => decoderOf(unhex(bytes)).tryDecodeAny(), /undefined type 104/);
});

test("[GOB-23] an empty field name is refused", () => {
  const bytes = "0fff81030102ff82000101020400000005ff82010200";
  refuses(Point, bytes, { code: "corrupt" }, /^gob: empty name for remote field of type/);
});
