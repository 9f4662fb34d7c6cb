/** What becomes of a plugin when its host exits or gets a signal. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { killOnSignals } from "goplug";
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

test("with keepAtExit a plugin outlives its host's exit", async (t) => {
  const { host, pid } = await hostAndPlugin(t, ["--stay"], { HOST_MODE: "keep" });
  const exited = new Promise((resolve) => host.once("exit", resolve));
  host.stdin.write("exit\n");
  assert.equal(await exited, 0);
  process.kill(pid, 0);
});

for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) {
  test(`killOnSignals ends the plugins first, and then ${signal} ends the host`, async (t) => {
    const { host, pid, TMPDIR } = await hostAndPlugin(t, ["--stay"], { HOST_MODE: "signals" });
    const exited = new Promise((resolve) => host.once("exit", (_, by) => resolve(by)));
    host.kill(signal);
    assert.equal(await within(60_000, "the host's end", exited), signal);
    await within(60_000, "the plugin's end", gone(pid));
    assert.deepEqual(readdirSync(TMPDIR), []);
  });
}

test("killOnSignals takes its handlers off again", () => {
  const counts = () => ["SIGTERM", "SIGUSR2"].map((signal) => process.listenerCount(signal));
  const before = counts();
  const off = killOnSignals(["SIGTERM", "SIGUSR2"]);
  assert.deepEqual(
    counts(),
    before.map((count) => count + 1),
  );
  off();
  assert.deepEqual(counts(), before);
});
