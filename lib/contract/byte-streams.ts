/**
 * Bytes that travel one way, on a two-way stream: Node's Readable and Writable for the two ends [BROKER-11].
 *
 * The reading end sends nothing. Only the end of its half has a meaning: it wants no more bytes. Go's `conn.Close()`
 * ends the half too, so a Go program that closes early stops the sender here.
 *
 * Both classes listen for their own `error`. The peer can end a stream at any time, even one that the user has
 * not touched yet, and Node ends the process on an `error` without a listener. Reads, writes and `finished`
 * still get the error.
 */
import { Readable, Writable } from "node:stream";
import type { DuplexSource } from "../../mux/duplex.js";
import { MuxError } from "../../mux/errors.js";

/** The reading end. After the last byte it closes its half. Destroyed before that, it resets the stream. */
export class IncomingBytes extends Readable {
  readonly #conn: DuplexSource;
  #failure: Error | undefined;
  #byteCount = 0;

  constructor(conn: DuplexSource) {
    // What waits for the reader stays in the stream, where its window counts it.
    super({ highWaterMark: 0 });
    this.on("error", () => {});
    this.#conn = conn;
    conn.pause();
    conn.start({
      onData: (chunk) => {
        this.#byteCount += chunk.length;
        if (!this.push(Buffer.from(chunk))) conn.pause();
      },
      onEnd: (error) => {
        if (error === undefined) this.push(null);
        else this.#fail(error);
      },
    });
  }

  /** How many bytes have come so far. */
  get byteCount(): number {
    return this.#byteCount;
  }

  override _read(): void {
    if (this.#failure === undefined) this.#conn.resume();
    // Node counts the chunk that is being taken as read only after this turn, and `destroy` would drop it.
    else process.nextTick(() => this.destroy(this.#failure));
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.readableEnded) this.#conn.end();
    else this.#conn.destroy(error ?? undefined);
    done(error);
  }

  /** The reader gets what arrived before the failure first: `destroy` would drop it. */
  #fail(error: Error): void {
    this.#failure = error;
    if (this.readableLength === 0) this.destroy(error);
  }
}

/** The writing end. `finish` means that the connection has taken all bytes and the end. */
export class OutgoingBytes extends Writable {
  readonly #conn: DuplexSource;
  #onDrain: ((error?: Error) => void) | undefined;
  /** Our end is sent, or the stream is lost. */
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

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    // A lost stream accepts every write, and its `onEnd` comes on the next tick. A source that writes on from
    // microtasks would delay that tick for ever, so it must wait here.
    if (!this.#isOver && this.#conn.write(chunk)) done();
    else this.#onDrain = done;
  }

  override _final(done: (error?: Error) => void): void {
    this.#conn.end();
    // The `onEnd` of a lost stream comes before the next tick, and destroys us first.
    void this.#conn.finished.then((error) => process.nextTick(() => done(error)));
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.writableFinished) this.#conn.destroy(error ?? undefined);
    // Node leaves the callback of a write that is under way to us.
    this.#drained(error ?? givenUp());
    done(error);
  }

  #drained(error?: Error): void {
    const done = this.#onDrain;
    this.#onDrain = undefined;
    done?.(error);
  }
}

const givenUp = (): MuxError =>
  new MuxError("stream-closed", "broker: the stream was given up before its end");

const hungUp = (): MuxError =>
  new MuxError("eof", "broker: EOF before the end of the bytes, the peer closed the stream", {
    remote: true,
  });
