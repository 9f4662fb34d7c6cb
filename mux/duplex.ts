/** Node's and the web's streams on top of the stream core [YAMUX-53], and a Node Duplex below a session. */

import { Duplex } from "node:stream";
import type { ByteConn, ConnHandler } from "../protocol/bytes/conn.js";
import { Deadline } from "./deadline.js";
import { isMuxError, yamuxError } from "./errors.js";
import type { Stream } from "./stream.js";
import type { Transport } from "./transport.js";

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
  readonly #signal: AbortSignal | undefined;

  constructor(stream: DuplexSource, options: DuplexOptions) {
    // What waits for the reader stays in the stream, where the window counts it, and survives an error.
    super({ readableHighWaterMark: 0, allowHalfOpen: true, emitClose: true });
    this.#stream = stream;
    this.#readDeadline = this.#deadline(options.readTimeoutMs, "no bytes arrived");
    this.#writeDeadline = this.#deadline(options.writeTimeoutMs, "the peer took no bytes");
    this.#signal = options.signal;
    if (this.#signal?.aborted) process.nextTick(this.#onAbort);
    this.#signal?.addEventListener("abort", this.#onAbort, { once: true });
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
    this.#signal?.removeEventListener("abort", this.#onAbort);
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

  readonly #onAbort = (): void => {
    this.destroy(yamuxError("aborted", "stream", { cause: this.#signal?.reason }));
  };

  #drained(): void {
    this.#writeDeadline.clear();
    const done = this.#onDrain;
    this.#onDrain = undefined;
    done?.();
  }
}

/**
 * Notices that a stream was lost after the peer's FIN: `onEnd` has come and tells no more, but sending
 * ended before we ended it.
 */
class LossWatch {
  readonly #hasEnded: () => boolean;
  readonly #onLost: () => void;
  #isPeerEnded = false;
  #isSendingEnded = false;

  constructor(hasEnded: () => boolean, onLost: () => void) {
    this.#hasEnded = hasEnded;
    this.#onLost = onLost;
  }

  get isLost(): boolean {
    return this.#isPeerEnded && this.#isSendingEnded && !this.#hasEnded();
  }

  peerEnded(): void {
    this.#isPeerEnded = true;
    this.#tell();
  }

  sendingEnded(): void {
    this.#isSendingEnded = true;
    this.#tell();
  }

  #tell(): void {
    if (this.isLost) process.nextTick(this.#onLost);
  }
}

const lostError = () => yamuxError("stream-closed", "it ended while it was still written to");

/** Our own end of the session is no error of the stream; it closes before its time all the same. */
const isOwnClose = (error: Error): boolean =>
  isMuxError(error) && error.code === "session-shutdown" && error.cause === undefined;

/** The two halves of `stream` as web streams; cancelling or aborting one resets the stream. */
export function toWeb(stream: Stream): {
  readable: ReadableStream<Uint8Array>;
  writable: WritableStream<Uint8Array>;
} {
  let reader!: ReadableStreamDefaultController<Uint8Array>;
  let writer!: WritableStreamDefaultController;
  let onDrain: (() => void) | undefined;
  let isEnded = false;
  const readable = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        reader = controller;
      },
      pull: () => stream.resume(),
      cancel: (reason) => stream.destroy(asError(reason)),
    },
    { highWaterMark: 0 },
  );
  const writable = new WritableStream<Uint8Array>({
    start: (controller) => {
      writer = controller;
    },
    write: (chunk) => {
      if (stream.write(chunk)) return;
      return new Promise((resolve) => {
        onDrain = resolve;
      });
    },
    close: () => {
      isEnded = true;
      stream.end();
      return stream.finished;
    },
    abort: (reason) => stream.destroy(asError(reason)),
  });
  const lost = new LossWatch(
    () => isEnded,
    () => writer.error(lostError()),
  );
  void stream.finished.then(() => lost.sendingEnded());
  stream.pause();
  stream.start({
    onData: (chunk) => {
      // A copy: the chunk is borrowed, and a Buffer's own slice would be a view.
      reader.enqueue(new Uint8Array(chunk));
      if ((reader.desiredSize ?? 0) <= 0) stream.pause();
    },
    onEnd: (error) => {
      if (error === undefined) {
        reader.close();
        lost.peerEnded();
        return;
      }
      reader.error(error);
      writer.error(error);
    },
    onDrain: () => onDrain?.(),
  });
  return { readable, writable };
}

const asError = (reason: unknown): Error | undefined =>
  reason instanceof Error ? reason : undefined;

export interface FromDuplexOptions {
  /**
   * Whether a chunk is not looked at any more when its write has called back, so that its memory can be
   * used again. True of Node's sockets; a Duplex in general may have handed the chunk on. Default false.
   */
  readonly releasesChunks?: boolean;
}

/**
 * Any Node duplex (a socket, TLS, a pair in memory) as the connection below a session. The session ends
 * it and destroys it.
 */
export function fromDuplex(duplex: Duplex, options: FromDuplexOptions = {}): Transport {
  return new DuplexTransport(duplex, options.releasesChunks === true);
}

class DuplexTransport implements Transport {
  readonly #duplex: Duplex;
  readonly #releasesChunks: boolean;
  #sink: ConnHandler | undefined;
  #error: Error | undefined;
  #isEnded = false;

  constructor(duplex: Duplex, releasesChunks: boolean) {
    this.#duplex = duplex;
    this.#releasesChunks = releasesChunks;
    // From now on: an error before start, or after the end, must not be an uncaught one.
    duplex.on("error", (error: Error) => {
      this.#error ??= error;
    });
    duplex.on("close", () => this.#end(this.#error));
    duplex.on("end", () => this.#end(undefined));
    duplex.on("drain", () => this.#sink?.onDrain?.());
  }

  start(sink: ConnHandler): void {
    this.#sink = sink;
    if (this.#duplex.destroyed || this.#duplex.readableEnded) {
      this.#isEnded = false;
      process.nextTick(() => this.#end(this.#error ?? this.#duplex.errored ?? undefined));
      return;
    }
    this.#duplex.on("data", (chunk: Uint8Array) => sink.onData(chunk));
    // Sockets may come paused.
    this.#duplex.resume();
  }

  write(chunk: Uint8Array, onSent?: () => void): boolean {
    if (this.#duplex.destroyed || this.#duplex.writableEnded) return true;
    if (onSent === undefined || !this.#releasesChunks) return this.#duplex.write(chunk);
    return this.#duplex.write(chunk, (error) => error ?? onSent());
  }

  cork(): void {
    this.#duplex.cork();
  }

  uncork(): void {
    this.#duplex.uncork();
  }

  pause(): void {
    this.#duplex.pause();
  }

  resume(): void {
    this.#duplex.resume();
  }

  end(): void {
    this.#duplex.end();
  }

  destroy(): void {
    this.#duplex.destroy();
  }

  /** `end`, `error` and `close` may all come; the first to come counts. */
  #end(error: Error | undefined): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#sink?.onEnd(error);
  }
}
