/** Limits for receivers of JSON and msgpack. */
import { DEFAULT_MAX_VALUE_BYTES } from "../bytes/cost.js";

/** [NETRPC-18] How much a peer may make us hold, in JSON and msgpack alike. A message past a limit ends the connection. */
export interface PlainLimits {
  /** Bytes of one message. Default 64 MiB. */
  readonly maxMessageBytes: number;
  /**
   * Bytes of memory, estimated, that the parts of one message take beside their content: the parsed message and the
   * values made of it. One byte can mean an empty map, which takes 300 bytes in all. Default 256 MiB.
   */
  readonly maxValueBytes: number;
  /** How deep containers nest. Default 1,000. */
  readonly maxDepth: number;
}

/** The limits where an option is left out. */
export const DEFAULT_PLAIN_LIMITS: PlainLimits = {
  maxMessageBytes: 64 * 1024 * 1024,
  maxValueBytes: DEFAULT_MAX_VALUE_BYTES,
  maxDepth: 1000,
};
