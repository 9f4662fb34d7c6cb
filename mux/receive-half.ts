/** What a stream received and nobody took yet, and the handler that takes it. */

import type { ConnHandler } from "../protocol/bytes/conn.js";
import { ByteQueue } from "../protocol/bytes/queue.js";
import { type DeliveryEvent, type DeliveryState, nextDelivery } from "./delivery-state.js";
import { reportThrown } from "./report-thrown.js";

/** Nothing more will arrive. The handler is told `error` last. */
interface End {
  /** After `finished` the handler gets what is kept first; after `aborted` nothing is kept. */
  readonly kind: "finished" | "aborted";
  readonly error: Error | undefined;
}

/** In the place of a handler, until there is one. */
const NO_HANDLER: ConnHandler = { onData: () => {}, onEnd: () => {} };

const NOTHING = (): void => {};

/**
 * Delivers to the handler at once while it is not paused, and keeps a copy otherwise. The receive window,
 * checked before, bounds what is kept [YAMUX-24].
 *
 * Two things vary independently: how far delivery is ({@link DeliveryState}), and whether more will arrive
 * ({@link End}).
 */
export class ReceiveHalf {
  readonly #kept = new ByteQueue();
  /** Called with the bytes taken by the consumer; credit is due for them [YAMUX-23]. */
  readonly #onConsumed: (byteLength: number) => void;
  /** The handler threw. */
  readonly #onThrow: (error: unknown) => void;
  #delivery: DeliveryState = "idle";
  /** Undefined as long as more may arrive. */
  #end: End | undefined;
  #handler = NO_HANDLER;
  /** While there is no handler: told that bytes arrived, or the end. */
  #onArrival = NOTHING;

  constructor(onConsumed: (byteLength: number) => void, onThrow: (error: unknown) => void) {
    this.#onConsumed = onConsumed;
    this.#onThrow = onThrow;
  }

  /** Does nothing until {@link start}. */
  get handler(): ConnHandler {
    return this.#handler;
  }

  /** Bytes that are kept. */
  get buffered(): number {
    return this.#kept.byteLength;
  }

  /** Set once nothing more will arrive. */
  get end(): End | undefined {
    return this.#end;
  }

  get #isIdle(): boolean {
    return this.#delivery === "idle" || this.#delivery === "idlePaused";
  }

  /** Delivers what is kept before it returns, the end included. */
  start(handler: ConnHandler): void {
    this.assertIdle();
    this.#onArrival = NOTHING;
    this.#handler = handler;
    this.#to("start");
    this.#catchUp();
  }

  pause(): void {
    this.#to("pause");
  }

  resume(): void {
    this.#to("resume");
    this.#catchUp();
  }

  /** Throws if there is a handler: then all bytes are the handler's. */
  assertIdle(): void {
    if (!this.#isIdle) throw new Error("yamux: the stream has a sink already");
  }

  /** Takes the first bytes ahead of the handler; undefined until that many arrived. */
  take(byteLength: number): Uint8Array | undefined {
    const bytes = this.#kept.take(byteLength);
    if (bytes !== undefined) this.#onConsumed(byteLength);
    return bytes;
  }

  /** `onArrival` replaces the one before and is called until {@link start}; undefined removes it. */
  watch(onArrival: (() => void) | undefined): void {
    this.#onArrival = onArrival ?? NOTHING;
  }

  /** A piece of a body; borrowed. */
  receive(piece: Uint8Array): void {
    if (this.#end !== undefined) this.#onConsumed(piece.length);
    else if (this.#delivery === "flowing") this.#give(piece);
    else {
      this.#kept.pushCopy(piece);
      this.#onArrival();
    }
  }

  /** Nothing more will come. The handler is told after what is kept. */
  finish(error: Error | undefined): void {
    if (this.#end !== undefined) return;
    this.#end = { kind: "finished", error };
    this.#onArrival();
    this.#tellEnd();
  }

  /** Drops what is kept and tells the handler, paused or not, on the next tick: the caller is done then. */
  abort(error: Error): void {
    this.#kept.clear();
    if (this.#end?.kind === "aborted" || this.#delivery === "over") return;
    this.#end = { kind: "aborted", error };
    this.#onArrival();
    process.nextTick(() => this.#tellEnd());
  }

  /** An event that the table lacks is a bug of ours. */
  #to(event: DeliveryEvent): void {
    const next = nextDelivery(this.#delivery, event);
    if (next === undefined)
      throw new Error(`yamux: ${event} of delivery that is ${this.#delivery}`);
    this.#delivery = next;
  }

  /** Gives what was kept, then the end if it has come. */
  #catchUp(): void {
    if (this.#delivery === "flowing" && this.#kept.byteLength > 0) this.#drain();
    this.#tellEnd();
  }

  #drain(): void {
    this.#to("drain");
    while (this.#delivery === "draining") {
      const piece = this.#kept.shift();
      if (piece === undefined) break;
      this.#give(piece);
    }
    this.#to("drained");
  }

  /** What was given counts as consumed: a handler that cannot keep up pauses, and gets no second piece. */
  #give(piece: Uint8Array): void {
    try {
      this.#handler.onData(piece);
    } catch (error) {
      this.#onThrow(error);
    }
    this.#onConsumed(piece.length);
  }

  /**
   * Once, when nothing is kept. A paused handler is told too: one that only writes must learn of the end.
   * While kept pieces are given it waits, because a handler gets one call at a time.
   */
  #tellEnd(): void {
    if (this.#end === undefined || this.#kept.byteLength > 0) return;
    if (this.#delivery !== "flowing" && this.#delivery !== "paused") return;
    this.#to("tellEnd");
    try {
      this.#handler.onEnd(this.#end.error);
    } catch (error) {
      reportThrown(error);
    }
  }
}
