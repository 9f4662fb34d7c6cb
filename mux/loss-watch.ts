/** Finds out that a stream was lost when `onEnd` can no longer tell it. */

import { type MuxError, yamuxError } from "./errors.js";

/**
 * After the peer's FIN `onEnd` has been called and is not called again. A reset after that shows only in
 * `finished`: sending ended with an error.
 */
export class LossWatch {
  /** Called once, on the next tick. */
  readonly #onLost: (error: Error) => void;
  #isPeerEnded = false;
  #error: Error | undefined;

  constructor(onLost: (error: Error) => void) {
    this.#onLost = onLost;
  }

  /** Whether the peer's FIN was delivered. */
  get isPeerEnded(): boolean {
    return this.#isPeerEnded;
  }

  /** Why nothing can be sent any more, if `onEnd` cannot tell it. */
  get loss(): Error | undefined {
    return this.#isPeerEnded ? this.#error : undefined;
  }

  /** Why nothing can be sent any more. If the peer has not ended, `onEnd` tells it, too. */
  get sendError(): Error | undefined {
    return this.#error;
  }

  /** The peer's FIN was delivered. */
  peerEnded(): void {
    this.#isPeerEnded = true;
    this.#tell();
  }

  /** The stream's `finished` resolved. */
  sendingEnded(error: Error | undefined): void {
    this.#error = error;
    this.#tell();
  }

  #tell(): void {
    const { loss } = this;
    if (loss !== undefined) process.nextTick(() => this.#onLost(loss));
  }
}

/** What the writer of a lost stream is told. */
export const lostError = (cause: Error): MuxError =>
  yamuxError("stream-closed", "it ended while it was still written to", { cause });
