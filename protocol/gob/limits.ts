import { DEFAULT_MAX_VALUE_BYTES } from "../bytes/cost.js";

/** [GOB-33] What a peer may make us hold. Each limit is checked before anything is allocated. */
export interface DecoderLimits {
  /** Bytes of one message, and of one value over all its messages. Default 64 MiB. */
  readonly maxMessageBytes: number;
  /**
   * Bytes of memory, estimated, that the parts of one value take beside their content: one byte of a
   * message can stand for an empty map of 190, or for a struct of a thousand fields, which are made
   * though none was sent. Default 256 MiB.
   */
  readonly maxValueBytes: number;
  /** Types nested in types, and values in values. Default 10 000. */
  readonly maxDepth: number;
  /** Types defined on one stream. Default 10 000. */
  readonly maxTypes: number;
  /** Fields of one struct type. Default 65 536. */
  readonly maxFields: number;
}

export const DEFAULT_LIMITS: DecoderLimits = {
  maxMessageBytes: 64 * 1024 * 1024,
  maxValueBytes: DEFAULT_MAX_VALUE_BYTES,
  maxDepth: 10_000,
  maxTypes: 10_000,
  maxFields: 65_536,
};

/** [GOB-27] The longest name behind an interface, in bytes. Fixed in Go, too. */
export const MAX_NAME_BYTES = 1024;
