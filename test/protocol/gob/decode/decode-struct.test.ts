/** Structs: which fields meet, and what their names and numbers may be. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CodecError } from "../../../../protocol/errors.js";
import * as s from "../../../../protocol/schema/index.js";
import { decode, decoderOf, refusesBytes, through, unhex } from "../helpers.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });

/** Defines Point as type 65. */
const POINT_DEF = "1fff8103010105506f696e7401ff820001020101580104000101590104000000";

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

test("[GOB-13] a delta beyond the last field is refused before it is added", () => {
  for (const delta of ["03", "f87fffffffffffffff", "f88000000000000000", "f8ffffffffffffffff"]) {
    const body = `ff82${delta}2c00`;
    const length = (body.length / 2).toString(16).padStart(2, "0");
    refusesBytes(
      Point,
      `${POINT_DEF}${length}${body}`,
      { code: delta.length > 2 && delta > "f87f" ? "out-of-range" : "corrupt" },
      /gob: /,
    );
    const decoder = decoderOf(unhex(`${POINT_DEF}${length}${body}`));
    assert.throws(() => decoder.trySkip(), CodecError);
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

test("[GOB-23] an empty field name is refused", () => {
  const bytes = "0fff81030102ff82000101020400000005ff82010200";
  refusesBytes(Point, bytes, { code: "corrupt" }, /^gob: empty name for remote field of type/);
});
