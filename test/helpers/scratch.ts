import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** A temporary directory that goes with the test. */
export function scratchDirectory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "goplug-test-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
