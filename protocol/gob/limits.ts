/** Limits of a decoder, and their defaults. */
import { DEFAULT_MAX_VALUE_BYTES } from "../bytes/cost.js";

/** [GOB-33] Limits on what a peer may make a decoder hold. Each is checked before anything is allocated. */
export interface DecoderLimits {
  /** Bytes of one message, and of one value over all its messages. Default 64 MiB. */
  readonly maxMessageBytes: number;
  /**
   * Bytes of memory that the parts of one value take beside the content of texts and bytes, estimated by their kinds.
   * One byte of a message can stand for an empty map, which takes 180 bytes, or for a struct of a thousand fields, all
   * of which are made though none was sent. Default 256 MiB.
   */
  readonly maxValueBytes: number;
  /** Types nested in types, and values in values. Default 10 000. */
  readonly maxDepth: number;
  /** Types defined on one stream. Default 10 000. */
  readonly maxTypes: number;
  /** Fields of one struct type. Default 65 536. */
  readonly maxFields: number;
}

/** The limits that hold where an option is left out. */
export const DEFAULT_LIMITS: DecoderLimits = {
  maxMessageBytes: 64 * 1024 * 1024,
  maxValueBytes: DEFAULT_MAX_VALUE_BYTES,
  maxDepth: 10_000,
  maxTypes: 10_000,
  maxFields: 65_536,
};

/** [GOB-27] The longest registered name of a value behind an interface, in bytes. Go has the same fixed limit. */
export const MAX_NAME_BYTES = 1024;
