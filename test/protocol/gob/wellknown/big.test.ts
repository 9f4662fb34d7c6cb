/** Go's `big.Int`, `big.Rat` and `big.Float`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  bigFloat,
  bigFloatFromNumber,
  bigFloatToNumber,
  bigInt,
  bigRat,
} from "../../../../protocol/gob/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { encode, hex, through, unhex } from "../helpers.js";

test("[GOB-35] big integers of any size survive", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 300n), max: 2n ** 300n }), (value) => {
      assert.equal(through(bigInt(), value, bigInt()), value);
    }),
  );
  assert.equal(bigInt().decode(unhex("")), 0n);
  assert.equal(hex(bigInt().encode(0n)), "02");
  assert.throws(
    () => bigInt().decode(unhex("06")),
    /Int\.GobDecode: encoding version 3 not supported/,
  );
  assert.throws(() => encode(bigInt(), 5 as never), /want a bigint/);
});

test("[GOB-16] a nil pointer to a big number has a form outside struct fields", () => {
  const list = s.slice(s.optional(bigInt()));
  assert.deepEqual(through(list, [undefined, 5n], list), [0n, 5n]);
  const S = s.struct("S", { N: s.optional(bigInt()), Z: s.int() });
  assert.deepEqual(through(S, { Z: 1 }, S), { Z: 1 });
  const V = s.struct("S", { N: bigInt(), Z: s.int() });
  assert.deepEqual(through(V, { N: 0n, Z: 1 }, V), { N: 0n, Z: 1 });
  assert.deepEqual(through(S, { Z: 1 }, V), { N: 0n, Z: 1 });
});

test("[GOB-35] fractions survive", () => {
  const value = { num: -3n, den: 7n };
  assert.deepEqual(through(bigRat(), value, bigRat()), value);
  assert.deepEqual(bigRat().decode(unhex("0200000000")), { num: 0n, den: 1n });
  assert.deepEqual(bigRat().decode(unhex("")), { num: 0n, den: 1n });
  const Rats = s.struct("S", { R: bigRat(), N: s.int() });
  assert.deepEqual(through(s.struct("S", { N: s.int() }), { N: 1 }, Rats).R, { num: 0n, den: 1n });
  for (const bytes of ["02", "0200000009", "02000000010100"]) {
    assert.throws(() => bigRat().decode(unhex(bytes)), { code: "corrupt" }, bytes);
  }
  for (const wrong of [
    { num: 1n, den: 0n },
    { num: 1, den: 1n },
    { num: 1n, den: 1 },
  ]) {
    assert.throws(() => encode(bigRat(), wrong as never), { code: "bad-value" });
  }
});

test("[GOB-35] every double survives as big.Float", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (value) => {
      const out = through(bigFloat(), value, bigFloat());
      assert.ok(Object.is(bigFloatToNumber(out), value), `${value}`);
    }),
  );
  for (const value of [0, -0, 1.5, -1.5, Number.MIN_VALUE, Number.MAX_VALUE, Infinity, -Infinity]) {
    assert.ok(Object.is(bigFloatToNumber(bigFloatFromNumber(value)), value), `${value}`);
  }
  assert.throws(() => bigFloatFromNumber(Number.NaN), { code: "bad-value" });
});

test("[GOB-35] a big.Float keeps what a double cannot hold", () => {
  const value = {
    form: "finite" as const,
    isNegative: true,
    mantissa: (2n ** 63n + 1n) * 2n ** 64n + 5n,
    exponent: 3,
    precision: 128,
    mode: 2,
    accuracy: -1,
  };
  assert.deepEqual(through(bigFloat(), value, bigFloat()), value);
  assert.equal(bigFloatToNumber(value), -4);
  assert.equal(bigFloatToNumber({ ...value, exponent: 5000 }), Number.NEGATIVE_INFINITY);
  assert.ok(Object.is(bigFloatToNumber({ ...value, exponent: -5000 }), -0));
  const S = s.struct("S", { F: bigFloat(), N: s.int() });
  assert.equal(through(s.struct("S", { N: s.int() }), { N: 1 }, S).F.form, "zero");
});

test("[GOB-35] invalid bytes and invalid values of big.Float are refused", () => {
  for (const bytes of [
    "01",
    "020a00000035",
    "010e00000035",
    "010a0000003500000001",
    "010a00000035000000014000000000000000",
    "010a0000003500000001c00000000000000000",
  ]) {
    assert.throws(() => bigFloat().decode(unhex(bytes)), { code: "corrupt" }, bytes);
  }
  assert.equal(bigFloat().decode(unhex("")).form, "zero");
  const one = bigFloatFromNumber(1);
  assert.throws(() => encode(bigFloat(), { ...one, mantissa: 5n }), { code: "bad-value" });
  assert.throws(() => encode(bigFloat(), { ...one, form: "x" as never }), { code: "bad-value" });
});
