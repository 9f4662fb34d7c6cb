/** Limits the streams that we opened and the peer did not confirm: their number and their time [YAMUX-14]. */

import { Timer } from "../protocol/async/timer.js";
import { type MuxError, yamuxError } from "./errors.js";
import type { Stream } from "./stream.js";
import { throwIfAborted, type WaitOptions } from "./wait.js";
import { WaitQueue } from "./wait-queue.js";

/** As in Go, ids from here on are not given out [YAMUX-4]. */
const ID_LIMIT = 0xffff_fffe;

/** Gives out the ids of one side: odd for the client, even for the server, each id once [YAMUX-4]. */
export class StreamIds {
  #next: number;

  /** @param first - 1 for the client, 2 for the server. */
  constructor(first: number) {
    this.#next = first;
  }

  /** The next id; undefined when none is left. Skips ids of our side that the peer has wrongly used. */
  take(isTaken: (id: number) => boolean): number | undefined {
    while (isTaken(this.#next)) this.#next += 2;
    if (this.#next >= ID_LIMIT) return undefined;
    const id = this.#next;
    this.#next += 2;
    return id;
  }
}

/** What {@link OpenSlots} needs of its session. */
export interface OpenSlotsOptions {
  /** How many opens may be unconfirmed at a time. */
  readonly limit: number;
  /** How long an open may wait for a sign of the peer. 0: no limit. */
  readonly timeoutMs: number;
  /** Makes the stream and calls {@link OpenSlots.add}. Throws when there is no id left. */
  readonly open: () => Stream;
  /** No sign came in time. */
  readonly onTimeout: (streamId: number) => void;
}

/** One slot for each open from its SYN to the ACK, or to the end of the stream for both sides [YAMUX-55]. */
export class OpenSlots {
  readonly #options: OpenSlotsOptions;
  /** The timers by stream id. A timer runs until the peer confirms or ends the stream, or until we end it. */
  readonly #pending = new Map<number, Timer | undefined>();
  readonly #waits = new WaitQueue<Stream>();

  constructor(options: OpenSlotsOptions) {
    this.#options = options;
  }

  /** Opens at once if there is a slot, else when it is this call's turn. */
  async open(options: WaitOptions): Promise<Stream> {
    const { limit, open } = this.#options;
    const what = `opening a stream while ${limit} opens are not acknowledged`;
    throwIfAborted(options, what);
    if (this.#pending.size < limit) return open();
    return this.#waits.join(options, (code, cause) => yamuxError(code, what, { cause }));
  }

  /** Takes a slot for the stream `id`, whose SYN is about to be sent. */
  add(id: number): void {
    const { timeoutMs, onTimeout } = this.#options;
    const timer = timeoutMs > 0 ? new Timer(timeoutMs, () => onTimeout(id), false) : undefined;
    this.#pending.set(id, timer);
  }

  /** Whether this stream of ours has a slot. */
  has(id: number): boolean {
    return this.#pending.has(id);
  }

  /** One side ended its half: the time no longer counts. The slot stays taken until the ACK. */
  stopTimer(id: number): void {
    const timer = this.#pending.get(id);
    if (timer === undefined) return;
    timer.clear();
    this.#pending.set(id, undefined);
  }

  /** The stream is confirmed or over. Does nothing for streams without a slot, such as those of the peer. */
  release(id: number): void {
    this.stopTimer(id);
    if (!this.#pending.delete(id)) return;
    const wait = this.#waits.shift();
    if (wait === undefined) return;
    try {
      wait.resolve(this.#options.open());
    } catch (error) {
      wait.reject(error);
    }
  }

  /** The peer takes no more streams: ends the opens that wait for a slot. */
  fail(error: () => MuxError): void {
    this.#waits.fail(error);
  }

  /** The session ended: ends the opens that wait, and stops all timers. */
  stop(error: () => MuxError): void {
    this.fail(error);
    for (const timer of this.#pending.values()) timer?.clear();
    this.#pending.clear();
  }
}
