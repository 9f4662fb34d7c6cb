/** The end of a plugin's stderr, for error messages. */
import { usefulLines } from "./useful-lines.js";

/** How much of the end is kept: much more than is shown, because most of a crash is stack. */
const MAX_TAIL_BYTES = 64 * 1024;

/** How much is kept of what begins a Go crash. The stacks of all goroutines follow it, which may be megabytes. */
const MAX_CRASH_BYTES = 4096;

/** At the start of a line, these begin a Go crash. */
const CRASHES = ["\npanic: ", "\nfatal error: "].map((text) => Buffer.from(text));
const LONGEST_CRASH = Math.max(...CRASHES.map(({ length }) => length));

/** Keeps the last bytes of an output, however much the plugin prints, and the beginning of a crash. */
export class StderrTail {
  #chunks: Buffer[] = [];
  #byteLength = 0;
  #isCut = false;
  /** What follows the last beginning of a crash. */
  #crash: Buffer | undefined;
  /** The end of the chunk before. A line may begin there. */
  #before: Buffer = Buffer.from("\n");

  /** Adds output. The chunk is copied. */
  push(chunk: Uint8Array): void {
    const kept = Buffer.from(chunk.subarray(-MAX_TAIL_BYTES));
    this.#isCut ||= kept.length < chunk.length;
    this.#keepCrash(chunk);
    this.#chunks.push(kept);
    this.#byteLength += kept.length;
    while (this.#byteLength - this.#chunks[0]!.length >= MAX_TAIL_BYTES) {
      this.#byteLength -= this.#chunks.shift()!.length;
      this.#isCut = true;
    }
  }

  /** The lines that say most, without stacks, without the newline at the end; empty if nothing was printed. */
  get text(): string {
    const tail = Buffer.concat(this.#chunks);
    // Where something was cut off, the first line is not whole.
    const start = this.#isCut ? tail.indexOf("\n") + 1 : 0;
    const crash = this.#crash?.toString() ?? "";
    return usefulLines(tail.toString("utf8", start), crash).join("\n");
  }

  #keepCrash(chunk: Uint8Array): void {
    const joined = Buffer.concat([this.#before, chunk]);
    const at = Math.max(...CRASHES.map((text) => joined.lastIndexOf(text)));
    if (at >= 0) this.#crash = Buffer.from(joined.subarray(at + 1, at + 1 + MAX_CRASH_BYTES));
    else if (this.#crash !== undefined && this.#crash.length < MAX_CRASH_BYTES) {
      this.#crash = Buffer.concat([this.#crash, chunk]).subarray(0, MAX_CRASH_BYTES);
    }
    this.#before = Buffer.from(joined.subarray(1 - LONGEST_CRASH));
  }
}
