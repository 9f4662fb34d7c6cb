import type { ByteConn } from "../bytes/conn.js";
import { BLOCK_BYTES } from "../bytes/writer.js";
import type { MessageWriter } from "./codec.js";

/**
 * From so many bytes on the peer is better off with them than with more later. Measured with 64 calls in
 * flight between two processes: 1 KiB, a dozen or two of small calls, carries about 1.8 times as much as one
 * write per turn, because both sides work at once; half and twice as much did the same within the noise.
 */
const EARLY_BYTES = 1024;

/**
 * Writes what a codec has collected to the connection: at the end of the turn of the event loop, or
 * earlier if it is much. A write per call would cost more than the call.
 */
export class Outbox {
  readonly #conn: ByteConn;
  readonly #codec: MessageWriter;
  readonly #onFull: (() => void) | undefined;
  #isScheduled = false;

  /** @param onFull - called when the connection wants no more until it has drained. */
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
    // Less is a part of a block, and does not come back.
    const onSent = bytes.length > BLOCK_BYTES ? () => this.#codec.recycle?.(bytes) : undefined;
    if (!this.#conn.write(bytes, onSent)) this.#onFull?.();
  }
}
