/** Gob streams of one value, as Go programs nest them in other data. */
import type { NEED_MORE } from "../bytes/need-more.js";
import { CodecError } from "../errors.js";
import type { AnySchema, In, Out } from "../schema/index.js";
import { bytes, type CodecSchema, codec } from "../schema/index.js";
import { Decoder, type DecoderOptions } from "./decoder.js";
import { Encoder, type EncoderOptions } from "./encoder.js";

/**
 * A gob stream of one value, as Go programs put it into a `[]byte` or return it from `GobEncode`.
 *
 * @throws CodecError as `Encoder.append`.
 */
export function encodeGob<S extends AnySchema>(
  schema: S,
  value: In<S>,
  options?: EncoderOptions,
): Uint8Array {
  return new Encoder(options).encode(schema, value);
}

/**
 * The value of a gob stream that holds one value and is complete.
 *
 * @throws CodecError as `Decoder.tryDecode`; `corrupt` when something follows the value.
 */
export function decodeGob<S extends AnySchema>(
  schema: S,
  stream: Uint8Array,
  options?: DecoderOptions,
): Out<S> {
  const decoder = new Decoder(options);
  decoder.push(stream);
  decoder.end();
  const value = decoder.tryDecode(schema);
  if (decoder.bufferedBytes > 0) {
    const text = `gob: ${decoder.bufferedBytes} bytes follow the value`;
    throw new CodecError("corrupt", text);
  }
  // The decoder was told the end, so it has returned a value or thrown.
  return value as Exclude<typeof value, typeof NEED_MORE>;
}

/** A Go `[]byte` that holds a gob stream of its own, of one value of `schema`. */
export const gobBytes = <S extends AnySchema>(schema: S): CodecSchema<In<S>, Out<S>> =>
  codec({
    wire: bytes(),
    encode: (value: In<S>) => encodeGob(schema, value),
    decode: (stream) => decodeGob(schema, stream),
  });
