/** The example `runner`, which runs plugins through a wrapper. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { greeter, handshake } from "../../examples/greeter/contract.js";
import { wrapped } from "../../examples/runner/runner.js";
import { goBinary, goTest } from "../helpers/go.js";
import { newHost } from "../helpers/hosts/new-host.js";
import { gone } from "../helpers/process.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { tsPlugin } from "../helpers/ts-plugin.js";
import { within } from "../helpers/within.js";

const greeterPlugin = () => tsPlugin("examples/greeter/plugin.ts");

test("examples/runner greets through its wrapper", async () => {
  for (const wrapper of [[], ["/bin/sh", "-c", 'echo wrapped >&2; exec "$@"', "sh"]]) {
    const args = ["--import", "tsx", "examples/runner/host.ts", await greeterPlugin(), ...wrapper];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8" });
    assert.deepEqual([status, stdout], [0, "Hello!\n"], stderr);
    assert.equal(/^wrapped$/m.test(stderr), wrapper.length > 0);
  }
});

goTest("the example's runner runs a Go plugin, and leaves nothing behind", async (t) => {
  const tempDir = scratchDirectory(t);
  const runner = wrapped(["nice", "-n", "1"], await goBinary("greeter-plugin"));
  const client = newHost(t, { handshake, plugins: { greeter }, runner, unixSocket: { tempDir } });
  assert.equal(await (await client.dispense("greeter")).Greet(), "Hello!");
  await client.kill();
  assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
  assert.deepEqual(readdirSync(tempDir), []);
});

test("the example's runner ends wrapper and plugin, also by force", async (t) => {
  const pidFile = join(scratchDirectory(t), "pid");
  // The wrapper runs beside the plugin, and the plugin is stopped.
  const wrapper = ["/bin/sh", "-c", `"$@" & echo $! > ${pidFile}; wait`, "sh"];
  const runner = wrapped(wrapper, await greeterPlugin());
  const client = newHost(t, { handshake, plugins: { greeter }, runner, killGraceMs: 50 });
  await client.start();
  const pid = Number(readFileSync(pidFile, "utf8"));
  process.kill(pid, "SIGSTOP");
  await within(60_000, "kill", client.kill());
  assert.deepEqual(await client.exited, { exitCode: undefined, signal: "SIGKILL" });
  await within(60_000, "the plugin's end", gone(pid));
});

test("the example's runner reports a wrapper that is not a program, or that prints", async (t) => {
  const start = async (wrapper: readonly string[]) => {
    const runner = wrapped(wrapper, await greeterPlugin());
    const client = newHost(t, { handshake, plugins: { greeter }, runner });
    return client.start();
  };
  await assert.rejects(start(["/no/such/wrapper"]), {
    code: "spawn-failed",
    message: /^plugin: the runner failed \(.*greeter-plugin\): .*ENOENT/,
  });
  await assert.rejects(start(["/bin/echo", "banner"]), {
    code: "unrecognized",
    message: /^Unrecognized remote plugin message: banner .*\nIt was run as: \/bin\/echo banner /,
  });
});
