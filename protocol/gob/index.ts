// For users.
export { NEED_MORE } from "../bytes/need-more.js";
export { Decoder, type DecoderOptions } from "./decoder.js";
export { Encoder, type EncoderOptions } from "./encoder.js";
export { type InspectOptions, inspect } from "./inspect.js";
export type { DecoderLimits } from "./limits.js";
export { decodeGob, encodeGob, gobBytes } from "./nested.js";
export { Registry } from "./registry.js";
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
