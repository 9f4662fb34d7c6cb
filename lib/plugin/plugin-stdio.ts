/** The stdout and stderr of a process that is a plugin. */
import { LineWriter } from "../observe/line-writer.js";
import type { Logger } from "../observe/logger.js";
import { carry, divert } from "./output-stream.js";
import { SyncOutput } from "./sync-output.js";

const realStdout = new LineWriter(1);

/**
 * Keeps stdout free for the handshake line, and afterwards sends what is printed to the host. Node cannot
 * exchange the file descriptors 1 and 2. So this reaches what is printed by `console`, `process.stdout` and
 * `process.stderr`, but not what child processes print that inherit the descriptors.
 */
export class PluginStdio {
  /** What is printed on stdout after {@link redirect}. */
  readonly stdout: SyncOutput;
  /** What is printed on stderr after {@link redirect}. */
  readonly stderr: SyncOutput;
  #giveBack: readonly (() => void)[] = [];

  /**
   * @param maxWaitingBytes - the bound for each of the two.
   * @throws PluginError `bad-config`.
   */
  constructor(maxWaitingBytes: number | undefined, logger: Logger) {
    this.stdout = new SyncOutput({ name: "stdout", maxWaitingBytes, logger });
    this.stderr = new SyncOutput({ name: "stderr", maxWaitingBytes, logger });
  }

  /** From now on prints on stdout go to stderr [HANDSHAKE-5]. */
  static guard(): void {
    divert(process.stdout, process.stderr);
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
    this.#giveBack = [carry(process.stdout, this.stdout), carry(process.stderr, this.stderr)];
    // `process.exit` in a method comes before the output of that turn has left.
    process.once("exit", () => {
      this.stdout.exit();
      this.stderr.exit();
    });
  }

  /** No host is there any more: prints go to the real stderr, which is the log. */
  close(): void {
    for (const giveBack of this.#giveBack) giveBack();
    this.stdout.close();
    this.stderr.close();
  }
}
