/** `goplug/gob`: schemas for Go types, and gob itself for Go programs that speak it bare. */
export {
  CodecError,
  type CodecErrorCode,
  type CodecErrorFacts,
  isCodecError,
} from "../protocol/errors.js";
export * from "../protocol/gob/index.js";
export * from "../protocol/schema/index.js";
