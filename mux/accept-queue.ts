/** The streams of the peer that nobody took yet, or the waits for such a stream [YAMUX-12]. */

import { type MuxError, yamuxError } from "./errors.js";
import { reportThrown } from "./report-thrown.js";
import type { Stream } from "./stream.js";
import type { StreamCore } from "./stream-core.js";
import { throwIfAborted, type WaitOptions } from "./wait.js";
import { WaitQueue } from "./wait-queue.js";

/**
 * Called with a stream of the peer, synchronously, while the frame that opened it is handled. The data of
 * the stream comes later.
 */
export type StreamHandler = (stream: Stream) => void;

/** Confirms each stream of the peer when it is taken, by {@link take} or by the handler. */
export class AcceptQueue {
  readonly #limit: number;
  /** Streams and waits never queue at the same time: the next stream goes to the first wait. */
  readonly #streams: StreamCore[] = [];
  readonly #waits = new WaitQueue<Stream>();
  #handler: StreamHandler | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes every stream of the peer, in place of {@link take}. */
  get handler(): StreamHandler | undefined {
    return this.#handler;
  }

  /** A new handler gets the streams that are queued, in order. */
  set handler(handler: StreamHandler | undefined) {
    this.#handler = handler;
    if (handler === undefined) return;
    for (const stream of this.#streams.splice(0)) this.#handTo(handler, stream);
  }

  /** Whether another stream would have to be refused [YAMUX-15]. */
  get isFull(): boolean {
    return this.#streams.length >= this.#limit;
  }

  /**
   * A stream of the peer. It goes to the longest wait, else to the handler, else into the queue. The flags
   * of its first frame are applied before: the peer may have ended it already.
   */
  offer(stream: StreamCore): void {
    const wait = this.#waits.shift();
    if (wait !== undefined) {
      stream.sendAck(true);
      wait.resolve(stream);
    } else if (this.#handler !== undefined) this.#handTo(this.#handler, stream);
    else {
      stream.sendAckLater();
      this.#streams.push(stream);
    }
  }

  /** Queued streams can still be taken after the session's end; then `ended` says why no more come. */
  async take(options: WaitOptions, ended: () => MuxError | undefined): Promise<Stream> {
    const what = "waiting for a stream of the peer";
    throwIfAborted(options, what);
    const stream = this.#streams.shift();
    if (stream !== undefined) {
      stream.sendAck(true);
      return stream;
    }
    const error = ended();
    if (error !== undefined) throw error;
    return this.#waits.join(options, (code, cause) => yamuxError(code, what, { cause }));
  }

  /** The session ended: no more streams come. */
  fail(error: MuxError): void {
    this.#waits.fail(() => error);
  }

  /** Grants no extra credit yet: a handler may take any number of streams before it reads from one. */
  #handTo(handler: StreamHandler, stream: StreamCore): void {
    stream.sendAck(false);
    try {
      handler(stream);
    } catch (error) {
      stream.destroy();
      reportThrown(error);
    }
  }
}
