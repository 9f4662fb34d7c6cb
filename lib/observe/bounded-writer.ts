import type { Writable } from "node:stream";

/** What may wait for a slow reader of a plugin's output, in bytes; what comes on top is dropped. */
const MAX_WAITING_BYTES = 1024 * 1024;

/**
 * Passes a plugin's output on to a user's stream, which must hold up neither the plugin nor our memory:
 * a plugin whose output nobody takes stands still. A stream that fails or closes gets nothing more.
 */
export class BoundedWriter {
  readonly #to: Writable;
  readonly #onDropped: (bytes: number) => void;
  #isOpen = true;
  #droppedBytes = 0;

  /** @param onDropped - told once per gap, when the reader goes on, how much was lost. */
  constructor(to: Writable, onDropped: (bytes: number) => void) {
    this.#to = to;
    this.#onDropped = onDropped;
    const stop = () => {
      this.#isOpen = false;
    };
    to.once("close", stop);
    to.on("error", stop);
  }

  /** Takes `chunk` over. */
  write(chunk: Uint8Array): void {
    if (!this.#isOpen || this.#to.writableEnded) return;
    if (this.#to.writableLength > MAX_WAITING_BYTES) {
      if (this.#droppedBytes === 0) this.#to.once("drain", () => this.#tell());
      this.#droppedBytes += chunk.length;
      return;
    }
    this.#to.write(chunk);
  }

  #tell(): void {
    this.#onDropped(this.#droppedBytes);
    this.#droppedBytes = 0;
  }
}
