/** A connection in memory, for a host and a plugin in one process. */
import type { Transport } from "../../mux/transport.js";
import type { ConnHandler } from "../../protocol/bytes/conn.js";

/** Two ends of a connection in memory: what one writes the other reads, in a later microtask. */
export function memoryPair(): [Transport, Transport] {
  const a = new MemoryTransport();
  const b = new MemoryTransport();
  a.join(b);
  b.join(a);
  return [a, b];
}

/** The last item of an inbox. */
interface End {
  readonly error?: Error | undefined;
}

class MemoryTransport implements Transport {
  #peer!: MemoryTransport;
  #handler: ConnHandler | undefined;
  #inbox: (Uint8Array | End)[] = [];
  #isPaused = false;
  #isScheduled = false;
  /** What is written from now on is dropped. */
  #isEnded = false;
  /** The handler was told the end. */
  #isOver = false;

  join(peer: MemoryTransport): void {
    this.#peer = peer;
  }

  start(handler: ConnHandler): void {
    this.#handler = handler;
    this.#schedule();
  }
  write(chunk: Uint8Array): boolean {
    if (!this.#isEnded) this.#peer.#receive(chunk);
    return true;
  }
  cork(): void {}
  uncork(): void {}
  pause(): void {
    this.#isPaused = true;
  }
  resume(): void {
    this.#isPaused = false;
    this.#schedule();
  }
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#peer.#receive({});
  }
  /** As on a socket, the end is told to a paused handler too. */
  destroy(error?: Error): void {
    this.end();
    this.#inbox = [{ error }];
    this.resume();
  }

  #receive(item: Uint8Array | End): void {
    this.#inbox.push(item);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#handler === undefined) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#deliver(this.#handler!);
    });
  }

  #deliver(handler: ConnHandler): void {
    while (!this.#isPaused && !this.#isOver) {
      const item = this.#inbox.shift();
      if (item === undefined) return;
      if (item instanceof Uint8Array) handler.onData(item);
      else {
        this.#isOver = true;
        handler.onEnd(item.error);
      }
    }
  }
}
