import type { Stream } from "../../mux/stream.js";

/** What a plugin may print while no host reads it, in bytes; older output is dropped first. */
const MAX_WAITING_BYTES = 1024 * 1024;

/**
 * One redirected output of a plugin: what is printed goes to the hosts' sync streams [PLUGIN-2].
 * Before a host is connected, and while it does not read, the output waits here; in Go the plugin
 * blocks there, which one thread cannot afford.
 */
export class SyncOutput {
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #stream: Stream | undefined;
  #isWritable = false;

  /** Sends what waits and all that follows to `stream`; the last host attached gets the output. */
  attach(stream: Stream): void {
    this.#stream = stream;
    this.#isWritable = true;
    stream.start({
      // The host never writes here; what it does send is dropped.
      onData: () => {},
      onEnd: () => {
        if (this.#stream === stream) this.#stream = undefined;
        stream.end();
      },
      onDrain: () => {
        if (this.#stream !== stream) return;
        this.#isWritable = true;
        this.#flush();
      },
    });
    this.#flush();
  }

  /** Takes bytes over; the caller does not change them any more. */
  write(chunk: Uint8Array): void {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    this.#flush();
    while (this.#waitingBytes > MAX_WAITING_BYTES) {
      this.#waitingBytes -= this.#waiting.shift()!.length;
    }
  }

  #flush(): void {
    while (this.#stream !== undefined && this.#isWritable && this.#waiting.length > 0) {
      const chunk = this.#waiting.shift()!;
      this.#waitingBytes -= chunk.length;
      this.#isWritable = this.#stream.write(chunk);
    }
  }
}
