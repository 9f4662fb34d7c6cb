/** One logical stream, as its user sees it. */

import type { ByteConn, ConnHandler } from "../protocol/bytes/conn.js";
import { type MuxError, yamuxError } from "./errors.js";
import type { StreamCore } from "./stream-core.js";
import type { StreamState } from "./stream-state.js";
import { muxWait, throwIfAborted, type WaitOptions } from "./wait.js";

/**
 * A two-way byte stream inside a session, each direction closable on its own, with flow control of its
 * own: a reader that stops reading stops the peer within one window, and no other stream.
 *
 * Made by {@link Session.open} and {@link Session.accept}. For a Node Duplex or web streams see
 * {@link toDuplex} and {@link toWeb}. Go: `yamux.Stream`.
 */
export class Stream implements ByteConn {
  readonly #core: StreamCore;

  /** For the session only. */
  constructor(core: StreamCore) {
    this.#core = core;
  }

  /** Odd if the client opened it, even if the server did. Go: `StreamID`. */
  get id(): number {
    return this.#core.id;
  }

  /** In Go's words [YAMUX-30]. */
  get state(): StreamState {
    return this.#core.state;
  }

  /** Resolves when both sides have closed, or the stream was reset, or the session ended. Never rejects. */
  get closed(): Promise<void> {
    return this.#core.closed.promise;
  }

  /**
   * Resolves when {@link end} has taken effect: everything written and the FIN are with the connection;
   * or when nothing can be sent any more. Never rejects.
   */
  get finished(): Promise<void> {
    return this.#core.finished.promise;
  }

  /**
   * Delivers what has arrived, at once, and then what arrives. Call once. Up to then, and while paused,
   * at most one window is kept and the peer gets no further credit.
   *
   * `onEnd` is called once: without an error after the peer's FIN; else with a MuxError
   * `connection-reset` (the peer gave the stream up), `session-shutdown` (after what had arrived),
   * `timeout` (the peer did not close within `streamCloseTimeoutMs`), or with the error of
   * {@link destroy}. A sink that throws loses its stream; what it threw becomes an uncaught exception.
   */
  start(sink: ConnHandler): void {
    this.#core.start(sink);
  }

  /**
   * Queues bytes, which belong to the stream from now on. Does not wait for the peer's ACK. False when
   * 256 KiB or more wait: go on when `onDrain` is called. Bytes after the end are dropped.
   *
   * @param onSent - called when the connection needs `chunk` no more and its memory may be used again; never if
   *   the stream or the connection ends before, or the connection does not tell (see {@link fromDuplex}).
   */
  write(chunk: Uint8Array, onSent?: () => void): boolean {
    return this.#core.write(chunk, onSent);
  }

  /** Sends what is queued, within the peer's window, now instead of at the end of this turn. */
  flush(): void {
    this.#core.flush();
  }

  /** Stops delivery and credit until {@link resume}. The peer stops within one window. */
  pause(): void {
    this.#core.receiveHalf.pause();
  }

  /** Delivers what was kept, at once, and goes on. */
  resume(): void {
    this.#core.receiveHalf.resume();
  }

  /** Closes our half after everything written; reading goes on. Go: `Stream.Close`. */
  end(): void {
    this.#core.end();
  }

  /**
   * Gives up both halves at once: the peer sees a reset. What is queued or kept is dropped, and the sink
   * is told `error`, by default a MuxError `stream-closed`, on the next tick.
   */
  destroy(error?: Error): void {
    this.#core.destroy(error);
  }

  /**
   * Takes the first bytes before {@link start}; what follows them stays for the sink [BROKER-10]. One
   * call at a time, at most 256 KiB.
   * @throws MuxError `eof` when the stream ends before, `timeout`, `aborted`, or what ended the stream.
   */
  async readPrefix(byteLength: number, options: WaitOptions = {}): Promise<Uint8Array> {
    const half = this.#core.receiveHalf;
    const what = `reading the first ${byteLength} bytes of stream ${this.id}`;
    throwIfAborted(options, what);
    const wait = muxWait<Uint8Array>(options, (code, cause) => {
      half.watch(undefined);
      return yamuxError(code, what, { streamId: this.id, cause });
    });
    const look = (): void => {
      const bytes = half.take(byteLength);
      if (bytes === undefined && half.end === undefined) return;
      half.watch(undefined);
      if (bytes !== undefined) wait.resolve(bytes);
      else wait.reject(half.end?.error ?? this.#endedEarly(what));
    };
    half.watch(look);
    look();
    return wait.promise;
  }

  #endedEarly(what: string): MuxError {
    const got = this.#core.receiveHalf.buffered;
    return yamuxError("eof", `${what}, got ${got}`, { streamId: this.id, remote: true });
  }
}
