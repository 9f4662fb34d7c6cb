/** Passes a plugin's output on to a user's stream without waiting for it. */
import type { Writable } from "node:stream";

/** How many bytes may wait for a slow reader. More is dropped. */
const MAX_WAITING_BYTES = 1024 * 1024;

/**
 * Writes what it gets to a user's stream and drops what the stream does not take in time. It cannot wait,
 * because a plugin blocks when its output is not read, and it cannot keep everything, because memory is
 * limited. A stream that has failed or closed gets nothing more.
 */
export class BoundedWriter {
  readonly #to: Writable;
  readonly #onDropped: (bytes: number) => void;
  #isOpen = true;
  #droppedBytes = 0;

  /** @param onDropped - called when the stream takes bytes again, with the number that was dropped before. */
  constructor(to: Writable, onDropped: (bytes: number) => void) {
    this.#to = to;
    this.#onDropped = onDropped;
    const stop = () => {
      this.#isOpen = false;
    };
    to.once("close", stop);
    to.on("error", stop);
  }

  /** Writes `chunk`, or drops all of it. The caller must not change it afterwards. */
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
