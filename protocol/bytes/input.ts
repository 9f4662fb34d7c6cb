/** Bytes that arrived and are not read yet, in one piece, for readers that need a whole value in view. */

const EMPTY = new Uint8Array(0);

/**
 * The reader looks at `bytes` from `start` to `limit`, and moves `start`. A chunk is borrowed until
 * {@link retain}: a value that arrives whole is never copied. Bytes of an incomplete value are copied to a buffer of
 * our own, which doubles when it is full.
 */
export class InputBuffer {
  bytes: Uint8Array = EMPTY;
  /** The first byte that is not read yet. */
  start = 0;
  /** The end of the bytes that have arrived. */
  limit = 0;
  /** Whether `bytes` is the chunk that was pushed. */
  #isBorrowed = false;

  /** How many bytes are not read yet. */
  get byteLength(): number {
    return this.limit - this.start;
  }

  /** Adds a chunk. Where nothing waits, `bytes` becomes the chunk itself. */
  push(chunk: Uint8Array): void {
    if (this.start === this.limit) {
      this.bytes = chunk;
      this.start = 0;
      this.limit = chunk.length;
      this.#isBorrowed = true;
      return;
    }
    this.#makeRoom(chunk.length);
    this.bytes.set(chunk, this.limit);
    this.limit += chunk.length;
  }

  /** Copies the bytes that are not read. The owner of the pushed chunk may then reuse it. */
  retain(): void {
    if (!this.#isBorrowed) return;
    if (this.start === this.limit) {
      this.bytes = EMPTY;
      this.start = 0;
      this.limit = 0;
      this.#isBorrowed = false;
    } else this.#makeRoom(0);
  }

  /** Makes the bytes that are not read our own, with room for `byteLength` more. */
  #makeRoom(byteLength: number): void {
    const length = this.byteLength;
    if (!this.#isBorrowed && this.limit + byteLength <= this.bytes.length) return;
    const wanted = length + byteLength;
    // Moving the bytes to the front is enough, but only while they fill at most half of the buffer. Otherwise
    // there would be little room after it, and the same bytes would move again for every chunk.
    const fits = !this.#isBorrowed && wanted <= this.bytes.length / 2;
    const target = fits ? this.bytes : new Uint8Array(Math.max(256, 2 * wanted));
    target.set(this.bytes.subarray(this.start, this.limit));
    this.bytes = target;
    this.start = 0;
    this.limit = length;
    this.#isBorrowed = false;
  }
}
