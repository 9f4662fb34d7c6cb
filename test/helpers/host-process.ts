/** A host in a process of its own, with a plugin, both TypeScript. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { TestContext } from "node:test";
import { scratchDirectory } from "./scratch.js";
import { tsPlugin } from "./ts-plugin.js";

/** The plugin's program. */
export const LIFE = "test/fixtures/plugins/life.ts";

/**
 * Starts `holding-host.ts`, which starts a plugin.
 *
 * @param flags - arguments of the plugin.
 * @param env - further variables of the host.
 */
export async function hostAndPlugin(t: TestContext, flags: readonly string[] = [], env = {}) {
  const args = [await tsPlugin(LIFE), ...flags];
  const program = await tsPlugin("test/fixtures/plugins/holding-host.ts");
  const TMPDIR = scratchDirectory(t);
  const host = spawn(program, args, { env: { ...process.env, ...env, TMPDIR } });
  t.after(() => host.kill("SIGKILL"));
  host.stderr.pipe(process.stderr);
  const pid = Number(String(await new Promise((resolve) => host.stdout.once("data", resolve))));
  assert.ok(pid > 0);
  t.after(() => {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  });
  return { host, pid, TMPDIR };
}
