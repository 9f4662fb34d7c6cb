/** Decides when open handles keep our process alive: while something is pending, and at no other time. */

/** What can hold the event loop open: sockets, pipes, child processes. */
export interface Handle {
  /** Makes the handle keep the process alive. */
  ref(): unknown;
  /** Lets the process end although the handle is open. */
  unref(): unknown;
  /** Closed for good. A closed socket keeps a list of every `ref` and `unref` it gets, so it gets no more. */
  readonly destroyed?: boolean;
}

/**
 * A group of handles that keep the process alive together. Handles with `unref` under a pending `await` would end
 * Node with code 13; an idle handle without it would never let Node end.
 */
export class KeepAlive {
  readonly #handles = new Set<Handle>();
  #pending = 0;

  /** Takes a handle into the group. It keeps the process alive from now on if something is pending. */
  add(handle: Handle): void {
    if (handle.destroyed) return;
    this.#handles.add(handle);
    if (this.#pending === 0) handle.unref();
    else handle.ref();
  }

  /** Adds one reason to stay alive. Each call needs one `release`. */
  acquire(): void {
    if (this.#pending++ === 0) for (const handle of this.#open()) handle.ref();
  }

  /** Takes one reason away. */
  release(): void {
    if (--this.#pending === 0) for (const handle of this.#open()) handle.unref();
  }

  /** Forgets the handles that have closed, and returns the others. */
  #open(): Iterable<Handle> {
    for (const handle of this.#handles) if (handle.destroyed) this.#handles.delete(handle);
    return this.#handles;
  }

  /** Stays alive until the promise of `work` settles. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.acquire();
    try {
      return await work();
    } finally {
      this.release();
    }
  }
}
