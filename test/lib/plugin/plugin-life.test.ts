import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Client, killOnSignals, type Logger, ServerError } from "goplug";
import { handshake, life } from "../../fixtures/contracts/life.js";
import { gone } from "../../helpers/process.js";
import { scratchDirectory } from "../../helpers/scratch.js";
import { tsPlugin } from "../../helpers/ts-plugin.js";
import { within } from "../../helpers/within.js";

/** How a TypeScript plugin lives and ends. */

const source = "test/fixtures/plugins/life.ts";

interface Logged {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A logger that keeps its records and can be waited on. */
function recorder() {
  const records: Logged[] = [];
  const waiting = new Set<() => void>();
  const at = (level: string) => (fields: Logged["fields"], message: string) => {
    records.push({ level, fields, message });
    for (const look of waiting) look();
  };
  const logger = Object.fromEntries(
    ["trace", "debug", "info", "warn", "error"].map((level) => [level, at(level)]),
  ) as unknown as Logger;
  const record = (message: string) =>
    new Promise<Logged>((resolve) => {
      const look = () => {
        const found = records.find((candidate) => candidate.message === message);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return { logger, records, record };
}

async function start(t: TestContext, logger?: Logger) {
  const TMPDIR = mkdtempSync(join(tmpdir(), "goplug-test-"));
  t.after(() => rmSync(TMPDIR, { recursive: true, force: true }));
  const client = new Client({
    handshake,
    plugins: { life },
    command: [await tsPlugin(source)],
    env: { TMPDIR },
    ...(logger === undefined ? {} : { logger }),
  });
  t.after(() => client.kill());
  return { client, plugin: await client.dispense("life"), TMPDIR };
}

for (const [method, how] of [
  ["Throw", "thrown"],
  ["Reject", "rejected"],
] as const) {
  test(`[PLUGIN-10] an error ${how} and not caught reaches every caller and the log`, async (t) => {
    const { logger, record } = recorder();
    const { client, plugin, TMPDIR } = await start(t, logger);
    const exited = client.exited;
    await assert.rejects(plugin[method]("it broke"), (error: Error) => {
      assert.ok(error instanceof ServerError, String(error));
      assert.equal(error.message, "plugin ended by an uncaught error: it broke");
      return true;
    });
    const { level, fields } = await record("uncaught error in plugin");
    assert.equal(level, "error");
    assert.equal(fields.error, "it broke");
    assert.match(String(fields.stack), /Error: it broke\n\s+at /);
    assert.deepEqual(await exited, { exitCode: 1, signal: undefined });
    assert.deepEqual(readdirSync(TMPDIR), []);
  });
}

test("[PLUGIN-8] the plugin's logger reaches the host's with level and fields", async (t) => {
  const { logger, record } = recorder();
  const { client, plugin } = await start(t, logger);
  await plugin.Log("hello");
  const { level, fields } = await Promise.race([
    record("hello"),
    client.exited.then(() => assert.fail("ended")),
  ]);
  assert.equal(level, "warn");
  const { plugin: name, timestamp, ...rest } = fields;
  assert.match(String(name), /life/);
  assert.match(String(timestamp), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  const module = { "@module": "life" };
  assert.deepEqual(rest, { ...module, n: 3, nested: { a: 1 }, big: "1", error: "boom <x>" });
});

for (const signal of ["SIGTERM", "SIGHUP"] as const) {
  test(`${signal} ends a plugin in order and removes its socket`, async (t) => {
    const { client, TMPDIR } = await start(t);
    const exited = client.exited;
    process.kill(Number(client.id), signal);
    assert.deepEqual(await exited, { exitCode: 0, signal: undefined });
    assert.deepEqual(readdirSync(TMPDIR), []);
  });
}

test("SIGINT, which a terminal sends to both, does not end a plugin", async (t) => {
  const { client, plugin } = await start(t);
  process.kill(Number(client.id), "SIGINT");
  assert.equal(await plugin.Pid(), Number(client.id));
});

/** A host in a process of its own and its plugin's pid. */
async function hostAndPlugin(t: TestContext, flags: readonly string[] = [], env = {}) {
  const args = [await tsPlugin(source), ...flags];
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

test("[PLUGIN-9] a plugin whose host was killed is gone within 5 s", async (t) => {
  const { host, pid, TMPDIR } = await hostAndPlugin(t);
  host.kill("SIGKILL");
  await within(5_000, "the plugin's end", gone(pid));
  assert.deepEqual(readdirSync(TMPDIR), []);
});

test("a host that exits takes its plugin along", async (t) => {
  const { host, pid, TMPDIR } = await hostAndPlugin(t, ["--stay"]);
  host.stdin.write("exit\n");
  await within(5_000, "the plugin's end", gone(pid));
  assert.deepEqual(readdirSync(TMPDIR), []);
});

test("a host that exits while its plugin starts leaves neither process nor directory", async (t) => {
  const SOCKET_DIR = scratchDirectory(t);
  const env = { HOST_MODE: "exit-in-start", SOCKET_DIR };
  const { pid } = await hostAndPlugin(t, ["--stay"], env);
  await within(5_000, "the plugin's end", gone(pid));
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
  test(`killOnSignals ends the plugins first, then lets ${signal} have its way`, async (t) => {
    const { host, pid, TMPDIR } = await hostAndPlugin(t, ["--stay"], { HOST_MODE: "signals" });
    const exited = new Promise((resolve) => host.once("exit", (_, by) => resolve(by)));
    host.kill(signal);
    assert.equal(await within(5_000, "the host's end", exited), signal);
    await within(5_000, "the plugin's end", gone(pid));
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

for (const [title, flags, env] of [
  ["exitWithHost: false", ["--stay"], {}],
  ["GOPLUG_EXIT_WITH_HOST=false", [], { GOPLUG_EXIT_WITH_HOST: "false" }],
] as const) {
  test(`[PLUGIN-9] with ${title} a plugin outlives its host, for another to reattach`, async (t) => {
    const { host, pid } = await hostAndPlugin(t, flags, env);
    host.kill("SIGKILL");
    await new Promise((resolve) => host.once("exit", resolve));
    process.kill(pid, 0);
  });
}
