/**
 * Go's `encoding/gob` in TypeScript. Users come in through the files beside this one; below them are four rooms:
 *
 * - `type/`: what types are, on both sides, without reading or writing a byte: schemas as Go types, the types that a
 *   peer defines, ids, names, zeros, Go source.
 * - `wellknown/`: schemas for types of Go's standard library.
 * - `encode/`: values to bytes. A schema is compiled to an encoder once.
 * - `decode/`: bytes to values. A schema and a peer's type are compiled to a decoder once.
 *
 * `encode/` and `decode/` do not know each other, and know of the files here only `failure`, `generate`, `limits` and
 * `registry`. `type/` and `wellknown/` know neither.
 */

// Streams of values.
export { NEED_MORE } from "../bytes/need-more.js";
export type { FieldMismatch, MismatchOptions } from "./decode/mismatch.js";
export { Decoder, type DecoderOptions } from "./decoder.js";
export { Encoder, type EncoderOptions } from "./encoder.js";
export { type InspectOptions, inspect } from "./inspect.js";
export { is, type ValueOf } from "./is.js";
export type { DecoderLimits } from "./limits.js";
export { decodeGob, encodeGob, gobBytes } from "./nested.js";
export { type RegisterOptions, Registry } from "./registry.js";
export {
  type ByteChunks,
  decoderStream,
  decodeStream,
  encoderStream,
  encodeStream,
  StreamDecoder,
} from "./stream.js";
export { describe } from "./type/describe.js";
export { TypeRegistry, type TypeRegistryOptions } from "./type/type-registry.js";
export { zero } from "./type/zero.js";

// Go's own types.
export {
  addr,
  type BigFloat,
  basicError,
  bigFloat,
  bigFloatFromNumber,
  bigFloatToNumber,
  bigInt,
  bigRat,
  duration,
  ip,
  ipNet,
  msFromNanos,
  nanosFromMs,
  type Rat,
  rawMessage,
  Time,
  type TimeFields,
  time,
  url,
  uuid,
} from "./wellknown/index.js";
