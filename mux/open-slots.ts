/** The streams we opened that the peer has not confirmed: how many may be, and for how long [YAMUX-14]. */

import { type MuxError, yamuxError } from "./errors.js";
import type { Stream } from "./stream.js";
import { throwIfAborted, type WaitOptions } from "./wait.js";
import { WaitQueue } from "./wait-queue.js";

/** Go's bounds: no id from 0xFFFFFFFE on is given out [YAMUX-4]. */
const ID_LIMIT = 0xffff_fffe;

/** The ids of one side: odd for the client, even for the server, never one twice [YAMUX-4]. */
export class StreamIds {
  #next: number;

  constructor(first: number) {
    this.#next = first;
  }

  /** Skips ids that a peer without manners took from our side. Undefined when none is left. */
  take(isTaken: (id: number) => boolean): number | undefined {
    while (isTaken(this.#next)) this.#next += 2;
    if (this.#next >= ID_LIMIT) return undefined;
    const id = this.#next;
    this.#next += 2;
    return id;
  }
}

export interface OpenSlotsOptions {
  /** Unconfirmed opens at a time. */
  readonly limit: number;
  /** 0: no limit. */
  readonly timeoutMs: number;
  /** Makes the stream; throws when it cannot. */
  readonly open: () => Stream;
  readonly onTimeout: (streamId: number) => void;
}

export class OpenSlots {
  readonly #options: OpenSlotsOptions;
  /** By stream id, with the timer that runs until there is a sign of the peer. */
  readonly #pending = new Map<number, NodeJS.Timeout | undefined>();
  readonly #waits = new WaitQueue<Stream>();

  constructor(options: OpenSlotsOptions) {
    this.#options = options;
  }

  /** Opens at once if there is a slot, else when there is one. */
  async open(options: WaitOptions): Promise<Stream> {
    const { limit, open } = this.#options;
    const what = `opening a stream while ${limit} opens are not acknowledged`;
    throwIfAborted(options, what);
    if (this.#pending.size < limit) return open();
    return this.#waits.join(options, (code, cause) => yamuxError(code, what, { cause }));
  }

  add(id: number): void {
    const { timeoutMs, onTimeout } = this.#options;
    const timer = timeoutMs > 0 ? setTimeout(() => onTimeout(id), timeoutMs).unref() : undefined;
    this.#pending.set(id, timer);
  }

  /** The peer is alive, or we closed: the time no longer counts, the slot does. */
  stopTimer(id: number): void {
    const timer = this.#pending.get(id);
    if (timer === undefined) return;
    clearTimeout(timer);
    this.#pending.set(id, undefined);
  }

  /** Confirmed or over. Streams of the peer have no slot: nothing happens for them. */
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

  /** Nobody gets a slot any more. */
  fail(error: () => MuxError): void {
    this.#waits.fail(error);
  }

  /** Forgets everything and stops all timers. */
  stop(error: () => MuxError): void {
    this.fail(error);
    for (const timer of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
  }
}
