/** Two Node duplexes joined in memory, with options for what real connections do to bytes. */
import { Duplex } from "node:stream";

/** What the connection does to the bytes. */
export interface DuplexPairOptions {
  /** The size of the largest piece that arrives. Default: pieces arrive as written. */
  readonly chunkBytes?: number;
  /** Turns of the event loop that a write takes to arrive. Default 0: it arrives in the same turn, but not in the same call. */
  readonly delayTurns?: number;
  /** The high-water mark of each side's queue. Default 64 KiB. */
  readonly highWaterMarkBytes?: number;
}

// Taken here, before a test mocks the timers.
const nextTurn = setImmediate;

/** One end of a pair. */
export class PairEnd extends Duplex {
  #peer!: PairEnd;
  readonly #options: DuplexPairOptions;
  #isStalled = false;
  /** The delivery that waits for the end of the stall. */
  #held: (() => void) | undefined;
  /** The delivery that waits until this end reads on. */
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

  /** Holds back what this end writes, as if the peer did not read, until {@link unstall}. */
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
    // As with a socket, the other end sees that the connection ended but not why.
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
