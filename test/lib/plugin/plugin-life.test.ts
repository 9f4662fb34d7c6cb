/** How a TypeScript plugin lives and ends. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { Client, type Logger, ServerError } from "goplug";
import { handshake, life } from "../../fixtures/contracts/life.js";
import { hostAndPlugin, LIFE } from "../../helpers/hosts/host-process.js";
import { gone } from "../../helpers/process.js";
import { recorder } from "../../helpers/recorder.js";
import { scratchDirectory } from "../../helpers/scratch.js";
import { tsPlugin } from "../../helpers/ts-plugin.js";
import { within } from "../../helpers/within.js";

async function start(t: TestContext, logger?: Logger) {
  const TMPDIR = scratchDirectory(t);
  const client = new Client({
    handshake,
    plugins: { life },
    command: [await tsPlugin(LIFE)],
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
  test(`[PLUGIN-10] an uncaught error, ${how}, reaches every caller and the log`, async (t) => {
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

test("[PLUGIN-9] a plugin whose host was killed is gone within 5 s", async (t) => {
  const { host, pid, TMPDIR } = await hostAndPlugin(t);
  host.kill("SIGKILL");
  await within(60_000, "the plugin's end", gone(pid));
  assert.deepEqual(readdirSync(TMPDIR), []);
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
