/** Whether somebody still reads our stdout, which is how a plugin notices that its host has gone. */
import { fstatSync, writeSync } from "node:fs";

/**
 * Makes a test of whether somebody can still read our stdout. A newline is written to find out: hosts
 * read stdout to its end and drop it. Only a pipe or socket can tell; elsewhere the answer is yes.
 */
export function stdoutProbe(): () => boolean {
  const pipe = stdoutPipe();
  return () => {
    // Closed by the program itself: something else may have got the number, and must not be written to.
    if (pipe === undefined || stdoutPipe() !== pipe) return true;
    try {
      writeSync(1, "\n");
      return true;
    } catch (error) {
      // A pipe that is full has a reader, though a slow one.
      return (error as NodeJS.ErrnoException).code !== "EPIPE";
    }
  };
}

/** The inode of the pipe or socket that is our stdout. */
function stdoutPipe(): number | undefined {
  try {
    const stat = fstatSync(1);
    return stat.isFIFO() || stat.isSocket() ? stat.ino : undefined;
  } catch {
    return undefined;
  }
}
