/** The golden vectors of gob: we decode what Go wrote, and encode the same bytes again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Decoder, Encoder, NEED_MORE } from "../../protocol/gob/index.js";
import { rawString, type TypedValue } from "../../protocol/schema/index.js";
import { GOB_FILES, readVectors, toBytes, type Vector } from "./notation.js";
import { BYTES_DIFFER, decodeByBytes, decodeStream, encodeStream, expectedOf } from "./streams.js";

/** Longer vectors are not decoded byte by byte or cut at each byte: it takes long and shows nothing new. */
const LONG_BYTES = 2000;

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

for (const file of GOB_FILES) {
  for (const vector of readVectors(file)) {
    const bytes = toBytes(vector.hex);
    const title = `[${vector.clause}] ${vector.id}: ${vector.go.slice(0, 60)}`;

    test(`${title} decodes`, () => {
      assert.deepStrictEqual(decodeStream(vector, bytes), expectedOf(vector));
    });

    if (!(vector.id in BYTES_DIFFER)) {
      test(`${title} encodes to Go's bytes`, () => {
        assert.equal(hex(encodeStream(vector, "go")), hex(bytes));
      });
    }

    test(`${title} encodes with definitions in front`, () => {
      assert.deepStrictEqual(
        decodeStream(vector, encodeStream(vector, "hoisted")),
        decodeStream(vector, bytes),
      );
    });

    test(`${title} encodes again as it came without a schema`, () => {
      const again = new Encoder();
      for (const { schema, value } of decodeAny(vector, bytes)) again.append(schema, value);
      assert.deepStrictEqual(decodeStream(vector, again.take()), expectedOf(vector));
    });

    test(`${title} is skipped`, () => {
      const decoder = new Decoder();
      decoder.push(bytes);
      decoder.end();
      for (const _ of vector.values) assert.ok(decoder.trySkip());
      assert.throws(() => decoder.trySkip(), { code: "eof" });
    });

    if (bytes.length > LONG_BYTES) continue;

    test(`${title} decodes byte by byte`, () => {
      assert.deepStrictEqual(decodeByBytes(vector, bytes), expectedOf(vector));
    });

    test(`${title} cut short is an error`, () => {
      for (let end = 0; end < bytes.length; end++) {
        assert.throws(
          () => decodeStream(vector, bytes.subarray(0, end)),
          { name: "CodecError", code: /^(unexpected-)?eof$/ },
          `cut at ${end}`,
        );
      }
    });
  }
}

function decodeAny(vector: Vector, bytes: Uint8Array): TypedValue[] {
  const decoder = new Decoder();
  decoder.push(bytes);
  decoder.end();
  return vector.values.map(() => {
    const value = decoder.tryDecodeAny();
    assert.notEqual(value, NEED_MORE);
    return value as TypedValue;
  });
}

test("[GOB-5] a string that is not UTF-8 passes as a raw string", () => {
  const vector = readVectors("gob/scalars.json").find(({ id }) => id === "string-badutf8");
  assert.ok(vector);
  const bytes = toBytes(vector.hex);
  const decoder = new Decoder();
  decoder.push(bytes);
  const raw = decoder.tryDecode(rawString());
  assert.deepEqual(raw, Uint8Array.of(0x61, 0xff, 0xfe, 0x80, 0x7a));
  assert.equal(hex(new Encoder().encode(rawString(), raw as Uint8Array)), hex(bytes));
});
