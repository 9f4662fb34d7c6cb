/** What a stream received and nobody took yet, and the sink that takes it. */

import type { ConnHandler } from "../protocol/bytes/conn.js";
import { ByteQueue } from "../protocol/bytes/queue.js";
import { reportThrown } from "./report-thrown.js";

/** What the sink is told last. */
interface End {
  readonly error: Error | undefined;
}

/**
 * Delivers to the sink at once while there is one that is not paused, and keeps a copy otherwise. The
 * receive window, checked before, bounds what is kept [YAMUX-24].
 */
export class ReceiveHalf {
  readonly #queue = new ByteQueue();
  /** Called with the bytes taken by the consumer; credit is due for them [YAMUX-23]. */
  readonly #onConsumed: (byteLength: number) => void;
  /** A consumer threw. */
  readonly #onThrow: (error: unknown) => void;
  #sink: ConnHandler | undefined;
  #isPaused = false;
  #isDelivering = false;
  #end: End | undefined;
  #isEndTold = false;
  #isAborted = false;
  /** Told of every arrival before there is a sink. */
  #onArrival: (() => void) | undefined;

  constructor(onConsumed: (byteLength: number) => void, onThrow: (error: unknown) => void) {
    this.#onConsumed = onConsumed;
    this.#onThrow = onThrow;
  }

  get sink(): ConnHandler | undefined {
    return this.#sink;
  }

  get buffered(): number {
    return this.#queue.byteLength;
  }

  /** Set once nothing more will arrive. */
  get end(): End | undefined {
    return this.#end;
  }

  /** Delivers what is kept before it returns, the end included. */
  start(sink: ConnHandler): void {
    if (this.#sink !== undefined) throw new Error("yamux: the stream has a sink already");
    this.#onArrival = undefined;
    this.#sink = sink;
    this.#deliver();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#deliver();
  }

  /** Takes the first bytes ahead of any sink; undefined until that many arrived. */
  take(byteLength: number): Uint8Array | undefined {
    const bytes = this.#queue.take(byteLength);
    if (bytes !== undefined) this.#onConsumed(byteLength);
    return bytes;
  }

  /** `listener` replaces the one before; undefined removes it. */
  watch(listener: (() => void) | undefined): void {
    this.#onArrival = listener;
  }

  /** A piece of a body; borrowed. */
  receive(piece: Uint8Array): void {
    const isFlowing = this.#sink !== undefined && !this.#isPaused && this.#queue.byteLength === 0;
    if (this.#end !== undefined) this.#onConsumed(piece.length);
    else if (isFlowing) this.#give(piece);
    else {
      this.#queue.pushCopy(piece);
      this.#onArrival?.();
    }
  }

  /** Nothing more will come; the sink is told after what is kept. */
  finish(error: Error | undefined): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    this.#onArrival?.();
    this.#deliver();
  }

  /** Drops what is kept and tells the sink, paused or not, once the caller is done. */
  abort(error: Error): void {
    this.#queue.clear();
    if (this.#isAborted) return;
    this.#isAborted = true;
    if (this.#isEndTold) return;
    this.#end = { error };
    this.#onArrival?.();
    process.nextTick(() => this.#tellEnd());
  }

  /**
   * A sink that calls resume from onData finds the loop running already. The end is told to a paused
   * sink too, once nothing is kept: who only writes must learn of it.
   */
  #deliver(): void {
    if (this.#sink === undefined || this.#isDelivering) return;
    this.#isDelivering = true;
    while (!this.#isPaused) {
      const piece = this.#queue.shift();
      if (piece === undefined) break;
      this.#give(piece);
    }
    this.#isDelivering = false;
    if (this.#end !== undefined && this.#queue.byteLength === 0) this.#tellEnd();
  }

  /** Given is consumed: a sink that cannot keep up pauses, and gets no second piece. */
  #give(piece: Uint8Array): void {
    try {
      this.#sink?.onData(piece);
    } catch (error) {
      this.#onThrow(error);
    }
    this.#onConsumed(piece.length);
  }

  #tellEnd(): void {
    if (this.#isEndTold || this.#sink === undefined) return;
    this.#isEndTold = true;
    try {
      this.#sink.onEnd(this.#end?.error);
    } catch (error) {
      reportThrown(error);
    }
  }
}
