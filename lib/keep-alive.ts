/** What can hold the event loop open: sockets, pipes, child processes. */
export interface Handle {
  ref(): unknown;
  unref(): unknown;
  /** Closed for good. A closed socket takes `ref` and `unref` for wishes, and keeps every one. */
  readonly destroyed?: boolean;
}

/**
 * Lets a group of handles keep the process alive while something is pending, and only then. An
 * unref'd handle under a pending `await` would end Node with code 13; a ref'd idle one would never
 * let it end.
 */
export class KeepAlive {
  readonly #handles = new Set<Handle>();
  #pending = 0;

  add(handle: Handle): void {
    if (handle.destroyed) return;
    this.#handles.add(handle);
    if (this.#pending === 0) handle.unref();
    else handle.ref();
  }

  /** Counts one more reason to stay alive. */
  acquire(): void {
    if (this.#pending++ === 0) for (const handle of this.#open()) handle.ref();
  }

  release(): void {
    if (--this.#pending === 0) for (const handle of this.#open()) handle.unref();
  }

  #open(): Iterable<Handle> {
    for (const handle of this.#handles) if (handle.destroyed) this.#handles.delete(handle);
    return this.#handles;
  }

  /** Stays alive until `work` settles. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.acquire();
    try {
      return await work();
    } finally {
      this.release();
    }
  }
}
