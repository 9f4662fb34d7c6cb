/** Types and numbers that do not fit the schema, and what the error says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Decoder, Encoder } from "../../../../protocol/gob/index.js";
import type { AnySchema } from "../../../../protocol/schema/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { encode, refusesBytes, through, unhex } from "../helpers.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });

test("[GOB-32] a type that does not fit is refused in Go's words", () => {
  const code = "type-mismatch";
  const text = "gob: decoding into local type *int, received remote type string (offset 3)";
  refusesBytes(s.int(), encode(s.string(), "x"), { code, typeName: "int", offset: 3 }, text);
  refusesBytes(
    s.any(),
    encode(Point, { X: 1, Y: 1 }),
    { code },
    /^gob: local interface type \*interface \{\} can only be decoded from remote interface type; received concrete type Point/,
  );
  refusesBytes(
    Point,
    encode(s.int(), 1),
    { code, typeName: "Point" },
    /^gob: type mismatch in decoder: want struct type Point; got non-struct \(wire has int\)/,
  );
  refusesBytes(
    s.struct("Args", { A: s.int() }),
    encode(Point, { X: 1, Y: 1 }),
    { code },
    "gob: type mismatch: no fields matched compiling decoder for Args (wire has X, Y; want A) (offset 34)",
  );
  refusesBytes(
    Point,
    encode(s.struct("P2", { X: s.string(), Y: s.int() }), { X: "", Y: 1 }),
    { code, typeName: "int" },
    /^gob: wrong type \(int\) for received field P2\.X \(wire has string\)/,
  );
  refusesBytes(
    s.slice(s.int()),
    encode(s.slice(s.string()), []),
    { code },
    /local type \*\[\]int, received remote type slice/,
  );
  refusesBytes(
    s.array(3, s.int()),
    encode(s.array(2, s.int()), [1, 2]),
    { code },
    /local type \*\[3\]int/,
  );
  refusesBytes(
    s.slice(s.int()),
    encode(s.array(2, s.int()), [1, 2]),
    { code },
    /local type \*\[\]int/,
  );
  refusesBytes(
    s.map(s.string(), s.int()),
    encode(s.record(s.uint()), {}),
    { code },
    /map\[string\]int/,
  );
  refusesBytes(s.record(s.int()), encode(s.map(s.int(), s.int()), new Map()), { code }, /map/);
  refusesBytes(
    s.opaque("main.T"),
    encode(s.opaque("main.T", "binary"), unhex("01")),
    { code },
    /\*main\.T/,
  );
  refusesBytes(s.bytes(), encode(s.string(), "x"), { code }, /local type \*\[\]uint8/);
  refusesBytes(s.slice(s.uint8()), encode(s.string(), "x"), { code }, /local type \*\[\]uint8/);
  refusesBytes(s.rawString(), encode(s.bytes(), unhex("01")), { code }, /local type \*string/);
});

test("[GOB-21] a type that does not fit is refused even where no value of it arrives", () => {
  const Sent = s.struct("S", { L: s.slice(s.string()), I: s.int() });
  const Want = s.struct("W", { L: s.slice(s.int()), I: s.int() });
  const bytes = encode(Sent, { L: [], I: 0 });
  refusesBytes(
    Want,
    bytes,
    { code: "type-mismatch" },
    /wrong type \(\[\]int\) for received field S\.L/,
  );
});

test("[GOB-21] a decoder that failed to compile leaves no parts behind", () => {
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
  refusesBytes(
    Narrow,
    of(300, []),
    { code, path: "S.F" },
    /^gob: S\.F: value for "F" out of range: 300 does not fit int8/,
  );
  refusesBytes(
    Narrow,
    of(1, [1, -129]),
    { code, path: "S.L[1]" },
    /value for "element of L" out of range/,
  );
  refusesBytes(s.int8(), encode(s.int(), 128), { code }, /value for "\*int8" out of range/);
  refusesBytes(s.uint16(), encode(s.uint(), 65_536), { code }, /value for "\*uint16" out of range/);
  refusesBytes(
    s.float32(),
    encode(s.float64(), 1e39),
    { code },
    /value for "\*float32" out of range/,
  );
  refusesBytes(
    s.complex64(),
    encode(s.complex128(), { re: 0, im: -1e39 }),
    { code },
    /out of range/,
  );
  refusesBytes(
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
