/** Splits the bytes that arrive into headers and pieces of bodies, however they were cut [YAMUX-5]. */

import { type MuxError, yamuxError } from "./errors.js";
import { describeForeignBytes } from "./foreign-bytes.js";
import { decodeHeader, formatHeader, HEADER_BYTES, TYPE, VERSION } from "./frame.js";

/** What a FrameReader calls. A body is never collected: its pieces are passed on as they arrive. */
export interface FrameHandler {
  /** A header whose version and type are valid. */
  onHeader(type: number, flags: number, streamId: number, length: number): void;
  /** A piece of the body of the last header, which was Data. Borrowed: valid during the call only. */
  onBody(piece: Uint8Array): void;
  /** The body of the last Data header is complete; also called when it is empty. */
  onBodyEnd(): void;
  /** The bytes are not yamux. The reader has stopped. */
  onInvalid(error: MuxError): void;
}

/** Validates version and type of each header, and nothing else. */
export class FrameReader {
  readonly #handler: FrameHandler;
  /** A header that arrived in parts. */
  readonly #partial = new Uint8Array(HEADER_BYTES);
  readonly #partialView = new DataView(this.#partial.buffer);
  #partialLength = 0;
  /**
   * A view of the last chunk's buffer. Measured: 2 ns per header; a new view for each header takes 56 ns. A
   * socket that reads into one reused buffer always needs the same view.
   */
  #view: DataView = this.#partialView;
  #bodyLeft = 0;
  #isStopped = false;

  constructor(handler: FrameHandler) {
    this.#handler = handler;
  }

  /** For the error when no more bytes come: where in a frame they ended. Undefined between two frames. */
  get position(): string | undefined {
    if (this.#partialLength > 0) {
      return `inside a frame header, after ${this.#partialLength} of ${HEADER_BYTES} bytes`;
    }
    return this.#bodyLeft > 0 ? `inside a frame, ${this.#bodyLeft} bytes missing` : undefined;
  }

  /** Reads the next bytes. Must not be called from inside a method of the handler. */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length && !this.#isStopped) {
      at = this.#bodyLeft > 0 ? this.#readBody(chunk, at) : this.#readHeader(chunk, at);
    }
  }

  /** Drops everything from now on, also the rest of the current chunk. */
  stop(): void {
    this.#isStopped = true;
  }

  #readBody(chunk: Uint8Array, at: number): number {
    const end = Math.min(chunk.length, at + this.#bodyLeft);
    this.#bodyLeft -= end - at;
    this.#handler.onBody(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end));
    if (this.#bodyLeft === 0 && !this.#isStopped) this.#handler.onBodyEnd();
    return end;
  }

  #readHeader(chunk: Uint8Array, at: number): number {
    if (this.#partialLength === 0) {
      // Checked before the header is complete, because bytes that are not yamux may be fewer than twelve.
      if (chunk[at] !== VERSION) return this.#invalid("invalid-version", chunk, at);
      if (chunk.length - at >= HEADER_BYTES) {
        if (this.#view.buffer !== chunk.buffer) this.#view = new DataView(chunk.buffer);
        this.#dispatch(this.#view, chunk.byteOffset + at);
        return at + HEADER_BYTES;
      }
    }
    const end = Math.min(chunk.length, at + HEADER_BYTES - this.#partialLength);
    this.#partial.set(chunk.subarray(at, end), this.#partialLength);
    this.#partialLength += end - at;
    if (this.#partialLength === HEADER_BYTES) {
      this.#partialLength = 0;
      this.#dispatch(this.#partialView, 0);
    }
    return end;
  }

  #dispatch(view: DataView, offset: number): void {
    const header = decodeHeader(view, offset);
    const { type, flags, streamId, length } = header;
    if (type > TYPE.GoAway) {
      this.#isStopped = true;
      const error = yamuxError("invalid-msg-type", formatHeader(header), { remote: true });
      this.#handler.onInvalid(error);
      return;
    }
    if (type === TYPE.Data) this.#bodyLeft = length;
    this.#handler.onHeader(type, flags, streamId, length);
    if (type === TYPE.Data && length === 0 && !this.#isStopped) this.#handler.onBodyEnd();
  }

  #invalid(code: "invalid-version", chunk: Uint8Array, at: number): number {
    this.#isStopped = true;
    const seen = describeForeignBytes(chunk.subarray(at));
    this.#handler.onInvalid(yamuxError(code, seen, { remote: true }));
    return chunk.length;
  }
}
