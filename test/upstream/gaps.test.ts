/** What no test of go-plugin covers, and what goplug does better, where no other file tests it. See README.md. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { testPluginConn } from "goplug/testing";
import { ProcessRunner } from "../../lib/host/process/process-runner.js";
import { handshake, life } from "../fixtures/contracts/life.js";
import { assertGraceful, byStep, goBinary, goTest, runGo } from "../helpers/go.js";
import { newHost } from "../helpers/hosts/new-host.js";
import { tsPlugin } from "../helpers/ts-plugin.js";
import { within } from "../helpers/within.js";

const plugins = { life };

test("[PLUGIN-3] Quit is answered before the plugin ends, every time", async () => {
  for (let round = 0; round < 100; round++) {
    await using conn = await testPluginConn({});
    await conn.client.quit({ timeoutMs: 60_000 });
    await within(60_000, "quit", conn.quit);
  }
});

goTest(
  "[PLUGIN-3] a Go host always gets the answer to Quit from a TypeScript plugin",
  async (t) => {
    const plugin = await tsPlugin("examples/greeter/plugin.ts");
    for (let round = 0; round < 10; round++) {
      assertGraceful(await runGo(t, await goBinary("greeter-host"), ["--", plugin]));
    }
  },
);

test("[PLUGIN-5] a plugin without a method that can be served is an error, not calls that hang", async () => {
  const nothing = { server: () => new Map(), client: () => undefined };
  await using conn = await testPluginConn({ nothing });
  await assert.rejects(conn.client.dispense("nothing", { timeoutMs: 60_000 }), {
    message: "rpc.Register: type Plugin has no exported methods of suitable type",
  });
  await conn.client.ping();
});

test("[PLUGIN-8] a plugin whose stderr nobody reads any more goes on", async (t) => {
  const command = [await tsPlugin("test/fixtures/plugins/life.ts")];
  let runner: ProcessRunner | undefined;
  const client = newHost(t, {
    handshake,
    plugins,
    runner: ({ env }) => {
      runner = new ProcessRunner({ command, env });
      return runner;
    },
  });
  const plugin = await client.dispense("life");
  runner?.stderr.destroy();
  runner?.stdout.destroy();
  for (let i = 0; i < 3; i++) await plugin.Log("to nobody");
  assert.equal(await plugin.Pid(), Number(runner?.id));
  await client.kill();
  assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
});

test("serveMux serves the plugin that its argument names", async (t) => {
  const program = await tsPlugin("test/fixtures/plugins/mux.ts");
  for (const [name, number] of [["one", 1] as const, ["two", 2] as const]) {
    const client = newHost(t, { handshake, plugins, command: [program, name] });
    assert.equal(await (await client.dispense("life")).Pid(), number);
    await client.kill();
  }
});

const IMPROPER =
  "Invoked improperly. This is an internal command that shouldn't\nbe manually invoked.\n";
const MISCONFIGURED =
  "Misconfigured ServeConfig given to serve this plugin: no magic cookie\n" +
  "key or value was set. Please notify the plugin author and report\nthis as a bug.\n";
const misuses: [args: readonly string[], text: string][] = [
  [[], IMPROPER],
  [["one", "two"], IMPROPER],
  [["three"], "Unknown plugin: three\n"],
  [["careless"], MISCONFIGURED],
];
for (const [args, stderr] of misuses) {
  test(`[HANDSHAKE-10] serveMux with ${JSON.stringify(args)} says what is wrong, and exits with 1`, async () => {
    const program = await tsPlugin("test/fixtures/plugins/mux.ts");
    const result = spawnSync(program, args, { encoding: "utf8" });
    assert.deepEqual([result.status, result.stdout, result.stderr], [1, "", stderr]);
  });
}

goTest("[PLUGIN-8] a Go host reads a TypeScript plugin's log with level and fields", async (t) => {
  const plugin = await tsPlugin("test/fixtures/plugins/faulty.ts");
  const { steps } = await runGo(t, await goBinary("greeter-host"), [
    ...["-log", "--", plugin],
    ...["log", "call"],
  ]);
  const records = steps
    .filter(({ step }) => step === "log")
    .map(({ value }) => value as Record<string, unknown>);
  for (const level of ["trace", "debug", "info", "warn", "error"]) {
    const record = records.find((candidate) => candidate["@message"] === `at ${level}`);
    assert.ok(record, `no record at ${level}`);
    assert.equal(record["@level"], level);
    // Go's host takes a line as text unless its time has six digits. Thus a time shows that the record was read.
    assert.match(String(record.timestamp), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d{4})$/);
    const { n, nested, big, error } = record;
    assert.deepEqual(
      { n, nested, big, error },
      { n: 3, nested: { a: 1 }, big: "1152921504606846976", error: "boom <x>" },
    );
  }
});

goTest("[HANDSHAKE-13] a Go host calls a TypeScript plugin on TCP", async (t) => {
  const plugin = await tsPlugin("test/fixtures/plugins/tcp.ts");
  for (const flags of [[], ["-automtls"]]) {
    const result = await runGo(t, await goBinary("greeter-host"), [...flags, "--", plugin]);
    const steps = byStep(result);
    const start = { network: "tcp", protocol: "netrpc", version: 1 };
    assert.deepEqual(steps.get("start")?.value, start);
    assert.equal(steps.get("greet")?.value, "Hello!");
    assertGraceful(result);
  }
});
