/** Lines on the process's own stdout and stderr, which stay reachable when `process.stdout` is redirected. */
import { writeSync } from "node:fs";

/** How long a write may hold us up while nobody reads, in milliseconds. */
const PATIENCE_MS = 1000;

/**
 * Writes at once and in order, as a log at a crash must. A pipe that is full is waited for, once for a
 * second; from then on lines are dropped, and counted, until somebody reads. No line is cut.
 */
class LineWriter {
  readonly #fd: number;
  /** What is not out of the last line. */
  #rest: Uint8Array = new Uint8Array();
  #isStuck = false;
  #droppedLines = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** @param line - with its newline. */
  write(line: string): void {
    if (!this.#flush()) {
      this.#droppedLines++;
      return;
    }
    const lines = this.#droppedLines;
    this.#droppedLines = 0;
    const gap = lines === 0 ? "" : `[WARN] goplug: nobody read the log, ${lines} lines are lost\n`;
    this.#rest = Buffer.from(gap + line);
    this.#flush();
  }

  /** Whether all is out. A reader that went away is no reason to end [PLUGIN-8]. */
  #flush(): boolean {
    const deadline = performance.now() + (this.#isStuck ? 0 : PATIENCE_MS);
    while (this.#rest.length > 0) {
      try {
        this.#rest = this.#rest.subarray(writeSync(this.#fd, this.#rest));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") break;
        this.#isStuck = performance.now() >= deadline;
        if (this.#isStuck) return false;
        sleep(1);
      }
    }
    this.#rest = new Uint8Array();
    this.#isStuck = false;
    return true;
  }
}

const stdout = new LineWriter(1);
const stderr = new LineWriter(2);

/** Writes a line on file descriptor 2. */
export const writeRealStderr = (line: string): void => stderr.write(`${line}\n`);

/** Writes a line, which has its newline, on file descriptor 1; returns when it is out. */
export const writeRealStdout = (line: string): void => stdout.write(line);

/** Stops the whole thread. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
