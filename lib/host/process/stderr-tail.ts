/** The end of a plugin's stderr, for error messages. */

/** How much of it is kept. */
const MAX_TAIL_BYTES = 4096;
/** How much of it an error shows. */
const MAX_TAIL_LINES = 10;

/** Keeps the last bytes of an output, however much the plugin prints. */
export class StderrTail {
  #tail = Buffer.alloc(0);

  /** Adds output. The chunk is copied. */
  push(chunk: Uint8Array): void {
    const kept = Buffer.concat([this.#tail, chunk.subarray(-MAX_TAIL_BYTES)]);
    this.#tail = kept.subarray(-MAX_TAIL_BYTES);
  }

  /** The last lines, without the newline at the end; empty if nothing was printed. */
  get text(): string {
    // The call sites of a JavaScript stack are left out: they would push out the error message above them.
    const lines = this.#tail.toString().trimEnd().split("\n");
    return lines
      .filter((line) => !/^\s+at /.test(line))
      .slice(-MAX_TAIL_LINES)
      .join("\n");
  }
}
