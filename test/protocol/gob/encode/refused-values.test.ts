/** Values that have no form in gob, and what the error says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Encoder } from "../../../../protocol/gob/index.js";
import type { AnySchema } from "../../../../protocol/schema/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { encode, hex, refusesValue, through } from "../helpers.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });

test("[GOB-31] wrong values are refused with path, types and what they are", () => {
  const code = "bad-value";
  refusesValue(
    Point,
    { X: 1, Y: null },
    { code, path: "Point.Y" },
    /^gob: Point\.Y: want int, got null$/,
  );
  refusesValue(
    Point,
    { X: "1", Y: 1 },
    { code, typeName: "int" },
    /Point\.X: want int, got string/,
  );
  refusesValue(Point, { X: 1.5, Y: 1 }, { code }, /want int, got number 1\.5/);
  refusesValue(Point, { X: Number.NaN, Y: 1 }, { code }, /want int, got number NaN/);
  refusesValue(Point, 7, { code, path: undefined }, /^gob: want Point, got number 7$/);
  refusesValue(Point, [], { code }, /want Point, got array/);
  refusesValue(Point, null, { code }, /want Point, got null/);
  refusesValue(s.bool(), 1, { code }, /want bool, got number 1/);
  refusesValue(s.string(), 1n, { code }, /want string, got bigint 1/);
  refusesValue(s.bytes(), "x", { code }, /want \[\]uint8, got string/);
  refusesValue(s.float64(), "x", { code }, /want float64, got string/);
  refusesValue(s.float32(), undefined, { code }, /want float32, got undefined/);
  refusesValue(s.complex128(), { re: 1 }, { code }, /want complex128, got Object/);
  refusesValue(s.complex64(), 5, { code }, /want complex64, got number 5/);
  refusesValue(s.int64(), 5, { code }, /want int64 as bigint, got number 5/);
  refusesValue(s.int64(), 0, { code }, /want int64 as bigint, got number 0/);
  refusesValue(s.int(), 5n, { code }, /want int, got bigint 5/);
  refusesValue(s.slice(s.int()), new Map(), { code }, /want \[\]int, got Map/);
  refusesValue(
    s.slice(s.int()),
    [1, "2"],
    { code, path: "[1]" },
    /^gob: \[1\]: want int, got string$/,
  );
  refusesValue(s.slice(s.float64()), [1, null], { code }, /\[1\]: want float64, got null/);
  refusesValue(s.slice(s.string()), ["", 1], { code }, /\[1\]: want string/);
  refusesValue(s.slice(s.uint8()), [1, 256], { code }, /\[1\]: want uint8, got number 256/);
  refusesValue(s.slice(s.uint8()), "ab", { code }, /want \[\]uint8, got string/);
  refusesValue(s.array(2, s.int()), [1], { code }, /want \[2\]int, got 1 elements/);
  refusesValue(s.array(2, s.int()), "no", { code }, /want \[2\]int, got string/);
  refusesValue(s.map(s.string(), s.int()), { a: 1 }, { code }, /want map\[string\]int, got Object/);
  refusesValue(s.record(s.int()), new Map(), { code }, /want map\[string\]int, got Map/);
  refusesValue(s.record(s.int()), [], { code }, /want map\[string\]int, got array/);
  refusesValue(s.record(s.int()), { a: "b" }, { code, path: '["a"]' }, /\["a"\]: want int/);
  refusesValue(s.map(s.int(), s.int()), new Map([[5, "x"]]), { code }, /\[5\]: want int/);
  refusesValue(
    s.map(Point, s.int()),
    new Map([[{ X: null }, 1]]),
    { code },
    /\[key\]\.X: want int/,
  );
});

test("[GOB-2] [GOB-3] numbers out of range are refused", () => {
  const code = "out-of-range";
  refusesValue(s.int8(), 128, { code }, /128 is out of range for int8/);
  refusesValue(s.uint16(), -1, { code }, /-1 is out of range for uint16/);
  refusesValue(s.int(), 2 ** 53, { code }, /out of range for int/);
  refusesValue(s.uint64(), -1n, { code }, /-1 is out of range for uint64/);
  refusesValue(s.int64(), 2n ** 63n, { code }, /out of range for int64/);
  refusesValue(s.int({ as: "safe" }), 2n ** 63n, { code }, /out of range for int/);
  refusesValue(s.float32(), 1e39, { code }, /1e\+39 is out of range for float32/);
  assert.equal(
    through(s.float32(), Number.POSITIVE_INFINITY, s.float32()),
    Number.POSITIVE_INFINITY,
  );
});

test("[GOB-31] nil is refused where Go refuses it", () => {
  const code = "bad-value";
  const ptr = s.optional(Point);
  refusesValue(ptr, undefined, { code }, /^gob: cannot encode nil pointer of type \*Point$/);
  refusesValue(
    s.slice(ptr),
    [undefined],
    { code },
    /\[0\]: nil element: .*nil pointer of type \*Point/,
  );
  refusesValue(
    s.map(s.string(), ptr),
    new Map([["a", undefined]]),
    { code },
    /\["a"\]: nil element/,
  );
  refusesValue(
    s.any(),
    s.value(s.named("*main.Point", ptr), undefined),
    { code },
    /^gob: gob: cannot encode nil pointer of type \*Point inside interface$/,
  );
});

test("[GOB-25] what goes into an interface says its Go type", () => {
  const code = "bad-value";
  const text = /^gob: no rule for the Go type; use gob\.value\(schema, value\); got /;
  for (const value of [
    Symbol("x"),
    () => 1,
    new (class Foo {})(),
    new WeakMap(),
    2n ** 64n,
    -(2n ** 64n),
  ]) {
    refusesValue(s.any(), value, { code }, text);
    refusesValue(
      s.any(),
      [{ a: value }],
      { code, path: '.([]interface {})[0].(map[string]interface {})["a"]'.slice(1) },
      /no rule/,
    );
  }
  assert.equal(hex(encode(s.any(), null)), "03100000");
  assert.equal(hex(encode(s.any(), undefined)), "03100000");
  assert.equal(
    hex(encode(s.any(), s.value(s.any(), s.value(s.int(), 5)))),
    "0a100003696e740402000a",
  );
});

test("[GOB-33] values that contain themselves are refused, not followed", () => {
  const Loop: AnySchema = s.struct("Loop", {
    get Next() {
      return s.optional(Loop);
    },
  } as object);
  const loop: { Next?: unknown } = {};
  loop.Next = loop;
  refusesValue(Loop, loop, { code: "limit" }, /maxDepth/);
  const encoder = new Encoder({ maxDepth: 50 });
  assert.throws(() => encoder.append(Loop, loop as never), /deeper than maxDepth \(50\)/);
});

test("[GOB-13] inherited properties are not values that somebody passed", () => {
  const Odd = s.struct("Odd", { toString: s.field("ToString", s.optional(s.string())) });
  assert.deepEqual(through(Odd, {} as never, Odd), {});
  const out = through(Odd, { toString: "mine" } as never, Odd);
  assert.equal(out.toString, "mine");
});
