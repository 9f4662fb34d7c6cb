/** The stdout and stderr of a process that is a plugin. */
import { LineWriter } from "../observe/line-writer.js";
import { redirectedWrite } from "./redirected-write.js";
import { SyncOutput } from "./sync-output.js";

const realStdout = new LineWriter(1);

/**
 * Keeps stdout free for the handshake line, and afterwards sends what is printed to the host. Node cannot
 * exchange the file descriptors 1 and 2. So this reaches what is printed by `console`, `process.stdout` and
 * `process.stderr`, but not what child processes print that inherit the descriptors.
 */
export class PluginStdio {
  /** What is printed on stdout after {@link redirect}. */
  readonly stdout = new SyncOutput();
  /** What is printed on stderr after {@link redirect}. */
  readonly stderr = new SyncOutput();

  /** From now until {@link redirect}, prints on stdout go to stderr [HANDSHAKE-5]. */
  guard(): void {
    process.stdout.write = ((...args: Parameters<typeof process.stderr.write>) =>
      process.stderr.write(...args)) as typeof process.stdout.write;
    // A host that goes away closes the pipes. Without these handlers the next print would end the process.
    process.stdout.on("error", () => {});
    process.stderr.on("error", () => {});
  }

  /** Prints the handshake line. Synchronous, because the host must have it before it connects. */
  announce(line: string): void {
    realStdout.write(line);
  }

  /** From now on prints go to the sync streams [PLUGIN-2]. */
  redirect(): void {
    process.stdout.write = redirectedWrite(this.stdout);
    process.stderr.write = redirectedWrite(this.stderr);
  }
}
