export { Decoder, type DecoderOptions, NEED_MORE } from "./decoder.js";
export { Encoder, type EncoderOptions } from "./encoder.js";
export type { DecoderLimits } from "./limits.js";
export { Registry } from "./registry.js";
export { TypeRegistry, type TypeRegistryOptions } from "./type-registry.js";
