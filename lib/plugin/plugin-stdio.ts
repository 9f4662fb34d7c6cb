import { writeRealStdout } from "../observe/line-writer.js";
import { SyncOutput } from "./sync-output.js";

/**
 * A plugin's stdout belongs to the handshake line, and afterwards to the host's sync streams. Node
 * cannot exchange file descriptors 1 and 2, so this reaches what is printed through `console`,
 * `process.stdout` and `process.stderr`, and not what child processes that inherit them print.
 */
export class PluginStdio {
  readonly stdout = new SyncOutput();
  readonly stderr = new SyncOutput();

  /** Until the line is out, what is printed on stdout goes to stderr [HANDSHAKE-5]. */
  guard(): void {
    process.stdout.write = ((...args: Parameters<typeof process.stderr.write>) =>
      process.stderr.write(...args)) as typeof process.stdout.write;
    // A host that goes away closes the pipes; that alone must not end us.
    process.stdout.on("error", () => {});
    process.stderr.on("error", () => {});
  }

  /** Prints the handshake line on the real stdout. Synchronous: the line must be out when we serve. */
  announce(line: string): void {
    writeRealStdout(line);
  }

  /** From here on prints go to the sync streams [PLUGIN-2]. */
  redirect(): void {
    process.stdout.write = redirected(this.stdout);
    process.stderr.write = redirected(this.stderr);
  }
}

type Write = typeof process.stdout.write;

function redirected(output: SyncOutput): Write {
  return ((
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | ((error?: Error | null) => void),
    callback?: (error?: Error | null) => void,
  ) => {
    const isEncoding = typeof encoding === "string";
    output.write(
      typeof chunk === "string"
        ? Buffer.from(chunk, isEncoding ? encoding : "utf8")
        : Uint8Array.prototype.slice.call(chunk),
    );
    const done = isEncoding ? callback : (encoding ?? callback);
    if (done !== undefined) queueMicrotask(() => done());
    return true;
  }) as Write;
}
