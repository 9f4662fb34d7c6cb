/** Reads a yamux session as far as `replay.ts` needs it. */

import { decodeHeader, encodeHeader, FLAG, HEADER_BYTES, TYPE } from "../../mux/frame.js";

/** Counts the bytes that all streams of a yamux session carry together. It does nothing else with them. */
export class DataCounter {
  bytes = 0;
  readonly #onPing: (pong: Uint8Array) => void;
  readonly #header = new Uint8Array(HEADER_BYTES);
  readonly #view = new DataView(this.#header.buffer);
  #have = 0;
  /** The bytes still missing from the current body. */
  #left = 0;

  /** @param onPing - gets the answer to a ping. Without an answer the plugin would close the connection. */
  constructor(onPing: (pong: Uint8Array) => void = () => {}) {
    this.#onPing = onPing;
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#left > 0) {
        const part = Math.min(this.#left, chunk.length - at);
        this.#left -= part;
        this.bytes += part;
        at += part;
        continue;
      }
      this.#header[this.#have++] = chunk[at++]!;
      if (this.#have === HEADER_BYTES) this.#onHeader();
    }
  }

  #onHeader(): void {
    this.#have = 0;
    const { type, flags, length } = decodeHeader(this.#view);
    if (type === TYPE.Data) this.#left = length;
    if (type !== TYPE.Ping || (flags & FLAG.SYN) === 0) return;
    const pong = new Uint8Array(HEADER_BYTES);
    encodeHeader(new DataView(pong.buffer), 0, TYPE.Ping, FLAG.ACK, 0, length);
    this.#onPing(pong);
  }
}
