/** Lines written straight to a file descriptor, also when `process.stdout` and `process.stderr` are redirected. */
import { writeSync } from "node:fs";

/** How long a write may block the whole thread while nobody reads, in milliseconds. */
const PATIENCE_MS = 1000;

/**
 * Writes lines synchronously and in order, because a log must also work during a crash. A full pipe is
 * waited for, once, for a second. From then on lines are dropped and counted until somebody reads again.
 * No line is cut.
 */
export class LineWriter {
  readonly #fd: number;
  /** What is not written yet of the last line. Not empty between calls: nobody reads. */
  #rest: Uint8Array = new Uint8Array();
  #droppedLines = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** @param line - with its newline. */
  write(line: string): void {
    // The time for a line that is still here was spent when it came.
    if (!this.#flush(0)) {
      this.#droppedLines++;
      return;
    }
    const lines = this.#droppedLines;
    this.#droppedLines = 0;
    const gap = lines === 0 ? "" : `[WARN] goplug: nobody read the log, ${lines} lines are lost\n`;
    this.#rest = Buffer.from(gap + line);
    this.#flush(PATIENCE_MS);
  }

  /**
   * Whether nothing is left to write. When the reader has gone, lines are dropped, but the program goes on
   * [PLUGIN-8].
   */
  #flush(patienceMs: number): boolean {
    const deadline = performance.now() + patienceMs;
    while (this.#rest.length > 0) {
      try {
        this.#rest = this.#rest.subarray(writeSync(this.#fd, this.#rest));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") break;
        if (performance.now() >= deadline) return false;
        sleep(1);
      }
    }
    this.#rest = new Uint8Array();
    return true;
  }
}

const stderr = new LineWriter(2);

/** Writes `line` and a newline to file descriptor 2, which a host reads as the plugin's log. */
export const writeRealStderr = (line: string): void => stderr.write(`${line}\n`);

/** Blocks the whole thread. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
