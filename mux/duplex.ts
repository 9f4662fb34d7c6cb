/** A Node Duplex on top of a stream [YAMUX-53]. */

import { Duplex } from "node:stream";
import { Bound } from "../protocol/async/wait.js";
import type { ByteConn } from "../protocol/bytes/conn.js";
import { Deadline } from "./deadline.js";
import { isMuxError, yamuxError } from "./errors.js";
import { LossWatch, lostError } from "./loss-watch.js";
import type { Stream } from "./stream.js";

/** What a Duplex is made of: a {@link Stream}, or what will be one. */
export type DuplexSource = ByteConn & Pick<Stream, "finished">;

/** Limits on what a Duplex waits for; each ends the whole stream with a reset. */
export interface DuplexOptions {
  /** Destroys the Duplex with code `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds a reader may wait for bytes; then code `timeout`. Default: no limit. */
  readonly readTimeoutMs?: number | undefined;
  /** Milliseconds a writer may wait for the peer to take bytes; then code `timeout`. Default: no limit. */
  readonly writeTimeoutMs?: number | undefined;
}

/**
 * A Node Duplex for `stream`, half-closed in both directions: `end()` sends FIN, the peer's FIN ends the
 * readable side. `finish` says that everything is with the connection; `destroy` resets the stream
 * unless both sides have ended. Errors are the MuxErrors of {@link Stream.start}. Takes the stream
 * over: do not start it yourself.
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
    // What waits for the reader stays in the stream, where the window counts it, and survives an error.
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
    // Before resuming: what is there already is given at once, and is not waited for.
    this.#readDeadline.arm();
    this.#stream.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    // Nothing can be sent any more; we are about to be destroyed.
    if (this.#lost.isLost) return;
    if (this.#stream.write(chunk)) {
      done();
      return;
    }
    this.#onDrain = done;
    this.#writeDeadline.arm();
  }

  /** `finish` waits for the FIN to leave: who closes the session then loses nothing. */
  override _final(done: () => void): void {
    this.#stream.end();
    // A lost stream counts as finished, too: then `onEnd` tells why before the next tick.
    void this.#stream.finished.then(() => process.nextTick(done));
  }

  /** Node destroys a Duplex whose both ends are through as well; that is no reset. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#readDeadline.clear();
    this.#writeDeadline.clear();
    this.#abort?.release();
    if (error || !this.readableEnded || !this.writableFinished) {
      this.#stream.destroy(error ?? undefined);
    }
    done(error);
  }

  /** Destroying drops what is not read yet, at most one chunk here: that is waited for. */
  #fail(error: Error): void {
    this.#failure = () => this.destroy(isOwnClose(error) ? undefined : error);
    if (this.readableLength === 0) this.#failure();
  }

  #deadline(ms: number | undefined, what: string): Deadline {
    return new Deadline(ms, () => this.destroy(yamuxError("timeout", `${what} within ${ms} ms`)));
  }

  #abortBy(signal: AbortSignal): Bound {
    const onAbort = (): void => {
      this.destroy(yamuxError("aborted", "stream", { cause: signal.reason }));
    };
    // A Bound does not notice that it fired before.
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

/** Our own end of the session is no error of the stream; it closes before its time all the same. */
const isOwnClose = (error: Error): boolean =>
  isMuxError(error) && error.code === "session-shutdown" && error.cause === undefined;
