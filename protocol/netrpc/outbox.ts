import type { ByteConn } from "../bytes/conn.js";
import type { MessageWriter } from "./codec.js";

/** From so many bytes on nothing is gained by waiting for more. */
const FULL_BYTES = 16 * 1024;

/**
 * Writes what a codec has collected to the connection: once per turn of the event loop, or as soon as
 * it is much. 64 small calls of one turn cost one write instead of 64.
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
    if (this.#codec.pendingBytes >= FULL_BYTES) this.flush();
    else if (!this.#isScheduled) {
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
    if (!this.#conn.write(this.#codec.take())) this.#onFull?.();
  }
}
