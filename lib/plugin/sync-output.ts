/** What a plugin prints, on its way to the host [PLUGIN-2]. */
import type { Stream } from "../../mux/stream.js";

/** How many printed bytes may wait until a host reads them. Beyond that the oldest are dropped. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** The sync stream of the host that gets the output. */
interface Receiver {
  readonly stream: Stream;
  /** Whether the stream takes more now, or has to drain first. */
  isWritable: boolean;
}

/**
 * One redirected output of a plugin: stdout or stderr. Output waits here while no host is connected, and while the
 * host does not read. In Go the plugin blocks then. Here that would block everything: there is only one thread.
 */
export class SyncOutput {
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #receiver: Receiver | undefined;

  /** Sends to `stream` what waits and all that follows. The host attached last gets the output. */
  attach(stream: Stream): void {
    const receiver: Receiver = { stream, isWritable: true };
    this.#receiver = receiver;
    stream.start({
      // The host never writes on this stream.
      onData: () => {},
      onEnd: () => {
        if (this.#receiver === receiver) this.#receiver = undefined;
        stream.end();
      },
      onDrain: () => {
        receiver.isWritable = true;
        this.#flush();
      },
    });
    this.#flush();
  }

  /** Takes printed bytes. The caller must not change `chunk` afterwards. */
  write(chunk: Uint8Array): void {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    this.#flush();
    while (this.#waitingBytes > MAX_WAITING_BYTES) {
      this.#waitingBytes -= this.#waiting.shift()!.length;
    }
  }

  #flush(): void {
    while (this.#receiver?.isWritable && this.#waiting.length > 0) {
      const chunk = this.#waiting.shift()!;
      this.#waitingBytes -= chunk.length;
      this.#receiver.isWritable = this.#receiver.stream.write(chunk);
    }
  }
}
