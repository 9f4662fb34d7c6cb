/** Blocks the event loop of the test, as a long computation does, while other processes go on. */
import { existsSync } from "node:fs";

/** How long a mark may take to appear. A test that waits longer has failed. */
const PATIENCE_MS = 60_000;

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Blocks for at least `ms` milliseconds. */
export const block = (ms: number): void => void Atomics.wait(cell, 0, 0, ms);

/** Blocks until the file `mark` exists, and for at least `ms` milliseconds. */
export function blockUntil(mark: string, ms: number): void {
  const start = performance.now();
  block(ms);
  while (!existsSync(mark)) {
    if (performance.now() - start > PATIENCE_MS) throw new Error(`no ${mark}`);
    block(5);
  }
}
