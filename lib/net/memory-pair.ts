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

class MemoryTransport implements Transport {
  #peer!: MemoryTransport;
  #sink: ConnHandler | undefined;
  #inbox: (Uint8Array | "end")[] = [];
  #isPaused = false;
  #isScheduled = false;
  #isEnded = false;

  join(peer: MemoryTransport): void {
    this.#peer = peer;
  }

  start(sink: ConnHandler): void {
    this.#sink = sink;
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
    this.#peer.#receive("end");
  }
  destroy(): void {
    this.end();
    this.#inbox = ["end"];
    this.#schedule();
  }

  #receive(item: Uint8Array | "end"): void {
    this.#inbox.push(item);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#sink === undefined) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#deliver(this.#sink!);
    });
  }

  #deliver(sink: ConnHandler): void {
    while (!this.#isPaused && this.#inbox.length > 0) {
      const item = this.#inbox.shift()!;
      if (item !== "end") {
        sink.onData(item);
        continue;
      }
      this.#inbox = [];
      this.#isPaused = true;
      sink.onEnd();
    }
  }
}
