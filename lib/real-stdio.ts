import { fstatSync, writeSync } from "node:fs";

/** The process's own stdout and stderr, which stay reachable when `process.stdout` is redirected. */

/** Writes a line on file descriptor 2. A reader that went away is no reason to end [PLUGIN-8]. */
export function writeRealStderr(line: string): void {
  writeFully(2, `${line}\n`);
}

/** Writes on file descriptor 1 and returns when it is out. */
export function writeRealStdout(text: string): void {
  writeFully(1, text);
}

/**
 * Whether somebody can still read our stdout. A newline is written to find out: hosts read stdout to
 * its end and drop it. Only a pipe or socket can tell; elsewhere the answer is yes.
 */
export function hasStdoutReader(): boolean {
  try {
    const stdout = fstatSync(1);
    if (!stdout.isFIFO() && !stdout.isSocket()) return true;
    writeSync(1, "\n");
    return true;
  } catch (error) {
    // A pipe that is full has a reader, though a slow one.
    return (error as NodeJS.ErrnoException).code === "EAGAIN";
  }
}

function writeFully(fd: number, text: string): void {
  try {
    let rest = Buffer.from(text);
    while (rest.length > 0) rest = rest.subarray(writeSync(fd, rest));
  } catch {
    // EPIPE: nobody reads. EAGAIN: nobody reads fast enough; a log line is not worth waiting for.
  }
}
