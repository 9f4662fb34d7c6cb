/** A Node Duplex on top of a stream [YAMUX-53]. */

import { Duplex } from "node:stream";
import { Bound } from "../protocol/async/wait.js";
import type { ByteConn } from "../protocol/bytes/conn.js";
import { Deadline } from "./deadline.js";
import { isMuxError, type MuxError, yamuxError } from "./errors.js";
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
 * A Node Duplex on top of `stream`. It behaves as a `net.Socket` with `allowHalfOpen`: its directions end one by
 * one, `end()` sends FIN, the peer's FIN ends the readable side, and at `finish` everything is with the connection.
 *
 * `destroy` resets the stream if bytes of either side may be lost by it: not after the peer's end, where it sends our
 * own, and not after our own, unless the peer sends more. With an error it always resets. Up to Node 22 `for await`
 * destroys a Duplex at the end of the loop; from Node 24 on our half stays open, and you end it.
 *
 * Emits the MuxErrors of {@link Stream.start}, and `stream-closed` with their cause when the stream is lost after the
 * peer's end while it is written to. Emits none after our own `Session.close`, and none when the stream is lost with
 * nothing left to read or to write: then it closes. Takes the stream over: do not start it yourself.
 */
export function toDuplex(stream: DuplexSource, options: DuplexOptions = {}): Duplex {
  return new StreamDuplex(stream, options);
}

class StreamDuplex extends Duplex {
  readonly #stream: DuplexSource;
  /** Takes the result of the write that waits for the stream to drain. */
  #onWritten: ((error?: Error) => void) | undefined;
  #failure: (() => void) | undefined;
  readonly #lost = new LossWatch((error) => this.#onLoss(error));
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
      onData: (chunk) => this.#onData(chunk),
      onEnd: (error) => this.#onEnd(error),
      onDrain: () => this.#drained(),
    });
    void stream.finished.then((error) => this.#lost.sendingEnded(error));
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

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    const { loss } = this.#lost;
    // Later, because a source that writes on from its callback would never let another event through.
    if (loss !== undefined) process.nextTick(done, lostError(loss));
    else if (this.#stream.write(chunk)) done();
    else {
      this.#onWritten = done;
      this.#writeDeadline.arm();
    }
  }

  /** `finish` waits until the FIN has left: a user who closes the session at `finish` loses nothing. */
  override _final(done: (error?: Error) => void): void {
    // As a socket: all writes were taken before it was lost, and there is nobody to tell the end.
    if (this.#lost.loss !== undefined) {
      done();
      return;
    }
    this.#stream.end();
    // The `onEnd` of a lost stream comes before the next tick, and destroys us first.
    void this.#stream.finished.then((error) =>
      process.nextTick(() => done(error && lostError(error))),
    );
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#readDeadline.clear();
    this.#writeDeadline.clear();
    this.#abort?.release();
    this.#letGo(error);
    // Node leaves the callback of a write that is under way to us.
    this.#written(error ?? yamuxError("stream-closed", "destroyed during a write"));
    done(error);
  }

  #letGo(error: Error | null): void {
    const isWhole = isOrderly(error) && this.readableLength === 0;
    if (isWhole && this.#lost.isPeerEnded && this.writableLength === 0) this.#stream.end();
    // What waits in the stream, or comes later, is for nobody: see `#onData`.
    else if (isWhole && this.writableFinished) this.#stream.resume();
    else this.#stream.destroy(error ?? undefined);
  }

  #onData(chunk: Uint8Array): void {
    if (this.destroyed) {
      this.#stream.destroy();
      return;
    }
    this.#readDeadline.clear();
    if (!this.push(Buffer.from(chunk))) this.#stream.pause();
  }

  #onEnd(error: Error | undefined): void {
    this.#readDeadline.clear();
    if (this.destroyed) return;
    if (error !== undefined) {
      this.#fail(error);
      return;
    }
    this.push(null);
    this.#lost.peerEnded();
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

  /** The peer's end has come, and now our half is lost: an error only for one who writes, now or later. */
  #onLoss(error: Error): void {
    if (isOwnClose(error) || isOwnClose(error.cause)) this.destroy();
    else if (this.#onWritten !== undefined) this.#written(lostError(error));
    else if (!isShutdown(error) && !isShutdown(error.cause)) return;
    else if (this.readableEnded) this.#closeIfIdle();
    else this.once("end", () => this.#closeIfIdle());
  }

  /** The session is over: nothing can happen to this stream any more. */
  #closeIfIdle(): void {
    if (!this.writableEnded && this.writableLength === 0) this.destroy();
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
    const { loss, sendError } = this.#lost;
    // A lost stream takes every write, and drops it.
    if (sendError === undefined) this.#written();
    else if (loss === undefined && !isOwnClose(sendError)) this.#written(sendError);
  }

  #written(error?: Error): void {
    this.#writeDeadline.clear();
    const done = this.#onWritten;
    this.#onWritten = undefined;
    done?.(error);
  }
}

/**
 * Whether the user has had enough, and nothing failed. Node destroys with an AbortError of its own in place of no error,
 * at the end of `for await` for instance. The one of a signal has a cause.
 */
const isOrderly = (error: Error | null): boolean =>
  error === null || (error.name === "AbortError" && error.cause === undefined);

const isShutdown = (error: unknown): error is MuxError =>
  isMuxError(error) && error.code === "session-shutdown";

/** Our own `Session.close` destroys a Duplex too early, but without an error. */
const isOwnClose = (error: unknown): boolean => isShutdown(error) && error.cause === undefined;
