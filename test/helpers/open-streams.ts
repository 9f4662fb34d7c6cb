/** How many yamux streams are open in the sessions of this process. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { StreamMessage } from "goplug";

/** Counts the streams of the sessions that begin after it was made, on both ends where both are here. */
export class OpenStreams {
  #count = 0;
  #watcher: { readonly count: number; readonly resolve: () => void } | undefined;

  /** @param t - the test after which it stops counting. Default: it counts until the process ends. */
  constructor(t?: { after(fn: () => void): void }) {
    const listen = (message: unknown) => this.#onMessage(message as StreamMessage);
    subscribe("goplug:stream", listen);
    t?.after(() => unsubscribe("goplug:stream", listen));
  }

  get count(): number {
    return this.#count;
  }

  /** Resolves when `count` streams are open. */
  async reached(count: number): Promise<void> {
    if (this.#count === count) return;
    await new Promise<void>((resolve) => {
      this.#watcher = { count, resolve };
    });
  }

  #onMessage({ event }: StreamMessage): void {
    this.#count += event === "start" ? 1 : -1;
    if (this.#count === this.#watcher?.count) this.#watcher.resolve();
  }
}
