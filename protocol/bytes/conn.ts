/**
 * What a layer needs of a two-way byte stream, and nothing more: a yamux stream, a socket and an
 * in-memory pipe all look like this to the layer above. Callbacks instead of a Node Duplex, because
 * a Duplex costs an allocation and a turn of the event loop per chunk.
 */

/** Where a {@link ByteConn} puts what arrives. */
export interface ConnHandler {
  /** Bytes in order. `chunk` is borrowed: it is valid during the call only, so copy what you keep. */
  onData(chunk: Uint8Array): void;
  /**
   * Nothing more will arrive; called once. Without `error` the peer closed its half in order; with
   * it the connection was lost, and `error` says why.
   */
  onEnd(error?: Error): void;
  /** The write queue, full before (see {@link ByteConn.write}), takes bytes again. */
  onDrain?(): void;
}

/** A two-way byte stream, each direction closable on its own. */
export interface ByteConn {
  /** Delivers what has arrived and all that follows to `sink`. Call once. */
  start(sink: ConnHandler): void;
  /**
   * Queues bytes; the connection owns `chunk` from then on. `false` means the queue is past its
   * mark: go on when `onDrain` is called. Bytes written after the end are dropped silently, because
   * `onEnd` has told already.
   *
   * @param onSent - called when the connection needs `chunk` no more, so that its memory can be used
   *   again. It may never be called: the connection was lost, or does not know.
   */
  write(chunk: Uint8Array, onSent?: () => void): boolean;
  /**
   * Sends what is queued, as far as it may be sent, now instead of at the end of this turn of the event
   * loop: the peer begins while we go on. A connection without it sends when it likes.
   */
  flush?(): void;
  /** Stops delivery, and with it the credit given to the peer, until {@link resume}. */
  pause(): void;
  resume(): void;
  /** Closes our half after everything written. Reading goes on. */
  end(): void;
  /** Gives up both halves at once and drops what is queued. */
  destroy(error?: Error): void;
}
