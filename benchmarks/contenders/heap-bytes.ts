/** The heap size of this process. */

import { setImmediate as turn } from "node:timers/promises";

/** The bytes in use after a collection: V8's heap and the buffers that it references. Needs `node --expose-gc`. */
export async function heapBytes(): Promise<number> {
  // Finalizers run in a later turn and free more memory.
  for (let i = 0; i < 3; i++) {
    globalThis.gc!();
    await turn();
  }
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
