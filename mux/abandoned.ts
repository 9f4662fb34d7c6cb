/** The streams that we gave up, and whose reset has to wait [YAMUX-55] [YAMUX-57]. */

import { Timer } from "../protocol/async/timer.js";
import { FLAG } from "./frame.js";

/** What {@link AbandonedStreams} needs of its table. */
export interface AbandonedStreamsOptions {
  /** How long a stream may stay here. 0: no limit. */
  readonly timeoutMs: number;
  /** The peer took the stream out of its queue. */
  readonly onTaken: (streamId: number) => void;
  /** The wait is over, or its time. `needsReset`: the peer still has the stream. */
  readonly onDone: (streamId: number, needsReset: boolean) => void;
}

interface Abandoned {
  /** Whether our FIN was sent before. */
  readonly hasFin: boolean;
  readonly timer: Timer | undefined;
}

/**
 * Such a stream is over for its user. The peer may still have it in the queue of streams to be accepted. Go keeps a
 * stream there after a reset too, and does not tell when it takes it out: thus the reset waits until the peer has
 * answered. Or the peer may have ended and forgotten a stream that we ended: thus the reset waits for a ping.
 */
export class AbandonedStreams {
  readonly #options: AbandonedStreamsOptions;
  readonly #streams = new Map<number, Abandoned>();
  /** Those that the peer has in its queue with our FIN. Go sends no ACK for them. */
  readonly #silent = new Set<number>();

  constructor(options: AbandonedStreamsOptions) {
    this.#options = options;
  }

  has(streamId: number): boolean {
    return this.#streams.has(streamId);
  }

  /** @param isQueued - the peer may have it in its queue. */
  add(streamId: number, { hasFin, isQueued }: { hasFin: boolean; isQueued: boolean }): void {
    const { timeoutMs } = this.#options;
    const onLate = (): void => this.#done(streamId, true);
    const timer = timeoutMs > 0 ? new Timer(timeoutMs, onLate, false) : undefined;
    this.#streams.set(streamId, { hasFin, timer });
    if (hasFin && isQueued) this.#silent.add(streamId);
  }

  /** A frame of the peer; false if it is for another stream. Any frame shows that the peer has taken this one. */
  receive(streamId: number, flags: number): boolean {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return false;
    const isOver = (flags & FLAG.RST) !== 0 || (stream.hasFin && (flags & FLAG.FIN) !== 0);
    this.#done(streamId, !isOver);
    return true;
  }

  /** The peer took this stream of ours, and before it all that we opened before: Go's queue keeps the order. */
  tookUpTo(streamId: number): void {
    for (const id of this.#silent) {
      if (id > streamId) continue;
      this.#silent.delete(id);
      this.#options.onTaken(id);
    }
  }

  /** The peer answered a ping, and had not ended the stream before: it still has it. */
  answered(streamId: number): void {
    this.#done(streamId, true);
  }

  /** The session ended. */
  stop(): void {
    for (const { timer } of this.#streams.values()) timer?.clear();
    this.#streams.clear();
    this.#silent.clear();
  }

  #done(streamId: number, needsReset: boolean): void {
    this.#streams.get(streamId)?.timer?.clear();
    if (!this.#streams.delete(streamId)) return;
    this.#silent.delete(streamId);
    this.#options.onDone(streamId, needsReset);
  }
}
