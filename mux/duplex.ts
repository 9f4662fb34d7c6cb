/** A Node Duplex on top of a stream [YAMUX-53]. */

import { Duplex } from "node:stream";
import { Bound } from "../protocol/async/wait.js";
import type { ByteConn } from "../protocol/bytes/conn.js";
import { Deadline } from "./deadline.js";
import { isMuxError, yamuxError } from "./errors.js";
import { LossWatch, lostError } from "./loss-watch.js";
import type { Stream } from "./stream.js";

/** What {@link toDuplex} takes: a {@link Stream}, or a connection that becomes a stream later. */
export type DuplexSource = ByteConn & Pick<Stream, "finished">;

/** Limits of a Duplex. Passing one of them resets the whole stream. */
export interface DuplexOptions {
  /** Destroys the Duplex with code `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds a reader may wait for bytes; then code `timeout`. Default: no limit. */
  readonly readTimeoutMs?: number | undefined;
  /** Milliseconds a writer may wait for the peer to take bytes; then code `timeout`. Default: no limit. */
  readonly writeTimeoutMs?: number | undefined;
}

/**
 * A Node Duplex on top of `stream`, whose directions end one by one: `end()` sends FIN, and the peer's FIN
 * ends the readable side. At `finish` everything is with the connection. `destroy` resets the stream
 * unless both sides have ended. Errors are the MuxErrors of {@link Stream.start}, and `stream-closed` when
 * the stream is lost after the peer's FIN. Takes the stream over: do not start it yourself.
 */
export function toDuplex(stream: DuplexSource, options: DuplexOptions = {}): Duplex {
  return new StreamDuplex(stream, options);
}

class StreamDuplex extends Duplex {
  readonly #stream: DuplexSource;
  #onDrain: (() => void) | undefined;
  #failure: (() => void) | undefined;
  readonly #lost = new LossWatch(
    () => this.writableEnded,
    () => this.destroy(lostError()),
  );
  readonly #readDeadline: Deadline;
  readonly #writeDeadline: Deadline;
  readonly #abort: Bound | undefined;

  constructor(stream: DuplexSource, options: DuplexOptions) {
    // No buffer of its own: unread bytes stay in the stream, where the window counts them, and where an
    // error does not drop them.
    super({ readableHighWaterMark: 0, allowHalfOpen: true, emitClose: true });
    this.#stream = stream;
    this.#readDeadline = this.#deadline(options.readTimeoutMs, "no bytes arrived");
    this.#writeDeadline = this.#deadline(options.writeTimeoutMs, "the peer took no bytes");
    this.#abort = options.signal && this.#abortBy(options.signal);
    stream.pause();
    stream.start({
      onData: (chunk) => {
        this.#readDeadline.clear();
        if (!this.push(Buffer.from(chunk))) stream.pause();
      },
      onEnd: (error) => {
        this.#readDeadline.clear();
        if (error !== undefined) return this.#fail(error);
        this.push(null);
        this.#lost.peerEnded();
      },
      onDrain: () => this.#drained(),
    });
    void stream.finished.then(() => this.#lost.sendingEnded());
  }

  override _read(): void {
    if (this.#failure !== undefined) {
      process.nextTick(this.#failure);
      return;
    }
    // Before resuming: bytes that are there arrive during `resume` and clear the deadline again.
    this.#readDeadline.arm();
    this.#stream.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    // Nothing can be sent any more: the LossWatch destroys this Duplex on the next tick.
    if (this.#lost.isLost) return;
    if (this.#stream.write(chunk)) {
      done();
      return;
    }
    this.#onDrain = done;
    this.#writeDeadline.arm();
  }

  /** `finish` waits until the FIN has left: a user who closes the session at `finish` loses nothing. */
  override _final(done: () => void): void {
    this.#stream.end();
    // A lost stream is `finished` too. Its `onEnd` comes before the next tick, and destroys us first.
    void this.#stream.finished.then(() => process.nextTick(done));
  }

  /** Node also destroys a Duplex that has ended in both directions: that must not reset the stream. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#readDeadline.clear();
    this.#writeDeadline.clear();
    this.#abort?.release();
    if (error || !this.readableEnded || !this.writableFinished) {
      this.#stream.destroy(error ?? undefined);
    }
    done(error);
  }

  /** Destroying drops the chunk that is not read yet: the failure waits for the next `_read` then. */
  #fail(error: Error): void {
    this.#failure = () => {
      // An explained one is for those who wait here. Nobody need listen for what this side has done itself.
      if (isOwnClose(error.cause)) this.on("error", () => {});
      this.destroy(isOwnClose(error) ? undefined : error);
    };
    if (this.readableLength === 0) this.#failure();
  }

  #deadline(ms: number | undefined, what: string): Deadline {
    return new Deadline(ms, () => this.destroy(yamuxError("timeout", `${what} within ${ms} ms`)));
  }

  #abortBy(signal: AbortSignal): Bound {
    const onAbort = (): void => {
      this.destroy(yamuxError("aborted", "stream", { cause: signal.reason }));
    };
    // A Bound does not notice a signal that has fired before.
    if (signal.aborted) process.nextTick(onAbort);
    return new Bound({ signal }, onAbort);
  }

  #drained(): void {
    this.#writeDeadline.clear();
    const done = this.#onDrain;
    this.#onDrain = undefined;
    done?.();
  }
}

/** Our own `Session.close` destroys a Duplex too early, but without an error. */
const isOwnClose = (error: unknown): boolean =>
  isMuxError(error) && error.code === "session-shutdown" && error.cause === undefined;
