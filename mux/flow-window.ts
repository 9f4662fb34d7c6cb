/** The arithmetic of the two windows of a stream; no input or output [YAMUX-20]. */

import { INITIAL_WINDOW_BYTES } from "./frame.js";

const MAX_CREDIT_BYTES = 2 ** 32 - 1;

/** What we may still send on a stream. */
export class SendWindow {
  #bytes = INITIAL_WINDOW_BYTES;

  get bytes(): number {
    return this.#bytes;
  }

  /** `byteLength` bytes were framed, at most {@link bytes}. */
  take(byteLength: number): void {
    this.#bytes -= byteLength;
  }

  /** The peer granted credit. The sum stops at 2^32-1; Go wraps around to a small window [YAMUX-25]. */
  grant(byteLength: number): void {
    this.#bytes = Math.min(this.#bytes + byteLength, MAX_CREDIT_BYTES);
  }
}

/** What the peer may still send on a stream, and when to grant it more. */
export class RecvWindow {
  readonly #max: number;
  /** What the peer may still send. */
  #remaining = INITIAL_WINDOW_BYTES;
  /** What it sent and the consumer did not take yet. */
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

  /** The consumer took that many bytes. */
  consume(byteLength: number): void {
    this.#buffered -= byteLength;
  }

  /** Grants all the credit that is possible now, for a frame with SYN or ACK, which is sent anyway [YAMUX-11]. */
  grantAll(): number {
    const delta = this.#max - this.#buffered - this.#remaining;
    this.#remaining += delta;
    return delta;
  }

  /** Grants the credit if it is worth a frame of its own, which is half the window; else 0 [YAMUX-23]. */
  grantWhenDue(): number {
    const delta = this.#max - this.#buffered - this.#remaining;
    return delta >= this.#max / 2 ? this.grantAll() : 0;
  }

  /** Whether the peer may soon have to wait for credit: three quarters of the window are used [YAMUX-56]. */
  get isLow(): boolean {
    return this.#remaining < this.#max / 4;
  }
}
