/** What becomes of a plugin when its host exits. Signals are in host-signals.test.ts. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { hostAndPlugin } from "../../helpers/hosts/host-process.js";
import { gone } from "../../helpers/process.js";
import { scratchDirectory } from "../../helpers/scratch.js";
import { within } from "../../helpers/within.js";

test("a host that exits takes its plugin along", async (t) => {
  const { host, pid, TMPDIR } = await hostAndPlugin(t, ["--stay"]);
  host.stdin.write("exit\n");
  await within(60_000, "the plugin's end", gone(pid));
  assert.deepEqual(readdirSync(TMPDIR), []);
});

test("a host that exits while its plugin starts leaves neither process nor directory", async (t) => {
  const SOCKET_DIR = scratchDirectory(t);
  const env = { HOST_MODE: "exit-in-start", SOCKET_DIR };
  const { pid } = await hostAndPlugin(t, ["--stay"], env);
  await within(60_000, "the plugin's end", gone(pid));
  assert.deepEqual(readdirSync(SOCKET_DIR), []);
});

test("with cleanup: false a plugin outlives its host's exit", async (t) => {
  const { host, pid } = await hostAndPlugin(t, ["--stay"], { HOST_MODE: "keep" });
  const exited = new Promise((resolve) => host.once("exit", resolve));
  host.stdin.write("exit\n");
  assert.equal(await exited, 0);
  process.kill(pid, 0);
});
