/** A DataView for numbers of several bytes, made as seldom as possible: making one costs as much as decoding a struct. */

/** The view keeps memory alive. A larger buffer is let go as soon as the cursor leaves it. */
const MAX_KEPT_BYTES = 65_536;
const NO_MEMORY = new DataView(new ArrayBuffer(8));
const NO_BYTES = Buffer.alloc(0);

/** The memory below a buffer. Several chunks often share theirs, so one view serves many of them. */
export class ChunkView {
  /** Where the buffer last given to {@link of} begins in its memory. */
  offset = 0;
  #view: DataView = NO_MEMORY;
  /** The last buffer. Comparing with it is faster than asking a Buffer for its memory. */
  #viewed: Buffer = NO_BYTES;

  /** The memory of `bytes`, which begin at {@link offset} in it. */
  of(bytes: Buffer): DataView {
    if (this.#viewed !== bytes) this.#use(bytes);
    return this.#view;
  }

  #use(bytes: Buffer): void {
    const { buffer, byteOffset } = bytes;
    if (this.#view.buffer !== buffer) this.#view = new DataView(buffer);
    this.offset = byteOffset;
    this.#viewed = bytes;
  }

  /** Lets go of a large buffer. */
  release(): void {
    if (this.#viewed.length <= MAX_KEPT_BYTES) return;
    this.#view = NO_MEMORY;
    this.#viewed = NO_BYTES;
  }
}
