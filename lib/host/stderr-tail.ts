/** How much of the plugin's stderr an error can show. */
const MAX_TAIL_BYTES = 4096;
const MAX_TAIL_LINES = 10;

/** The end of a stream of output, for error messages: bounded, whatever the plugin prints. */
export class StderrTail {
  #tail = Buffer.alloc(0);

  push(chunk: Uint8Array): void {
    const kept = Buffer.concat([this.#tail, chunk.subarray(-MAX_TAIL_BYTES)]);
    this.#tail = kept.subarray(-MAX_TAIL_BYTES);
  }

  /** The last lines, without the newline at the end; empty when nothing was printed. */
  get text(): string {
    // Without the places of a JavaScript stack, which would push the message itself out.
    const lines = this.#tail.toString().trimEnd().split("\n");
    return lines
      .filter((line) => !/^\s+at /.test(line))
      .slice(-MAX_TAIL_LINES)
      .join("\n");
  }
}
