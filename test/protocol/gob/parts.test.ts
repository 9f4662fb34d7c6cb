import assert from "node:assert/strict";
import { test } from "node:test";
import type { CodecError } from "../../../protocol/errors.js";
import { Decoder, Encoder } from "../../../protocol/gob/index.js";
import { int, slice, struct } from "../../../protocol/schema/index.js";

/** A peer's own types decide what is made for absent fields: [GOB-33] bounds it. */

const wide = (count: number) =>
  struct("Wide", Object.fromEntries(Array.from({ length: count }, (_, i) => [`F${i}`, int()])));

/** `[]T` with `count` values of which no field is sent: one byte each. */
function zeros(elem: Parameters<typeof slice>[0], zero: object, count: number): Uint8Array {
  return new Encoder().encode(slice(elem), Array.from({ length: count }, () => zero) as never);
}
const zeroOf = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`F${i}`, 0]));

const isLimit = (error: CodecError) => {
  assert.equal(error.code, "limit");
  assert.match(error.message, /maxParts \(/);
  return true;
};

test("[GOB-33] absent fields of a peer's wide struct are counted before they are made", () => {
  const bytes = zeros(wide(1000), zeroOf(1000), 200);
  assert.ok(bytes.length < 12_000);
  const decoder = new Decoder({ maxParts: 100_000 });
  decoder.push(bytes);
  assert.throws(() => decoder.tryDecodeAny(), isLimit);
  // The stream goes on after the value.
  decoder.push(new Encoder().encode(int(), 7));
  assert.equal(decoder.isBroken, false);
});

test("[GOB-33] the limit is an option, and holds for one value at a time", () => {
  const bytes = zeros(wide(10), zeroOf(10), 10);
  const decode = (maxParts: number) => {
    const decoder = new Decoder({ maxParts });
    decoder.push(bytes);
    return decoder.tryDecode(slice(wide(10))) as object[];
  };
  assert.throws(() => decode(99), isLimit);
  assert.equal(decode(100).length, 10);

  const encoder = new Encoder();
  const decoder = new Decoder({ maxParts: 10 });
  for (let i = 0; i < 5; i++) {
    decoder.push(encoder.encode(wide(10), zeroOf(10) as never));
    assert.deepEqual({ ...(decoder.tryDecode(wide(10)) as object) }, zeroOf(10));
    decoder.retain();
  }
});
