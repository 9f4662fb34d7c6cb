/** Definitions as peers may send them, and types that were never defined. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as s from "../../../../protocol/schema/index.js";
import { decode, decoderOf, refusesBytes, unhex, whole } from "../helpers.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });

test("[GOB-10] definitions may have any ids and names inside", () => {
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

test("[GOB-8] an undefined type is an error where a value needs it", () => {
  // Field Y is of type 104.
  const type = "1fff8103010105506f696e7401ff8200010201015801040001015901ffd00000";
  const bytes = `20${type.slice(2)}00 05ff82010200 07ff820102010400`.replaceAll(" ", "");
  const only = s.struct("", { X: s.int() });
  const decoder = decoderOf(unhex(bytes));
  assert.deepEqual(decoder.tryDecode(only), { X: 1 });
  assert.throws(() => decoder.tryDecode(only), /gob: bad data: undefined type 104/);
  refusesBytes(Point, bytes, { code: "type-mismatch" }, /wire has an undefined type/);
  assert.throws(() => decoderOf(unhex(bytes)).tryDecodeAny(), /undefined type 104/);
});
