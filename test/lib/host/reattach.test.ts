/** Clients of plugins that run already. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Address, PluginError } from "goplug";
import { AttachedProcess } from "../../../lib/host/process/attached-process.js";
import { isAlive, statOf } from "../../../lib/host/process/process-table.js";
import { firstText } from "../../helpers/first-text.js";
import { keepWarnings, lifeClient, lifeProgram } from "../../helpers/hosts/life-client.js";
import { gone, signalIfAlive } from "../../helpers/process.js";
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

/** A process that is nobody's plugin. Ends with the test. */
function innocent(t: TestContext): ChildProcess {
  const sleeper = spawn("sleep", ["600"], { stdio: "ignore" });
  t.after(() => sleeper.kill("SIGKILL"));
  return sleeper;
}

/** Listens as somebody who is no plugin. */
async function stranger(t: TestContext, onConnection: (socket: Socket) => void): Promise<Address> {
  const address = join(scratchDirectory(t), "stranger");
  const server = createServer((socket) => {
    socket.on("error", () => {});
    onConnection(socket);
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  server.listen(address);
  await once(server, "listening");
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { network: "unix", address };
}

const strangers: Record<string, (socket: Socket) => void> = {
  "says nothing": () => {},
  "hangs up": (socket) => socket.end(),
  "is no yamux": (socket) => socket.write("SSH-2.0-OpenSSH_9.6\r\n"),
};

for (const [what, onConnection] of Object.entries(strangers)) {
  for (const use of ["start", "dispense", "dispense and kill at once"]) {
    test(`[PLUGIN-15] a listener that ${what}, and ${use}: kill leaves the process alone and says so`, async (t) => {
      const sleeper = innocent(t);
      const address = await stranger(t, onConnection);
      const { logger, warnings } = keepWarnings();
      const client = lifeClient(t, {
        reattach: { address, pid: sleeper.pid! },
        logger,
        connectTimeoutMs: 100,
        killGraceMs: 200,
      });
      await client.start();
      const failing = use === "start" ? undefined : assert.rejects(client.dispense("life"));
      if (use === "dispense") await failing;
      const result = await client.kill();
      await failing;
      assert.equal(result.outcome, "left-alone");
      const why = /^plugin: not ended by force: it has not answered on a connection of this client/;
      assert.match(result.reason ?? "", why);
      assert.deepEqual(
        warnings.map(([{ id, reason }, text]) => [id, reason, text]),
        [[String(sleeper.pid), result.reason, "plugin process was left alone"]],
      );
      // It is watched no longer: nothing is left that could keep us alive.
      assert.deepEqual(await client.exited, { exitCode: undefined, signal: undefined });
      assert.equal(await client.kill(), result);
      assert.ok(isAlive(sleeper.pid!));
      assert.ok(existsSync(address.address), "the stranger's socket was removed");
    });
  }
}

test("[PLUGIN-15] a process that does not listen at the address of the plugin that answers is left alone", {
  skip: process.platform !== "linux" && "only Linux tells who listens",
}, async (t) => {
  const sleeper = innocent(t);
  const first = lifeClient(t, { command: [await lifeProgram(), "--stay"] });
  await first.start();
  const { address } = first.reattachConfig!;
  const client = lifeClient(t, { reattach: { address, pid: sleeper.pid! }, killGraceMs: 500 });
  await client.ping();
  const { outcome, reason } = await client.kill();
  assert.equal(outcome, "left-alone");
  assert.match(reason!, new RegExp(`: process ${sleeper.pid} does not listen on unix /`));
  // The plugin itself was asked, and has ended.
  assert.deepEqual(await first.exited, { exitCode: 0, signal: undefined });
  assert.ok(isAlive(sleeper.pid!));
});

for (const [pid, why] of [
  [process.pid, "it is our own process"],
  [1, "it is the first process of the system"],
] as const) {
  test(`[PLUGIN-15] process ${pid === 1 ? 1 : "of our own"} is never ended by force`, async (t) => {
    const first = lifeClient(t, { command: [await lifeProgram(), "--stay"] });
    await first.start();
    const { address } = first.reattachConfig!;
    const client = lifeClient(t, { reattach: { address, pid }, killGraceMs: 500 });
    await client.ping();
    const reason = `plugin: not ended by force: ${why}`;
    assert.deepEqual(await client.kill(), { outcome: "left-alone", reason });
    await first.exited;
  });
}

test("[PLUGIN-15] numbers that mean a process group are refused before anything is looked for", async (t) => {
  const address = { network: "unix", address: "/nowhere" } as const;
  for (const pid of [0, -1, -process.pid, Number.NaN, 1.5]) {
    const client = lifeClient(t, { reattach: { address, pid } });
    await assert.rejects(client.start(), { code: "bad-config" }, `${pid}`);
    assert.deepEqual(await client.kill(), { outcome: "not-running" });
  }
});

test("[PLUGIN-15] a plugin that has answered and then stands still is ended by force, behind a script too", async (t) => {
  const script = join(scratchDirectory(t), "plugin");
  writeFileSync(script, `#!/bin/sh\n${await lifeProgram()} "$@"\n`, { mode: 0o755 });
  for (const program of [await lifeProgram(), script]) {
    const first = lifeClient(t, { command: [program, "--stay"] });
    const plugin = await (await first.dispense("life")).Pid();
    t.after(() => signalIfAlive(plugin, "SIGKILL"));
    const { pid, address } = first.reattachConfig!;
    const client = lifeClient(t, { reattach: { address, pid: pid! }, killGraceMs: 100 });
    await client.ping();
    process.kill(plugin, "SIGSTOP");
    assert.deepEqual(await client.kill(), { outcome: "killed" });
    assert.deepEqual(await first.exited, { exitCode: undefined, signal: "SIGKILL" });
  }
});

test("[PLUGIN-15] a plugin whose connection was lost is asked over a new one", async (t) => {
  const first = lifeClient(t, { command: [await lifeProgram(), "--stay"] });
  await first.start();
  const { pid, address } = first.reattachConfig!;
  const tunnels: Socket[] = [];
  const tunnel = await stranger(t, (socket) => {
    const onward = connect(address.address).on("error", () => {});
    socket.pipe(onward).pipe(socket);
    tunnels.push(socket);
  });
  const client = lifeClient(t, { reattach: { address: tunnel, pid: pid! } });
  const plugin = await client.dispense("life");
  for (const socket of tunnels) socket.destroy();
  await assert.rejects(plugin.Pid());
  assert.deepEqual(await client.kill(), { outcome: "exited" });
  assert.deepEqual(await first.exited, { exitCode: 0, signal: undefined });
});

test("[PLUGIN-15] a runner of the user is not told to end what has not answered", async (t) => {
  const address = await stranger(t, (socket) => socket.end());
  let kills = 0;
  const runner = () => ({
    id: "container",
    exited: new Promise<never>(() => {}),
    handles: [],
    kill: () => {
      kills++;
    },
  });
  const client = lifeClient(t, { reattach: { address, runner } });
  await assert.rejects(client.dispense("life"));
  assert.equal((await client.kill()).outcome, "left-alone");
  assert.equal(kills, 0);
});

test("in test mode kill says that it leaves the plugin alone", async (t) => {
  const first = lifeClient(t, { command: [await lifeProgram()] });
  await first.start();
  const { address } = first.reattachConfig!;
  const client = lifeClient(t, { reattach: { address, test: true } });
  await client.ping();
  assert.deepEqual(await client.kill(), {
    outcome: "left-alone",
    reason: "plugin: not ended: it is in test mode",
  });
  assert.deepEqual(await client.exited, { exitCode: undefined, signal: undefined });
});

test("a process that has ended counts as ended, although its parent does not ask how", {
  skip: process.platform !== "linux" && "only Linux tells the two apart",
}, async (t) => {
  const script = "sleep 600 & echo $!; exec sleep 600";
  const parent = spawn("/bin/sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore"] });
  t.after(() => parent.kill("SIGKILL"));
  const pid = Number(await firstText(parent.stdout));
  t.after(() => signalIfAlive(pid, "SIGKILL"));
  // A shell may still ask how its children ended. What it becomes does not.
  const program = () => readFileSync(`/proc/${parent.pid}/comm`, "latin1").trim();
  while (program() !== "sleep") await new Promise(setImmediate);
  const attached = new AttachedProcess(pid);
  process.kill(pid, "SIGKILL");
  while (statOf(pid)?.isZombie !== true) await new Promise(setImmediate);
  attached.look();
  assert.deepEqual(await attached.exited, { exitCode: undefined, signal: undefined });
});

