/** [GOB-33] What a peer may make us hold. Each limit is checked before anything is allocated. */
export interface DecoderLimits {
  /** Bytes of one message, and of one value over all its messages. Default 64 MiB. */
  readonly maxMessageBytes: number;
  /**
   * Fields of all structs in one value, sent or not: absent ones are made, and a type of the peer's own
   * can ask for a thousand with one byte. Default 16 777 216.
   */
  readonly maxParts: number;
  /** Types nested in types, and values in values. Default 10 000. */
  readonly maxDepth: number;
  /** Types defined on one stream. Default 10 000. */
  readonly maxTypes: number;
  /** Fields of one struct type. Default 65 536. */
  readonly maxFields: number;
}

export const DEFAULT_LIMITS: DecoderLimits = {
  maxMessageBytes: 64 * 1024 * 1024,
  maxParts: 16 * 1024 * 1024,
  maxDepth: 10_000,
  maxTypes: 10_000,
  maxFields: 65_536,
};

/** [GOB-27] The longest name behind an interface, in bytes. Fixed in Go, too. */
export const MAX_NAME_BYTES = 1024;
