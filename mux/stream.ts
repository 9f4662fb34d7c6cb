/** One logical stream, as its user sees it. */

import type { ByteConn, ConnHandler } from "../protocol/bytes/conn.js";
import type { StreamState } from "./stream-state.js";
import type { WaitOptions } from "./wait.js";

/**
 * A two-way byte stream inside a session, each direction closable on its own, with flow control of its
 * own: a reader that stops reading stops the peer within one window, and no other stream.
 *
 * Made by `Session.open` and `Session.accept`, and by a broker. For a Node Duplex or web streams see
 * {@link toDuplex} and {@link toWeb}. Go: `yamux.Stream`.
 */
export interface Stream extends ByteConn {
  /** Odd if the client opened it, even if the server did. Go: `StreamID`. */
  readonly id: number;

  /** In Go's words [YAMUX-30]. */
  readonly state: StreamState;

  /** Resolves when both sides have closed, or the stream was reset, or the session ended. Never rejects. */
  readonly closed: Promise<void>;

  /**
   * Resolves when {@link end} has taken effect: everything written and the FIN are with the connection. Resolves with
   * an error when nothing can be sent any more before that: the error of {@link start}'s `onEnd`, which comes here also
   * if the peer has sent its FIN before. Never rejects.
   */
  readonly finished: Promise<Error | undefined>;

  /**
   * Delivers what has arrived, at once, and then what arrives. Call once. Before that, and while paused,
   * at most one window is kept and the peer gets no further credit.
   *
   * `onEnd` is called once: without an error after the peer's FIN; else with a MuxError
   * `connection-reset` (the peer gave the stream up), `session-shutdown` (after what had arrived),
   * `timeout` (the peer did not close within `streamCloseTimeoutMs`), or with the error of
   * {@link destroy}. A handler that throws loses its stream; what it threw becomes an uncaught exception.
   */
  start(handler: ConnHandler): void;

  /**
   * Queues bytes, which belong to the stream from now on. Does not wait for the peer's ACK. False when
   * 256 KiB or more wait: go on when `onDrain` is called. Bytes after the end are dropped.
   *
   * @param onSent - called when the connection no longer needs `chunk`, whose memory may then be used again.
   *   Never called if the stream or the connection ends before, or if the connection does not tell (see
   *   `FromDuplexOptions.releasesChunks`).
   */
  write(chunk: Uint8Array, onSent?: () => void): boolean;

  /** Sends what is queued, within the peer's window, now instead of at the end of this turn. */
  flush(): void;

  /**
   * Resolves when the connection has taken everything written until now: with true. With false when the stream was
   * over before. Never rejects.
   */
  flushed(): Promise<boolean>;

  /** Stops delivery and credit until {@link resume}. The peer stops within one window. */
  pause(): void;

  /** Delivers what was kept, at once, and goes on. */
  resume(): void;

  /** Closes our half after everything written; reading goes on. Go: `Stream.Close`. */
  end(): void;

  /**
   * Gives up both halves at once: the peer sees a reset, once it has taken the stream [YAMUX-55]. What is
   * queued or kept is dropped, and the handler is told `error`, by default a MuxError `stream-closed`, on the
   * next tick.
   */
  destroy(error?: Error): void;

  /**
   * Takes the first bytes before {@link start}; what follows them stays for the handler [BROKER-10]. One
   * call at a time, at most 256 KiB.
   * @throws MuxError `eof` when the stream ends before, `timeout`, `aborted`, or what ended the stream.
   */
  readPrefix(byteLength: number, options?: WaitOptions): Promise<Uint8Array>;
}
