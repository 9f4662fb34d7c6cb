/** What a peer may make us hold. Each limit is checked before anything is allocated. */
export interface MsgpackLimits {
  /** Bytes of one value. Default 64 MiB. */
  readonly maxMessageBytes: number;
  /** Arrays and maps in each other. Default 1,000. */
  readonly maxDepth: number;
}

export const DEFAULT_MSGPACK_LIMITS: MsgpackLimits = {
  maxMessageBytes: 64 * 1024 * 1024,
  maxDepth: 1000,
};
