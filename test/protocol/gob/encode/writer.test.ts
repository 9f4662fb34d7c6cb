/** The writer of primitives, where it has no twin in the decoder. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  writeFloats,
  writeInts,
  writeStrings,
  writeUints,
} from "../../../../protocol/gob/encode/scalar-lists.js";
import { GobWriter } from "../../../../protocol/gob/encode/writer.js";
import { hex } from "../helpers.js";

function naiveUint(value: bigint): string {
  if (value < 128n) return value.toString(16).padStart(2, "0");
  const digits = value.toString(16);
  const bytes = digits.length % 2 === 0 ? digits : `0${digits}`;
  return (256 - bytes.length / 2).toString(16) + bytes;
}

test("[GOB-5] lists stop in front of the first value of the wrong kind", () => {
  const w = new GobWriter();
  assert.equal(writeInts(w, [1, -64, 64, 1e12, 0.5, 3], -1e15, 1e15), 4);
  assert.equal(writeInts(w, [300], -128, 127), 0);
  assert.equal(writeUints(w, [1, 300, -1], 1e15), 2);
  assert.equal(writeUints(w, [1.5], 1e15), 0);
  assert.equal(writeFloats(w, [1, "2"]), 1);
  assert.equal(writeStrings(w, ["a", 2]), 1);
});

test("a length is put in front of what was written, whatever its size", () => {
  for (const size of [0, 127, 128, 255, 256, 65_535, 65_536, 20_000_000]) {
    const w = new GobWriter();
    w.byte(0xaa);
    w.byte(0);
    w.raw(new Uint8Array(size).fill(7));
    w.closeLength(1);
    const bytes = w.take();
    const prefix = naiveUint(BigInt(size));
    assert.equal(hex(bytes.subarray(0, 1 + prefix.length / 2)), `aa${prefix}`);
    assert.ok(bytes.subarray(1 + prefix.length / 2).every((byte) => byte === 7));
    assert.equal(bytes.length, 1 + prefix.length / 2 + size);
  }
});
