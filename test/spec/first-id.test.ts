/**
 * What Go up to 1.20 writes: the same vectors, but the first type id is 65. Go 1.19's own bytes of 237 of these vectors were
 * once compared with what `renumber` makes of today's, and all were equal.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Encoder, inspect, NEED_MORE, TypeRegistry } from "../../protocol/gob/index.js";
import { int, slice, struct, type TypedValue } from "../../protocol/schema/index.js";
import { decoderOf } from "../protocol/gob/helpers.js";
import { GOB_FILES, readVectors, toBytes } from "./notation.js";
import { renumber } from "./renumber.js";
import { BYTES_DIFFER, encodeStream } from "./streams.js";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

for (const vector of GOB_FILES.flatMap((file) => readVectors(file))) {
  const { id, go } = vector;
  const bytes = renumber(toBytes(vector.hex), 1);

  if (!(id in BYTES_DIFFER)) {
    test(`[GOB-11] ${id} encodes to Go's bytes from id 65: ${go.slice(0, 50)}`, () => {
      assert.equal(hex(encodeStream(vector, "go", 65)), hex(bytes));
    });
  }

  test(`[GOB-8] ${id} decodes from id 65 without a schema, and encodes to the same values`, () => {
    const values = allOf(bytes);
    const encoder = new Encoder();
    for (const { schema, value } of values) encoder.append(schema, value);
    const again = allOf(encoder.take());
    assert.deepEqual(withNames(again), withNames(values));
  });

  test(`[GOB-8] ${id} from id 65 can be inspected to its last byte`, () => {
    const dump = inspect(bytes);
    assert.doesNotMatch(dump, /error|unused|rest of/);
  });
}

/** Each decoding makes new schemas, which hold functions: they are compared by their names. */
function withNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNames);
  if (value instanceof Map) return new Map([...value].map(([key, of]) => [key, withNames(of)]));
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, of]) => [key, key === "schema" ? of.name : withNames(of)]),
  );
}

function allOf(bytes: Uint8Array): TypedValue[] {
  const decoder = decoderOf(bytes);
  const values: TypedValue[] = [];
  while (decoder.bufferedBytes > 0) {
    const value = decoder.tryDecodeAny();
    assert.notEqual(value, NEED_MORE);
    if (value !== NEED_MORE) values.push(value);
  }
  return values;
}

test("[GOB-11] one registry for two encoders goes on counting, as one Go process does", () => {
  const types = new TypeRegistry({ firstId: 65 });
  const [first, second] = [new Encoder({ types }), new Encoder({ types })];
  const ints = slice(int());
  const point = struct("main.Point", { X: int(), Y: int() });
  assert.match(hex(first.encode(ints, [1, -1, 0])), /^0cff81/);
  assert.match(hex(second.encode(point, { X: 22, Y: 33 })), /^1fff83/);
  assert.match(hex(second.encode(ints, [1, -1, 0])), /^0cff81/);
});
