/** Whether somebody still reads our stdout: only the host does. */
import { fstatSync, writeSync } from "node:fs";

/**
 * Makes a function that tells whether stdout has a reader. It writes a newline to find out; hosts drop
 * everything after the handshake line. Where stdout is not a pipe or socket the answer is always yes.
 */
export function stdoutProbe(): () => boolean {
  const pipe = stdoutPipe();
  return () => {
    // The program may have closed its stdout. Descriptor 1 may be another file now, which must not get a newline.
    if (pipe === undefined || stdoutPipe() !== pipe) return true;
    try {
      writeSync(1, "\n");
      return true;
    } catch (error) {
      // A full pipe (EAGAIN) has a reader, though a slow one.
      return (error as NodeJS.ErrnoException).code !== "EPIPE";
    }
  };
}

/** The inode of our stdout if it is a pipe or socket. */
function stdoutPipe(): number | undefined {
  try {
    const stat = fstatSync(1);
    return stat.isFIFO() || stat.isSocket() ? stat.ino : undefined;
  } catch {
    return undefined;
  }
}
