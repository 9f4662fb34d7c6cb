/** Bytes that arrived and are not read yet, in one piece. */

const EMPTY = new Uint8Array(0);

/**
 * For readers that need a whole value in front of them. A chunk is borrowed until {@link retain}, so
 * that what arrives whole is never copied; what is kept goes into a buffer that doubles.
 */
export class InputBuffer {
  bytes: Uint8Array = EMPTY;
  /** The first byte not read yet, and the end of what has arrived. */
  start = 0;
  limit = 0;
  #isBorrowed = false;

  get byteLength(): number {
    return this.limit - this.start;
  }

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

  /** Copies what is not read, so that the pushed chunk may be reused. */
  retain(): void {
    if (!this.#isBorrowed) return;
    if (this.start === this.limit) {
      this.bytes = EMPTY;
      this.start = 0;
      this.limit = 0;
      this.#isBorrowed = false;
    } else this.#makeRoom(0);
  }

  /** Makes the bytes our own, with room for `byteLength` more. */
  #makeRoom(byteLength: number): void {
    const length = this.byteLength;
    if (!this.#isBorrowed && this.limit + byteLength <= this.bytes.length) return;
    const wanted = length + byteLength;
    // Moving down is enough while half of the buffer is spent; else each byte would move often.
    const fits = !this.#isBorrowed && wanted <= this.bytes.length / 2;
    const target = fits ? this.bytes : new Uint8Array(Math.max(256, 2 * wanted));
    target.set(this.bytes.subarray(this.start, this.limit));
    this.bytes = target;
    this.start = 0;
    this.limit = length;
    this.#isBorrowed = false;
  }
}
