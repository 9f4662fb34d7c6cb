import type { DuplexSource } from "../../mux/duplex.js";
import type { Stream } from "../../mux/stream.js";
import type { ConnHandler } from "../../protocol/bytes/conn.js";

/**
 * A stream that is still being dialled, usable at once: what is written waits for it. When the
 * dialling fails the sink learns why.
 */
export class DeferredConn implements DuplexSource {
  readonly #stream: Promise<Stream>;
  /** What was asked for before the stream was there, in order. */
  #waiting: ((stream: Stream) => void)[] | undefined = [];
  #open: Stream | undefined;
  #failure: Error | undefined;
  #sink: ConnHandler | undefined;

  constructor(stream: Promise<Stream>) {
    this.#stream = stream.then((open) => {
      this.#open = open;
      for (const act of this.#waiting ?? []) act(open);
      this.#waiting = undefined;
      return open;
    });
    this.#stream.catch((error: Error) => this.#fail(error));
  }

  get finished(): Promise<void> {
    return this.#stream.then(
      (stream) => stream.finished,
      () => {},
    );
  }

  start(sink: ConnHandler): void {
    this.#sink = sink;
    this.#do((stream) => stream.start(sink));
    if (this.#failure !== undefined) sink.onEnd(this.#failure);
  }
  write(chunk: Uint8Array): boolean {
    if (this.#open !== undefined) return this.#open.write(chunk);
    this.#do((stream) => {
      if (stream.write(chunk)) this.#sink?.onDrain?.();
    });
    // One write at a time until the stream is there, so that what waits is bounded by the writer.
    return false;
  }
  pause(): void {
    this.#do((stream) => stream.pause());
  }
  resume(): void {
    this.#do((stream) => stream.resume());
  }
  end(): void {
    this.#do((stream) => stream.end());
  }
  destroy(error?: Error): void {
    this.#do((stream) => stream.destroy(error));
  }

  #do(act: (stream: Stream) => void): void {
    if (this.#open !== undefined) act(this.#open);
    else this.#waiting?.push(act);
  }

  #fail(error: Error): void {
    this.#failure = error;
    this.#waiting = undefined;
    this.#sink?.onEnd(error);
  }
}
