/** [GOB-33] One byte of a peer can stand for much memory. It is counted before it is taken. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { COST } from "../../../../protocol/bytes/cost.js";
import type { CodecError } from "../../../../protocol/errors.js";
import { Decoder, Encoder } from "../../../../protocol/gob/index.js";
import {
  type AnySchema,
  array,
  bytes,
  complex128,
  dynamic,
  int,
  int64,
  map,
  slice,
  string,
  struct,
} from "../../../../protocol/schema/index.js";

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
  assert.match(error.message, /maxValueBytes \(/);
  return true;
};

/** What one `Wide` of so many fields counts for, and a list of ten of them. */
const costOf = (fields: number) => COST.struct + fields * (COST.field + COST.int);
const LIST_OF_TEN = COST.list + 10 * (COST.place + costOf(10));

test("[GOB-33] absent fields of a peer's wide struct are counted before they are made", () => {
  const bytes = zeros(wide(1000), zeroOf(1000), 200);
  assert.ok(bytes.length < 12_000);
  // By the peer's type an integer has the form `safe`, which counts more.
  const decoder = new Decoder({ maxValueBytes: 100 * costOf(1000) });
  decoder.push(bytes);
  assert.throws(() => decoder.tryDecodeAny(), isLimit);
  // The stream goes on after the value.
  decoder.push(new Encoder().encode(int(), 7));
  assert.equal(decoder.isBroken, false);
  assert.equal(decoder.tryDecode(int()), 7);
});

test("[GOB-33] the limit is an option, and holds for one value at a time", () => {
  const bytes = zeros(wide(10), zeroOf(10), 10);
  const decode = (maxValueBytes: number) => {
    const decoder = new Decoder({ maxValueBytes });
    decoder.push(bytes);
    return decoder.tryDecode(slice(wide(10))) as object[];
  };
  assert.throws(() => decode(LIST_OF_TEN - 1), isLimit);
  assert.equal(decode(LIST_OF_TEN).length, 10);

  const encoder = new Encoder();
  const decoder = new Decoder({ maxValueBytes: costOf(10) });
  for (let i = 0; i < 5; i++) {
    decoder.push(encoder.encode(wide(10), zeroOf(10) as never));
    assert.deepEqual({ ...(decoder.tryDecode(wide(10)) as object) }, zeroOf(10));
    decoder.retain();
  }
});

const Inner = struct("Inner", { X: bytes(), Y: map(string(), int()) });
const ABSENT: readonly (readonly [string, AnySchema])[] = [
  ["a field that the peer left out", struct("S", { A: int(), B: bytes() })],
  ["a field that the peer lacks", struct("S", { A: int(), Never: array(100, int()) })],
  ["a struct that the peer lacks", struct("S", { A: int(), Never: Inner })],
];
for (const [name, schema] of ABSENT) {
  test(`[GOB-33] the zero of ${name} is counted before it is made`, () => {
    const sent = struct("S", { A: int(), B: bytes() });
    const stream = zeros(sent, { A: 0, B: new Uint8Array(0) }, 1000);
    // The first limit is passed in the loop over the plan, the second one in generated code.
    for (const maxValueBytes of [20_000, 200_000]) {
      const decoder = new Decoder({ maxValueBytes });
      decoder.push(stream);
      assert.throws(() => decoder.tryDecode(slice(schema)), isLimit);
    }
  });
}

test("[GOB-33] a long list takes its places once: growing would take three times as much", () => {
  const script = fileURLToPath(new URL("large-list.ts", import.meta.url));
  const args = ["--import", "tsx", script];
  const text = execFileSync(process.execPath, args, { encoding: "utf8" });
  const { places, grownBytes } = JSON.parse(text) as { places: number; grownBytes: number };
  assert.equal(places, 10_000_000);
  assert.ok(grownBytes < 160e6, `${grownBytes} bytes`);
});

const empty = { list: [], map: new Map(), text: "", none: new Uint8Array(0) };
const LISTS: readonly (readonly [string, AnySchema, unknown])[] = [
  ["lists", slice(int()), empty.list],
  ["maps", map(string(), int()), empty.map],
  ["byte slices", bytes(), empty.none],
  ["strings", string(), empty.text],
  ["numbers", int(), 0],
  ["interfaces", dynamic(), null],
  ["bigints", int64(), 0n],
  ["complex numbers", complex128(), { re: 0, im: 0 }],
  ["structs", struct("Empty", { A: int() }), { A: 0 }],
];

for (const [name, elem, zero] of LISTS) {
  test(`[GOB-33] many empty ${name} are refused before they are made, and the stream goes on`, () => {
    const encoder = new Encoder();
    const many = encoder.encode(slice(elem), new Array(100_000).fill(zero) as never);
    for (const read of [
      (d: Decoder) => d.tryDecode(slice(elem)),
      (d: Decoder) => d.tryDecodeAny(),
    ]) {
      const decoder = new Decoder({ maxValueBytes: 500_000 });
      decoder.push(many);
      assert.throws(() => read(decoder), isLimit);
      decoder.push(new Encoder().encode(int(), 7));
      assert.equal(decoder.tryDecode(int()), 7);
    }
  });
}