const LAST_PID = "/proc/sys/kernel/ns_last_pid";

function canChoosePids(): boolean {
  try {
    accessSync(LAST_PID, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts a process with the number of one that has ended. False if another process of the system took it. */
function reuse(t: TestContext, pid: number): boolean {
  for (let tries = 0; tries < 5; tries++) {
    writeFileSync(LAST_PID, String(pid - 1));
    if (innocent(t).pid === pid) return true;
  }
  return false;
}

/** A client of a plugin whose number a later process has got. */
async function replaced(
  t: TestContext,
): Promise<{ client: ReturnType<typeof lifeClient>; pid: number }> {
  for (let rounds = 0; rounds < 20; rounds++) {
    const first = lifeClient(t, { command: [await lifeProgram(), "--stay"] });
    await first.start();
    const { address, pid } = first.reattachConfig!;
    const client = lifeClient(t, { reattach: { address, pid: pid! } });
    await client.ping();
    process.kill(pid!, "SIGKILL");
    await first.exited;
    if (reuse(t, pid!)) return { client, pid: pid! };
    await client.kill();
  }
  return assert.fail("other processes took the number each time");
}

test("[PLUGIN-15] a later process with the number of the plugin is not taken for it", {
  skip: !canChoosePids() && "only root on Linux chooses process numbers",
}, async (t) => {
  const { client, pid } = await replaced(t);
  assert.deepEqual(await client.kill(), { outcome: "exited" });
  assert.ok(isAlive(pid));
});
