/** A TypeScript host in a process of its own, with a TypeScript plugin. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { TestContext } from "node:test";
import { firstText } from "../first-text.js";
import { signalIfAlive } from "../process.js";
import { scratchDirectory } from "../scratch.js";
import { tsPlugin } from "../ts-plugin.js";

/** The plugin's program. */
export const LIFE = "test/fixtures/plugins/life.ts";

/**
 * Starts `holding-host.ts`, which starts a plugin. Both are killed when the test ends.
 *
 * @param flags - the arguments of the plugin.
 * @param env - added to the environment of the host.
 */
export async function hostAndPlugin(t: TestContext, flags: readonly string[] = [], env = {}) {
  const args = [await tsPlugin(LIFE), ...flags];
  const program = await tsPlugin("test/fixtures/plugins/holding-host.ts");
  const TMPDIR = scratchDirectory(t);
  const host = spawn(program, args, { env: { ...process.env, ...env, TMPDIR } });
  t.after(() => host.kill("SIGKILL"));
  host.stderr.pipe(process.stderr);
  const pid = Number(await firstText(host.stdout));
  assert.ok(pid > 0);
  t.after(() => signalIfAlive(pid, "SIGKILL"));
  return { host, pid, TMPDIR };
}
