/** What most tests of gob need: bytes as text, whole streams, what is refused. */
import assert from "node:assert/strict";
import { CodecError } from "../../../protocol/errors.js";
import {
  Decoder,
  type DecoderOptions,
  Encoder,
  type EncoderOptions,
  NEED_MORE,
} from "../../../protocol/gob/index.js";
import type { AnySchema, In, Out } from "../../../protocol/schema/index.js";

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
/** Hex with spaces for the eye. */
export const unhex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

/** A decoder that has got all there is. */
export function decoderOf(bytes: Uint8Array, options?: DecoderOptions): Decoder {
  const decoder = new Decoder(options);
  decoder.push(bytes);
  decoder.end();
  return decoder;
}

export function decode<S extends AnySchema>(
  schema: S,
  bytes: Uint8Array | string,
  options?: DecoderOptions,
): Out<S> {
  const decoder = decoderOf(typeof bytes === "string" ? unhex(bytes) : bytes, options);
  return whole(decoder.tryDecode(schema));
}

export const encode = <S extends AnySchema>(
  schema: S,
  value: In<S>,
  options?: EncoderOptions,
): Uint8Array => new Encoder(options).encode(schema, value);

/** Encoded with one schema and decoded with another, or with the same. */
export const through = <S extends AnySchema, T extends AnySchema>(
  from: S,
  value: In<S>,
  to: T,
): Out<T> => decode(to, encode(from, value));

export function whole<T>(value: T | typeof NEED_MORE): T {
  if (value === NEED_MORE) throw new Error("the decoder wants more than there is");
  return value;
}

/** Everything that comes out when the bytes come in chunks of `size`, through one reused buffer. */
export function inChunks<S extends AnySchema>(
  schema: S,
  bytes: Uint8Array,
  size: number,
  options?: DecoderOptions,
): Out<S>[] {
  const decoder = new Decoder(options);
  const reused = new Uint8Array(size);
  const values: Out<S>[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = bytes.subarray(at, at + size);
    reused.set(chunk);
    decoder.push(reused.subarray(0, chunk.length));
    for (let value = decoder.tryDecode(schema); value !== NEED_MORE; ) {
      values.push(value);
      value = decoder.tryDecode(schema);
    }
    decoder.retain();
    // What is borrowed after retain() would show.
    reused.fill(0xee);
  }
  return values;
}

/** Asserts that decoding fails with these facts and this message. */
export const refusesBytes = (
  schema: AnySchema,
  bytes: Uint8Array | string,
  want: Partial<CodecError>,
  text: RegExp | string,
): void =>
  assert.throws(
    () => decode(schema, bytes),
    (error) => isRefusal(error, want, text),
  );

/** Asserts that encoding fails with these facts and this message, and leaves no bytes behind. */
export function refusesValue(
  schema: AnySchema,
  value: unknown,
  want: Partial<CodecError>,
  text: RegExp | string,
): void {
  const encoder = new Encoder();
  assert.throws(
    () => encoder.append(schema, value as never),
    (error) => isRefusal(error, want, text),
  );
  assert.equal(encoder.take().length, 0);
}

function isRefusal(error: unknown, want: Partial<CodecError>, text: RegExp | string): true {
  assert.ok(error instanceof CodecError);
  if (typeof text === "string") assert.equal(error.message, text);
  else assert.match(error.message, text);
  for (const [key, of] of Object.entries(want)) assert.deepEqual(Reflect.get(error, key), of, key);
  return true;
}
