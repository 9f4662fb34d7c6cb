/** The arithmetic of the two windows of a stream; no input or output [YAMUX-20]. */

import { INITIAL_WINDOW_BYTES } from "./frame.js";

const MAX_CREDIT_BYTES = 2 ** 32 - 1;

/** What we may still send. */
export class SendWindow {
  #bytes = INITIAL_WINDOW_BYTES;

  get bytes(): number {
    return this.#bytes;
  }

  take(byteLength: number): void {
    this.#bytes -= byteLength;
  }

  /** A peer that grants past 2^32 gains nothing; Go would wrap to a small window [YAMUX-25]. */
  grant(byteLength: number): void {
    this.#bytes = Math.min(this.#bytes + byteLength, MAX_CREDIT_BYTES);
  }
}

/** What the peer may still send, and when to let it send more. */
export class RecvWindow {
  readonly #max: number;
  #remaining = INITIAL_WINDOW_BYTES;
  #buffered = 0;

  constructor(maxBytes: number) {
    this.#max = maxBytes;
  }

  get remaining(): number {
    return this.#remaining;
  }

  /** Takes a Data header into account: false if the peer may not send that much [YAMUX-22]. */
  receive(byteLength: number): boolean {
    if (byteLength > this.#remaining) return false;
    this.#remaining -= byteLength;
    this.#buffered += byteLength;
    return true;
  }

  /** Bytes left us: the consumer took them. */
  consume(byteLength: number): void {
    this.#buffered -= byteLength;
  }

  /** All the credit that can be given now; call when a frame with SYN or ACK is due anyway [YAMUX-11]. */
  grantAll(): number {
    const delta = this.#max - this.#buffered - this.#remaining;
    this.#remaining += delta;
    return delta;
  }

  /** The credit worth a frame of its own: half the window, else 0 [YAMUX-23]. */
  grantWhenDue(): number {
    const delta = this.#max - this.#buffered - this.#remaining;
    return delta >= this.#max / 2 ? this.grantAll() : 0;
  }
}
