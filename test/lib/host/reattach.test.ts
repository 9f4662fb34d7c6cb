/** Clients of plugins that run already. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { PluginError } from "goplug";
import { lifeClient, lifeProgram } from "../../helpers/hosts/life-client.js";
import { gone } from "../../helpers/process.js";
import { scratchDirectory } from "../../helpers/scratch.js";

test("TestClient_reattach: a second client uses and ends the plugin of the first", async (t) => {
  const command = [await lifeProgram(), "--stay"];
  const first = lifeClient(t, { command });
  const pid = await (await first.dispense("life")).Pid();
  const reattach = first.reattachConfig!;
  assert.equal(reattach.pid, pid);
  const second = lifeClient(t, { reattach });
  assert.equal(await (await second.dispense("life")).Pid(), pid);
  assert.equal(second.reattachConfig, reattach);
  assert.equal(second.negotiatedVersion, 1);
  await second.kill();
  await gone(pid);
  await first.exited;
  assert.equal(first.reattachConfig, undefined);
});

test("reattaching to a plugin in test mode leaves it alone", async (t) => {
  const command = [await lifeProgram()];
  const first = lifeClient(t, { command });
  await first.start();
  const { address } = first.reattachConfig!;
  const second = lifeClient(t, { reattach: { address, test: true } });
  const pid = await (await second.dispense("life")).Pid();
  assert.equal(second.id, "");
  await second.kill();
  assert.equal(await (await first.dispense("life")).Pid(), pid);
});

test("TestClient_reattachNotFound: a dead address or process is process-not-found", async (t) => {
  const address = { network: "unix", address: join(scratchDirectory(t), "nobody") } as const;
  const attach = (pid: number) => lifeClient(t, { reattach: { address, pid } });
  const notFound = { code: "process-not-found", message: /^reattachment process not found/ };
  await assert.rejects(attach(process.pid).start(), notFound);
  await assert.rejects(attach(2 ** 22 + 1).start(), notFound);
  await assert.rejects(attach(0).start(), { code: "bad-config" });
});

test("reattaching checks protocol and version, which Go does not", async (t) => {
  const address = { network: "unix", address: "/nowhere" } as const;
  const attach = (more: object) =>
    lifeClient(t, { reattach: { address, pid: process.pid, ...more } }).start();
  await assert.rejects(attach({ protocol: "grpc" }), { code: "unsupported-protocol" });
  await assert.rejects(attach({ protocolVersion: 9 }), (error: PluginError) => {
    assert.equal(error.code, "app-version");
    assert.equal(error.pluginVersion, 9);
    assert.deepEqual(error.hostVersions, [1]);
    return true;
  });
});

test("a plugin that is not a process of this machine is reattached to through a runner", async (t) => {
  const first = lifeClient(t, { command: [await lifeProgram(), "--stay"] });
  const plugin = await first.dispense("life");
  const { pid, ...reattach } = first.reattachConfig!;
  let kills = 0;
  const runner = () => ({
    id: `container-${pid}`,
    exited: first.exited,
    handles: [],
    kill: () => {
      kills++;
    },
  });
  const second = lifeClient(t, { reattach: { ...reattach, runner } });
  assert.equal(await (await second.dispense("life")).Pid(), await plugin.Pid());
  assert.equal(second.id, `container-${pid}`);
  await second.kill();
  assert.equal(kills, 0);
  assert.deepEqual(await second.exited, { exitCode: 0, signal: undefined });
});
