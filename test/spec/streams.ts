/** Decodes and encodes the streams of whole vectors. */
import assert from "node:assert/strict";
import {
  Decoder,
  Encoder,
  type EncoderOptions,
  NEED_MORE,
  Registry,
  TypeRegistry,
} from "../../protocol/gob/index.js";
import { behindInterfaces, toSchema, toValue, type Vector } from "./notation.js";

/** The vectors whose bytes come out differently from the values in the notation, and why. */
export const BYTES_DIFFER: Readonly<Record<string, string>> = {
  "float-nan": "NaN has one form in JavaScript",
  "floats-negzero-nan": "NaN has one form in JavaScript",
  "string-badutf8": "a JavaScript string holds Unicode",
  dupname: "a schema does not say that a field is embedded, which shows in a type's spelling",
};

/** A registry of the types behind the interfaces in a vector. */
export function registryOf(vector: Vector): Registry {
  const registry = new Registry();
  for (const [name, type] of behindInterfaces(vector.values)) {
    // Every registry has the predeclared types.
    if (typeof type !== "string") registry.register(name, toSchema(type));
  }
  return registry;
}

/** All values of the stream, decoded by their schemas. */
export function decodeStream(vector: Vector, bytes: Uint8Array): unknown[] {
  const decoder = new Decoder({ registry: registryOf(vector) });
  decoder.push(bytes);
  decoder.end();
  return vector.values.map(({ type }) => decoder.tryDecode(toSchema(type)));
}

/** The same from chunks of one byte. */
export function decodeByBytes(vector: Vector, bytes: Uint8Array): unknown[] {
  const decoder = new Decoder({ registry: registryOf(vector) });
  const schemas = vector.values.map(({ type }) => toSchema(type));
  const values: unknown[] = [];
  for (let i = 0; i < bytes.length; i++) {
    decoder.push(bytes.slice(i, i + 1));
    for (
      let schema = schemas[values.length];
      schema !== undefined;
      schema = schemas[values.length]
    ) {
      const value = decoder.tryDecode(schema);
      if (value === NEED_MORE) break;
      values.push(value);
    }
  }
  assert.ok(values.length === schemas.length, "the decoder wants more than there is");
  return values;
}

/** All values of the vector, encoded on one stream. */
export function encodeStream(
  vector: Vector,
  order: EncoderOptions["order"] & string,
  firstId: 64 | 65 = 64,
): Uint8Array {
  const types = new TypeRegistry({ firstId });
  const encoder = new Encoder({ registry: registryOf(vector), types, order });
  for (const typed of vector.values) {
    encoder.append(toSchema(typed.type), toValue(typed, "in") as never);
  }
  return encoder.take();
}

/** What {@link decodeStream} must return. */
export const expectedOf = (vector: Vector): unknown[] =>
  vector.values.map((typed) => toValue(typed, "out"));
