import { setImmediate as turn } from "node:timers/promises";

/** What is left after a collection: V8's heap, and the buffers that hang on it. Needs `node --expose-gc`. */
export async function heapBytes(): Promise<number> {
  // Finalizers run in a later turn, and set more free.
  for (let i = 0; i < 3; i++) {
    globalThis.gc!();
    await turn();
  }
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
