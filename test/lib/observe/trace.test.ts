/** What people can see with GOPLUG_TRACE. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { traceWait } from "../../../lib/observe/trace.js";
import { tsPlugin } from "../../helpers/ts-plugin.js";

// Read once, at the first trace, so it holds for this whole file.
process.env.GOPLUG_TRACE = "broker";

test("GOPLUG_TRACE writes readable lines to stderr, and in a plugin records to its log", async () => {
  const host = await tsPlugin("test/fixtures/plugins/greeter-host.ts");
  const args = [await tsPlugin("examples/greeter/plugin.ts")];
  const run = (GOPLUG_TRACE: string) =>
    spawnSync(host, args, { env: { ...process.env, GOPLUG_TRACE }, encoding: "utf8" });
  const { stdout, stderr } = run("handshake,yamux,broker,rpc,gob,process");
  assert.equal(stdout, "Hello!\n");
  for (const line of [
    /^goplug process: start of \S+greeter-plugin: \d+ ms$/m,
    /^goplug handshake: plugin \d+ says \{.*"protocol":"netrpc"/m,
    /^goplug yamux: session 1 -> Vsn:0 Type:1 Flags:1 StreamID:1 Length:\d+$/m,
    /^goplug yamux: session 1 <- Vsn:0 Type:1 Flags:2 StreamID:1 Length:\d+$/m,
    /^goplug broker: dial of id 1: \d+ ms$/m,
    /^goplug rpc: call \d+ caller Plugin\.Greet: \d+ ms$/m,
    /^goplug gob: sent$/m,
    /^goplug gob: .*"Plugin\.Greet"/m,
    /^goplug process: plugin \d+: exit code 0$/m,
    /^\{"@level":"trace","@message":"line: 1\|1\|unix\|.*"topic":"handshake"\}$/m,
    /^\{"@level":"trace","@message":"call \d+ server Plugin\.Greet: .*"topic":"rpc"\}$/m,
  ]) {
    assert.match(stderr, line);
  }
  assert.doesNotMatch(run("").stderr, /^goplug |"@level":"trace"/m);
});

test("a long wait is reported while it lasts", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const lines: string[] = [];
  t.mock.method(process.stderr, "write", (text: string) => lines.push(text));
  let end!: () => void;
  const wait = traceWait(
    "broker",
    "accept of id 9",
    new Promise<void>((resolve) => (end = resolve)),
  );
  t.mock.timers.tick(999);
  assert.deepEqual(lines, []);
  for (const ms of [1, 1000, 2000]) t.mock.timers.tick(ms);
  assert.deepEqual(
    lines,
    [1000, 2000, 4000].map((ms) => `goplug broker: accept of id 9: still waiting after ${ms} ms\n`),
  );
  end();
  await wait;
  assert.match(lines.at(-1) ?? "", /^goplug broker: accept of id 9: \d+ ms\n$/);
  t.mock.timers.tick(60_000);
  assert.equal(lines.length, 4);
});
