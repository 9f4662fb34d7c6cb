/**
 * Everything that leaves a session: control frames first, then one Data frame per stream in turn, all
 * frames of one turn of the event loop in one write to the connection [YAMUX-7].
 */

import { encodeHeader, HEADER_BYTES } from "./frame.js";
import type { Transport } from "./transport.js";

/** Has frames to send when it is its turn. */
export interface FrameSource {
  /** Writes at most one Data frame; true if it could send more at once. */
  sendFrame(out: FrameWriter): boolean;
  /** After a flush in which it sent something; may call users. */
  afterFlush(): void;
}

/**
 * Headers are written into slabs and leave in runs: neighbouring headers are one chunk of the write.
 * A slab is never written twice, because the connection owns what it was given.
 */
const SLAB_BYTES = 8 * 1024;

/**
 * A body up to this size is copied behind its header. Measured with 16 frames in a write: copying 64
 * bytes takes half the time of a chunk of their own, 512 bytes four fifths, 1 KiB and more is slower.
 */
const COPIED_BODY_BYTES = 512;

/**
 * Control frames that wait for a connection that takes nothing. Ping answers and resets are caused by
 * the peer, so they need a bound: 350,000 frames.
 */
export const MAX_CONTROL_BYTES = 4 * 1024 * 1024;

export class FrameWriter {
  readonly #transport: Transport;
  readonly #onOverflow: (waitingBytes: number) => void;
  /** Insertion order is the order of turns. */
  readonly #ready = new Set<FrameSource>();
  #slab = new Uint8Array(SLAB_BYTES);
  #view = new DataView(this.#slab.buffer);
  #runStart = 0;
  #runEnd = 0;
  /** Complete runs of control frames that did not leave yet. */
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #sent: FrameSource[] = [];
  #isScheduled = false;
  #isFlushing = false;
  #isBlocked = false;
  #isStopped = false;

  constructor(transport: Transport, onOverflow: (waitingBytes: number) => void) {
    this.#transport = transport;
    this.#onOverflow = onOverflow;
  }

  /** Whether the connection took too much and has not drained yet. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** Queues a frame without a body; it leaves before all Data frames that wait [YAMUX-8]. */
  control(type: number, flags: number, streamId: number, length: number): void {
    if (this.#isStopped) return;
    if (this.#waitingBytes >= MAX_CONTROL_BYTES) {
      this.#onOverflow(this.#waitingBytes);
      return;
    }
    this.header(type, flags, streamId, length);
    this.schedule();
  }

  /** Gives `source` its turn in the next flush. */
  ready(source: FrameSource): void {
    if (this.#isStopped) return;
    this.#ready.add(source);
    this.schedule();
  }

  /** Takes the turn back: the stream is over. */
  forget(source: FrameSource): void {
    this.#ready.delete(source);
  }

  /** Sends what waits at the end of this turn of the event loop. */
  schedule(): void {
    if (this.#isScheduled || this.#isBlocked) return;
    this.#isScheduled = true;
    process.nextTick(this.#onTick);
  }

  readonly #onTick = (): void => {
    this.#isScheduled = false;
    this.flush();
  };

  /** The connection takes bytes again. */
  onDrain(): void {
    this.#isBlocked = false;
    this.flush();
  }

  /** Drops what waits; nothing is sent any more. */
  stop(): void {
    this.#isStopped = true;
    this.#ready.clear();
    this.#waiting = [];
    this.#runStart = this.#runEnd;
  }

  /** Sends what waits and may be sent, as much as the connection wants. Calls users at the end only. */
  flush(): void {
    if (!this.#isBlocked) this.#flush(false);
  }

  /** The same in the midst of a turn: users are called at its end. */
  flushNow(): void {
    if (this.#isBlocked) return;
    this.#writeOut(false);
    if (this.#sent.length > 0) this.schedule();
  }

  /** As {@link flush}, however full the connection is: nothing is sent after it. */
  flushAll(): void {
    this.#flush(true);
  }

  #flush(isLast: boolean): void {
    this.#writeOut(isLast);
    if (this.#isFlushing) return;
    const sent = this.#sent;
    this.#sent = [];
    for (const source of sent) source.afterFlush();
    // Drained from inside uncork already, or asked for more in between.
    if (this.#hasWork()) this.schedule();
  }

  #writeOut(isLast: boolean): void {
    // A connection that delivers at once may bring us here again from inside uncork.
    if (this.#isFlushing || this.#isStopped || !this.#hasWork()) return;
    this.#isFlushing = true;
    this.#transport.cork();
    this.#writeWaiting(isLast);
    if (isLast || !this.#isBlocked) {
      this.#writeData(isLast);
      this.#writeRun();
    }
    this.#transport.uncork();
    this.#isFlushing = false;
  }

  /** Begins a frame. Inside a turn given by {@link FrameSource.sendFrame}, its body follows. */
  header(type: number, flags: number, streamId: number, length: number): void {
    if (this.#runEnd + HEADER_BYTES > SLAB_BYTES) this.#startSlab();
    encodeHeader(this.#view, this.#runEnd, type, flags, streamId, length);
    this.#runEnd += HEADER_BYTES;
  }

  /**
   * A piece of the body announced by the last header.
   *
   * @param onSent - called when the connection needs the piece, and all before it, no more. Such a piece is not
   *   copied, however small: the pieces before it may still wait.
   */
  body(piece: Uint8Array, onSent?: () => void): void {
    if (piece.length <= COPIED_BODY_BYTES && onSent === undefined) {
      if (this.#runEnd + piece.length > SLAB_BYTES) this.#startSlab();
      this.#slab.set(piece, this.#runEnd);
      this.#runEnd += piece.length;
      return;
    }
    this.#writeRun();
    this.#write(piece, onSent);
  }

  #hasWork(): boolean {
    return this.#ready.size > 0 || this.#waiting.length > 0 || this.#runEnd > this.#runStart;
  }

  /** What the connection does not want stays here, where it is counted. */
  #writeWaiting(isLast: boolean): void {
    let written = 0;
    for (const run of this.#waiting) {
      if (this.#isBlocked && !isLast) break;
      this.#write(run);
      this.#waitingBytes -= run.length;
      written += 1;
    }
    this.#waiting.splice(0, written);
  }

  /** A source that can send more goes to the end of the set, which the loop then reaches again. */
  #writeData(isLast: boolean): void {
    for (const source of this.#ready) {
      if (this.#isBlocked && !isLast) return;
      this.#ready.delete(source);
      this.#sent.push(source);
      if (source.sendFrame(this)) this.#ready.add(source);
    }
  }

  #writeRun(): void {
    if (this.#runEnd === this.#runStart) return;
    const run = this.#slab.subarray(this.#runStart, this.#runEnd);
    this.#runStart = this.#runEnd;
    this.#write(run);
  }

  #write(chunk: Uint8Array, onSent?: () => void): void {
    if (!this.#transport.write(chunk, onSent)) this.#isBlocked = true;
  }

  /** Parks or writes the current run and begins another slab. */
  #startSlab(): void {
    if (this.#isFlushing) this.#writeRun();
    else if (this.#runEnd > this.#runStart) {
      this.#waiting.push(this.#slab.subarray(this.#runStart, this.#runEnd));
      this.#waitingBytes += this.#runEnd - this.#runStart;
    }
    this.#slab = new Uint8Array(SLAB_BYTES);
    this.#view = new DataView(this.#slab.buffer);
    this.#runStart = 0;
    this.#runEnd = 0;
  }
}
