import { DEFAULT_MAX_VALUE_BYTES } from "../bytes/cost.js";

/** What a peer may make us hold. Each limit is checked before anything is allocated. */
export interface MsgpackLimits {
  /** Bytes of one value. Default 64 MiB. */
  readonly maxMessageBytes: number;
  /**
   * Bytes of memory, estimated, that the parts of one value take beside their content: one byte can
   * stand for an empty map of 190. Default 256 MiB.
   */
  readonly maxValueBytes: number;
  /** Arrays and maps in each other. Default 1,000. */
  readonly maxDepth: number;
}

export const DEFAULT_MSGPACK_LIMITS: MsgpackLimits = {
  maxMessageBytes: 64 * 1024 * 1024,
  maxValueBytes: DEFAULT_MAX_VALUE_BYTES,
  maxDepth: 1000,
};
