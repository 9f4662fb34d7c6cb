import { DEFAULT_MAX_VALUE_BYTES } from "../bytes/cost.js";

/** [NETRPC-18] What a peer may make us hold, in JSON and msgpack alike. A message past it ends the connection. */
export interface PlainLimits {
  /** Bytes of one message. Default 64 MiB. */
  readonly maxMessageBytes: number;
  /**
   * Bytes of memory, estimated, that the parts of one message take beside their content: one byte can
   * stand for an empty map of 190. Default 256 MiB.
   */
  readonly maxValueBytes: number;
  /** Containers in each other. Default 1,000. */
  readonly maxDepth: number;
}

export const DEFAULT_PLAIN_LIMITS: PlainLimits = {
  maxMessageBytes: 64 * 1024 * 1024,
  maxValueBytes: DEFAULT_MAX_VALUE_BYTES,
  maxDepth: 1000,
};
