/** The `write` that process.stdout and process.stderr get while a host receives what is printed. */
import type { SyncOutput } from "./sync-output.js";

/** The type of `process.stdout.write`, with its overloads. */
export type Write = typeof process.stdout.write;

/** Puts what is printed into `output`, which takes it at once. Calls back in a microtask. */
export function redirectedWrite(output: SyncOutput): Write {
  return ((
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | ((error?: Error | null) => void),
    callback?: (error?: Error | null) => void,
  ) => {
    const isEncoding = typeof encoding === "string";
    // A copy, because the caller may change its chunk afterwards.
    output.write(
      typeof chunk === "string"
        ? Buffer.from(chunk, isEncoding ? encoding : "utf8")
        : Buffer.from(chunk),
    );
    const done = isEncoding ? callback : (encoding ?? callback);
    if (done !== undefined) queueMicrotask(() => done());
    return true;
  }) as Write;
}
