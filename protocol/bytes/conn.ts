/**
 * The seam between layers: a two-way byte stream. A yamux stream, a socket and an in-memory pipe all look
 * like this to the layer above. It has callbacks instead of being a Node Duplex,
 * because a Duplex costs an allocation and a turn of the event loop per chunk.
 */

/** Receives the bytes and the end of a {@link ByteConn}. */
export interface ConnHandler {
  /** Bytes in order. `chunk` is borrowed: it is valid during the call only, so copy what you keep. */
  onData(chunk: Uint8Array): void;
  /**
   * Nothing more will arrive. Called once. Without `error` the peer closed its half in order. With it the
   * connection was lost, and `error` says why.
   */
  onEnd(error?: Error): void;
  /** The write queue was full (see {@link ByteConn.write}) and takes bytes again. May come after `onEnd`. */
  onDrain?(): void;
}

/** A two-way byte stream. Each direction can be closed alone. */
export interface ByteConn {
  /** Delivers all bytes to `handler`, also those that have arrived before. Call once. */
  start(handler: ConnHandler): void;
  /**
   * Queues bytes. The connection owns `chunk` from then on. Bytes written after the end are dropped
   * silently, because `onEnd` has said so already.
   *
   * @param onSent - called when the connection no longer needs `chunk`, whose memory can then be used
   *   again. It is never called when the connection is lost, or cannot tell.
   * @returns false when the queue is past its mark: wait for `onDrain` before you write more.
   */
  write(chunk: Uint8Array, onSent?: () => void): boolean;
  /**
   * Sends the queued bytes now, as far as they may be sent, instead of at the end of this turn of the event
   * loop. The peer can begin while we go on. A connection without this method decides by itself.
   */
  flush?(): void;
  /** Stops delivery, and with it the credit given to the peer, until {@link resume}. */
  pause(): void;
  /** Delivers again. */
  resume(): void;
  /** Closes our half when everything written is sent. Reading goes on. */
  end(): void;
  /** Gives up both halves at once and drops the queued bytes. `onEnd` gets `error`. */
  destroy(error?: Error): void;
}
