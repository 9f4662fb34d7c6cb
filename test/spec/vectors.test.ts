/** Golden vectors of gob: what Go wrote is read, and written again byte for byte. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Decoder, Encoder, NEED_MORE, Registry, TypeRegistry } from "../../protocol/gob/index.js";
import {
  behindInterfaces,
  GOB_FILES,
  readVectors,
  type Typed,
  toBytes,
  toSchema,
  toValue,
  type Vector,
} from "./notation.js";

/** Their bytes come out otherwise, and why. */
const NOT_EXACT: Readonly<Record<string, string>> = {
  "float-nan": "a NaN has one form in JavaScript",
  "floats-negzero-nan": "a NaN has one form in JavaScript",
  "string-badutf8": "a string holds Unicode",
  dupname:
    "a schema does not say that a field is embedded, which shows in the spelling of its struct",
};

function registryOf(vector: Vector): Registry {
  const registry = new Registry();
  for (const [name, type] of behindInterfaces(vector.values)) {
    if (registry.schemaOf(name) === undefined) registry.register(name, toSchema(type));
  }
  return registry;
}

/** All values of the stream, decoded from chunks of a size. */
function decode(vector: Vector, bytes: Uint8Array, chunkBytes = bytes.length): unknown[] {
  const decoder = new Decoder({ registry: registryOf(vector) });
  const values: unknown[] = [];
  let sent = 0;
  for (const { type } of vector.values) {
    const schema = toSchema(type);
    for (;;) {
      const value = decoder.tryDecode(schema);
      if (value !== NEED_MORE) {
        values.push(value);
        break;
      }
      assert.ok(sent < bytes.length, "the decoder wants more than there is");
      decoder.push(bytes.slice(sent, sent + chunkBytes));
      sent += chunkBytes;
    }
  }
  return values;
}

function encode(vector: Vector): Uint8Array {
  const encoder = new Encoder({
    registry: registryOf(vector),
    types: new TypeRegistry(),
    order: "go",
  });
  for (const typed of vector.values)
    encoder.append(toSchema(typed.type), toValue(typed, "in") as never);
  return encoder.take();
}

const expected = (vector: Vector) => vector.values.map((typed: Typed) => toValue(typed, "out"));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

for (const file of GOB_FILES) {
  for (const vector of readVectors(file)) {
    const bytes = toBytes(vector.hex);
    const title = `[${vector.clause}] ${vector.id}: ${vector.go.slice(0, 60)}`;

    test(`${title} decodes`, () => {
      assert.deepStrictEqual(decode(vector, bytes), expected(vector));
    });

    if (!(vector.id in NOT_EXACT)) {
      test(`${title} encodes to Go's bytes`, () => {
        assert.equal(hex(encode(vector)), hex(bytes));
      });
    }
  }
}
