/** Where values begin and end, whatever went wrong in the one before. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Decoder, Encoder, NEED_MORE } from "../../../../protocol/gob/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { decoderOf, encode, unhex } from "../helpers.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });

/** Defines Point as type 65. */
const POINT_DEF = "1fff8103010105506f696e7401ff820001020101580104000101590104000000";

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

test("[GOB-37] a corrupt message is dropped, and no other", () => {
  const cases: [string, string][] = [
    ["an empty message", "00"],
    ["a bad definition", "03ff8103"],
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

test("[GOB-6] an invalid length, or one beyond the limit, ends the stream", () => {
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
