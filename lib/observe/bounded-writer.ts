/** Passes a plugin's output on to a user's stream, and bounds what waits for that stream [PLUGIN-13]. */
import type { Writable } from "node:stream";

/** How many bytes may wait for a slow reader. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** How long a reader may take nothing while the source is paused, in milliseconds. */
const PATIENCE_MS = 10_000;

/** Where the output comes from, if that may be made to wait. */
export interface PausableSource {
  /** Makes it wait. */
  pause(): void;
  /** Lets it go on. */
  resume(): void;
}

/** Options of a {@link BoundedWriter}. */
export interface BoundedWriterOptions {
  /** Called when the stream has taken all that waited, or at the end, with the number of bytes dropped before. */
  readonly onDropped: (bytes: number) => void;
  /** Waits for a slow reader. Default: what a slow reader does not take in time is dropped at once. */
  readonly source?: PausableSource | undefined;
}

/**
 * Writes what it gets to a user's stream. It cannot keep everything, because memory is limited. While too much waits, it
 * lets the source wait, as Go does; but a reader that takes nothing for {@link PATIENCE_MS} must not block the plugin for
 * ever, and then bytes are dropped. A stream that has failed or closed gets nothing more.
 */
export class BoundedWriter {
  readonly #to: Writable;
  readonly #options: BoundedWriterOptions;
  #isOpen = true;
  /** The source waits for the reader. */
  #isPaused = false;
  /** The reader was waited for in vain: it is not waited for again until it has taken all. */
  #isStuck = false;
  #droppedBytes = 0;
  #awaitsDrain = false;
  #patience: NodeJS.Timeout | undefined;

  constructor(to: Writable, options: BoundedWriterOptions) {
    this.#to = to;
    this.#options = options;
    const stop = () => {
      this.#isOpen = false;
      this.#go();
    };
    to.once("close", stop);
    to.on("error", stop);
  }

  /** Writes `chunk`, or drops all of it. The caller must not change it afterwards. */
  write(chunk: Uint8Array): void {
    if (!this.#isOpen || this.#to.writableEnded) return;
    if (this.#isFull && (this.#options.source === undefined || this.#isStuck)) {
      this.#droppedBytes += chunk.length;
      this.#awaitDrain();
      return;
    }
    this.#to.write(chunk);
    if (this.#isFull) this.#wait();
  }

  /** The output has ended. */
  end(): void {
    clearTimeout(this.#patience);
    this.#tell();
  }

  get #isFull(): boolean {
    return this.#to.writableLength > MAX_WAITING_BYTES;
  }

  #wait(): void {
    if (this.#isPaused || this.#isStuck || this.#options.source === undefined) return;
    this.#isPaused = true;
    this.#awaitDrain();
    this.#options.source.pause();
    this.#beginPatience();
  }

  /** Listens only while it must: a user's stream may be that of many plugins. */
  #awaitDrain(): void {
    if (this.#awaitsDrain) return;
    this.#awaitsDrain = true;
    this.#to.once("drain", () => {
      this.#awaitsDrain = false;
      this.#isStuck = false;
      this.#go();
      this.#tell();
    });
  }

  #beginPatience(): void {
    const before = this.#to.writableLength;
    const look = () => {
      if (this.#to.writableLength !== before) return this.#beginPatience();
      this.#isStuck = true;
      this.#go();
    };
    this.#patience = setTimeout(look, PATIENCE_MS).unref();
  }

  #tell(): void {
    if (this.#droppedBytes === 0) return;
    this.#options.onDropped(this.#droppedBytes);
    this.#droppedBytes = 0;
  }

  #go(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    clearTimeout(this.#patience);
    this.#options.source?.resume();
  }
}
