/** Finds out that a stream was lost when `onEnd` can no longer tell it. */

import { type MuxError, yamuxError } from "./errors.js";

/**
 * After the peer's FIN `onEnd` has been called and is not called again. A reset after that shows only in
 * `finished`: sending ended, and it was not the writer who ended it.
 */
export class LossWatch {
  /** Whether the writer has ended its side. */
  readonly #hasEnded: () => boolean;
  /** Called once, on the next tick. */
  readonly #onLost: () => void;
  #isPeerEnded = false;
  #isSendingEnded = false;

  constructor(hasEnded: () => boolean, onLost: () => void) {
    this.#hasEnded = hasEnded;
    this.#onLost = onLost;
  }

  get isLost(): boolean {
    return this.#isPeerEnded && this.#isSendingEnded && !this.#hasEnded();
  }

  /** The peer's FIN was delivered. */
  peerEnded(): void {
    this.#isPeerEnded = true;
    this.#tell();
  }

  /** The stream's `finished` resolved. */
  sendingEnded(): void {
    this.#isSendingEnded = true;
    this.#tell();
  }

  #tell(): void {
    if (this.isLost) process.nextTick(this.#onLost);
  }
}

/** What the writer of a lost stream is told. */
export const lostError = (): MuxError =>
  yamuxError("stream-closed", "it ended while it was still written to");
