/** The peer's streams that nobody took yet, or those who wait for one [YAMUX-12]. */

import { type MuxError, yamuxError } from "./errors.js";
import { reportThrown } from "./report-thrown.js";
import type { Stream } from "./stream.js";
import type { StreamCore } from "./stream-core.js";
import { throwIfAborted, type WaitOptions } from "./wait.js";
import { WaitQueue } from "./wait-queue.js";

/** Called synchronously, while the frame that opened the stream is handled; its data comes later. */
export type StreamHandler = (stream: Stream) => void;

export class AcceptQueue {
  readonly #limit: number;
  /** At most one of these two has members. */
  readonly #streams: StreamCore[] = [];
  readonly #waits = new WaitQueue<Stream>();
  #handler: StreamHandler | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get handler(): StreamHandler | undefined {
    return this.#handler;
  }

  /** A new handler takes over what waits, in order. */
  set handler(handler: StreamHandler | undefined) {
    this.#handler = handler;
    if (handler === undefined) return;
    for (const stream of this.#streams.splice(0)) this.#handTo(handler, stream);
  }

  /** Whether another stream would have to be refused [YAMUX-15]. */
  get isFull(): boolean {
    return this.#streams.length >= this.#limit;
  }

  /** A stream of the peer, its first flags applied: for who waits longest, the handler, or the queue. */
  offer(stream: StreamCore): void {
    const wait = this.#waits.shift();
    if (wait !== undefined) {
      stream.accept(true);
      wait.resolve(stream);
    } else if (this.#handler !== undefined) this.#handTo(this.#handler, stream);
    else {
      stream.acceptLater();
      this.#streams.push(stream);
    }
  }

  /** Streams that came before the end are handed out after it too; then `ended` says why none comes. */
  async take(options: WaitOptions, ended: () => MuxError | undefined): Promise<Stream> {
    const what = "waiting for a stream of the peer";
    throwIfAborted(options, what);
    const stream = this.#streams.shift();
    if (stream !== undefined) {
      stream.accept(true);
      return stream;
    }
    const error = ended();
    if (error !== undefined) throw error;
    return this.#waits.join(options, (code, cause) => yamuxError(code, what, { cause }));
  }

  /** No stream comes any more. */
  fail(error: MuxError): void {
    this.#waits.fail(() => error);
  }

  /** No extra credit yet: a handler may take any number of streams before it reads from them. */
  #handTo(handler: StreamHandler, stream: StreamCore): void {
    stream.accept(false);
    try {
      handler(stream);
    } catch (error) {
      stream.destroy();
      reportThrown(error);
    }
  }
}
