/** When the messages of a codec are written to the connection. */
import type { ByteConn } from "../bytes/conn.js";
import { BLOCK_BYTES } from "../bytes/writer.js";
import type { MessageWriter } from "./codec.js";

/**
 * At so many bytes we write before the end of the turn, because the peer can work on them while we go on.
 * Measured with 64 calls in flight between two processes: with 1 KiB, one or two dozen small calls, 1.8 times
 * as many calls per second as with one write per turn. Half and twice that size did the same within the noise.
 */
const EARLY_BYTES = 1024;

/**
 * Writes what a codec has collected: at the end of the turn of the event loop, or earlier if it is much. A
 * write for each call would cost more than the call.
 */
export class Outbox {
  readonly #conn: ByteConn;
  readonly #codec: MessageWriter;
  readonly #onFull: (() => void) | undefined;
  #isScheduled = false;

  /** @param onFull - called when the queue of the connection is full, until it has drained. */
  constructor(conn: ByteConn, codec: MessageWriter, onFull?: () => void) {
    this.#conn = conn;
    this.#codec = codec;
    this.#onFull = onFull;
  }

  /** To be called after each message. */
  appended(): void {
    if (this.#codec.pendingBytes >= EARLY_BYTES) {
      this.flush();
      this.#conn.flush?.();
    } else if (!this.#isScheduled) {
      this.#isScheduled = true;
      process.nextTick(this.#onTick);
    }
  }

  readonly #onTick = (): void => {
    this.#isScheduled = false;
    this.flush();
  };

  /** Writes what waits, now. */
  flush(): void {
    if (this.#codec.pendingBytes === 0) return;
    const bytes = this.#codec.take();
    // Smaller messages share a block, which cannot be used again as a whole.
    const onSent = bytes.length > BLOCK_BYTES ? () => this.#codec.recycle?.(bytes) : undefined;
    if (!this.#conn.write(bytes, onSent)) this.#onFull?.();
  }
}
