/** Two Node duplexes joined in memory, with knobs for what real connections do to bytes. */

import { Duplex } from "node:stream";

export interface DuplexPairOptions {
  /** The most that arrives in one piece. Default: as written. */
  readonly chunkBytes?: number;
  /** Turns of the event loop that a write takes to arrive. Default 0: the same turn, not the same call. */
  readonly delayTurns?: number;
  /** Of each side's queue. Default 64 KiB. */
  readonly highWaterMarkBytes?: number;
}

// Taken before a test mocks the timers.
const nextTurn = setImmediate;

/** One end of a pair. */
export class PairEnd extends Duplex {
  #peer!: PairEnd;
  readonly #options: DuplexPairOptions;
  #isStalled = false;
  /** What waits for the stall to end, or for the peer to read. */
  #held: (() => void) | undefined;
  #wanted: (() => void) | undefined;

  constructor(options: DuplexPairOptions) {
    const highWaterMark = options.highWaterMarkBytes ?? 64 * 1024;
    super({ highWaterMark, allowHalfOpen: true });
    this.#options = options;
  }

  static join(a: PairEnd, b: PairEnd): void {
    a.#peer = b;
    b.#peer = a;
  }

  /** From now on nothing that this end writes arrives: the peer seems not to read. */
  stall(): void {
    this.#isStalled = true;
  }

  unstall(): void {
    this.#isStalled = false;
    const held = this.#held;
    this.#held = undefined;
    held?.();
  }

  override _read(): void {
    const wanted = this.#wanted;
    this.#wanted = undefined;
    wanted?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#later(() => this.#deliver(chunk, done));
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), "binary", done);
  }

  override _final(done: () => void): void {
    this.#later(() => {
      this.#peer.push(null);
      done();
    });
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const peer = this.#peer;
    // As with a socket: the other end sees the end, not the reason.
    if (!this.writableFinished) process.nextTick(() => peer.readableEnded || peer.push(null));
    done(error);
  }

  #later(action: () => void, turns = this.#options.delayTurns ?? 0): void {
    if (this.#isStalled) this.#held = () => this.#later(action, turns);
    else if (turns > 0) nextTurn(() => this.#later(action, turns - 1));
    else process.nextTick(action);
  }

  #deliver(chunk: Buffer, done: () => void): void {
    const peer = this.#peer;
    const chunkBytes = this.#options.chunkBytes ?? chunk.length;
    let at = 0;
    const step = (): void => {
      while (at < chunk.length) {
        if (peer.destroyed || peer.readableEnded) break;
        const isWanted = peer.push(chunk.subarray(at, at + chunkBytes));
        at += chunkBytes;
        if (isWanted) continue;
        peer.#wanted = step;
        return;
      }
      done();
    };
    step();
  }
}

/** Two ends of one connection in memory. */
export function duplexPair(options: DuplexPairOptions = {}): [PairEnd, PairEnd] {
  const ends: [PairEnd, PairEnd] = [new PairEnd(options), new PairEnd(options)];
  PairEnd.join(...ends);
  return ends;
}
