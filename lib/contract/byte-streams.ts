import { Readable, Writable } from "node:stream";
import type { DuplexSource } from "../../mux/duplex.js";
import { MuxError } from "../../mux/errors.js";

/*
 * A lent reader or writer on a two-way stream. Who reads has nothing to say but one thing: its half
 * closes when it wants no more. Go's `conn.Close()` says the same, so a Go program that hangs up early
 * stops the sender here, too [BROKER-11].
 *
 * Both faces swallow an `error` event that nobody listens to: the peer can end a stream at any time,
 * also one that lies about unread, and must not end our process with it. Whoever reads, writes or
 * waits is told.
 */

/** The side that reads. Read to the end it closes its half; destroyed before, it resets the stream. */
export class IncomingBytes extends Readable {
  readonly #conn: DuplexSource;
  #failure: Error | undefined;

  constructor(conn: DuplexSource) {
    // What waits for the reader stays in the stream, where its window counts.
    super({ highWaterMark: 0 });
    this.on("error", () => {});
    this.#conn = conn;
    conn.pause();
    conn.start({
      onData: (chunk) => {
        if (!this.push(Buffer.from(chunk))) conn.pause();
      },
      onEnd: (error) => {
        if (error === undefined) this.push(null);
        else this.#fail(error);
      },
    });
  }

  override _read(): void {
    if (this.#failure === undefined) this.#conn.resume();
    // The chunk that is just being taken counts as read only after this turn.
    else process.nextTick(() => this.destroy(this.#failure));
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.readableEnded) this.#conn.end();
    else this.#conn.destroy(error ?? undefined);
    done(error);
  }

  /** What arrived before the failure is read first: `destroy` would drop it. */
  #fail(error: Error): void {
    this.#failure = error;
    if (this.readableLength === 0) this.destroy(error);
  }
}

/** The side that writes. `finish` says that all of it, and the end, are with the connection. */
export class OutgoingBytes extends Writable {
  readonly #conn: DuplexSource;
  #onDrain: (() => void) | undefined;
  /** Our end is out, or the stream is lost. */
  #isOver = false;

  constructor(conn: DuplexSource) {
    super();
    this.on("error", () => {});
    this.#conn = conn;
    conn.start({
      onData: () => {},
      onEnd: (error) => {
        if (error !== undefined) this.destroy(error);
        else if (!this.#isOver) this.destroy(hungUp());
      },
      onDrain: () => this.#drained(),
    });
    void conn.finished.then(() => {
      this.#isOver = true;
    });
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    // A lost stream takes everything, and `onEnd` comes with the next tick: a source that never lets
    // go of the microtasks would put it off for ever.
    if (!this.#isOver && this.#conn.write(chunk)) done();
    else this.#onDrain = done;
  }

  override _final(done: () => void): void {
    this.#conn.end();
    // A lost stream counts as finished, too: then `onEnd` tells why before the next tick.
    void this.#conn.finished.then(() => process.nextTick(done));
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.writableFinished) this.#conn.destroy(error ?? undefined);
    done(error);
  }

  #drained(): void {
    const done = this.#onDrain;
    this.#onDrain = undefined;
    done?.();
  }
}

const hungUp = (): MuxError =>
  new MuxError("eof", "broker: EOF before the end of the bytes, the peer closed the stream", {
    remote: true,
  });
