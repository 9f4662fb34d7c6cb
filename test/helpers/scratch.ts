/** Temporary directories that are removed when the test is over. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A test's context, or the functions of node:test where the directory is for a whole file. */
interface Owner {
  after(remove: () => void): void;
}

/**
 * Makes a temporary directory. It is removed with everything in it when the test is over.
 *
 * @param parent - made if it does not exist. Default: the system's folder for temporary files.
 */
export function scratchDirectory(owner: Owner, parent = tmpdir()): string {
  mkdirSync(parent, { recursive: true });
  const path = mkdtempSync(join(parent, "goplug-test-"));
  owner.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
