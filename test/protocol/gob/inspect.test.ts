/** Dumps of gob streams. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Encoder, inspect, time } from "../../../protocol/gob/index.js";
import * as s from "../../../protocol/schema/index.js";
import { encode, unhex } from "./helpers.js";

const Point = s.struct("main.Point", { X: s.int(), Y: s.int() });

test("[GOB-10] a dump shows every token of a value", () => {
  const dump = inspect(encode(Point, { X: 22, Y: 0 })).split("\n");
  assert.equal(dump[0], "1e                        message length 30");
  assert.equal(dump[1], "7f                        type id -64: definition of 64 follows");
  assert.equal(dump[2], "03                          +3 -> field 2 StructT");
  assert.ok(dump.some((line) => /^04 +id 2 \(int\)$/.test(line)));
  assert.equal(dump.at(-4), "01                        +1 -> field 0 X");
  assert.equal(dump.at(-3), "2c                          int 22");
  assert.equal(dump.at(-2), "00                        end of Point");
});

test("a dump shows all kinds of values", () => {
  const All = s.struct("All", {
    B: s.bool(),
    U: s.uint(),
    F: s.float64(),
    C: s.complex128(),
    S: s.string(),
    D: s.bytes(),
    L: s.slice(s.int()),
    M: s.map(s.string(), s.int()),
    T: time(),
    I: s.any(),
  });
  const value = {
    B: true,
    U: 7,
    F: 2.5,
    C: { re: -0, im: 1 },
    S: "x".repeat(100),
    D: unhex("0102"),
    L: [1],
    M: new Map([["k", 1]]),
    T: new Date(0),
    I: s.value(s.named("main.Point", Point), { X: 1, Y: 2 }),
  };
  const encoder = new Encoder({ order: "go" });
  const dump = inspect(encoder.encode(All, value));
  for (const text of [
    "bool true",
    "uint 7",
    "float 2.5",
    "complex -0, 1i",
    `string "${"x".repeat(60)}…"`,
    "2 bytes",
    "slice count 1",
    "map count 1",
    "15 marshaled bytes",
    'concrete type name "main.Point"',
    "value length",
  ]) {
    assert.ok(dump.includes(text), text);
  }
  const deep = new Encoder({ order: "go" });
  const nested = s.value(s.slice(s.any()), [s.value(s.named("main.Point", Point), { X: 1, Y: 1 })]);
  assert.match(inspect(deep.encode(s.any(), nested)), /chunk length \d+ \(read and discarded\)/);
});

test("a dump says what is wrong where it is, and goes on", () => {
  const cases: [string, RegExp][] = [
    ["0304", /2 rest of the stream/],
    ["80", /error: .*unsigned integer out of range/],
    ["04ffc60006 03040006", /error: .*unknown type id[\s\S]*int 3/],
    ["0aff81070102ff82000000 04ff820000", /TextMarshalerT[\s\S]*0 marshaled bytes/],
    ["03ff8100 05ff82000204", /without a kind/],
    [
      "1fff8103010105506f696e7401ff820001020101580104000101590104000000 05ff82032c00",
      /out of bounds/,
    ],
    ["0510007f6162", /type name length/],
    ["10100002502a", /rest of the stream/],
    ["05100001 6104", /error/],
    ["061000016181ff", /error/],
    ["04040006aa", /1 unused bytes/],
  ];
  for (const [bytes, want] of cases) assert.match(inspect(unhex(bytes)), want, bytes);
  const long = inspect(encode(s.slice(s.int()), new Array(100).fill(1)), { maxLines: 20 });
  assert.match(long, /… cut after 20 lines \(option maxLines\)/);
});
