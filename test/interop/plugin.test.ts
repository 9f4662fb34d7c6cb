/** Go hosts (those of `test/go`, and go-plugin's own examples) with TypeScript plugins. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import {
  assertGraceful,
  byStep,
  type GoResult,
  goBinary,
  goTest,
  runGo,
  upstreamBinary,
} from "../helpers/go.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { tsPlugin } from "../helpers/ts-plugin.js";

/** Runs a host with a plugin, and asserts that no directory for sockets is left. */
async function drive(
  t: TestContext,
  host: string,
  plugin: string,
  flags: readonly string[] = [],
): Promise<GoResult> {
  const sockets = scratchDirectory(t);
  const result = await runGo(t, host, [...flags, "--", plugin], { env: { TMPDIR: sockets } });
  assert.equal(existsSync(join(sockets, "plugin")), false);
  return result;
}

goTest(
  "[PLUGIN-1] [PLUGIN-4] [PLUGIN-5] a Go host calls the TypeScript greeter, in a row and at once",
  async (t) => {
    const host = await goBinary("greeter-host");
    const plugin = await tsPlugin("examples/greeter/plugin.ts");
    const result = await drive(t, host, plugin, ["-sequential", "50", "-concurrent", "100"]);
    const steps = byStep(result);
    assert.deepEqual(steps.get("start")?.value, {
      network: "unix",
      protocol: "netrpc",
      version: 1,
    });
    assert.equal(steps.get("greet")?.value, "Hello!");
    assert.deepEqual(steps.get("sequential")?.value, { "Hello!": 50 });
    assert.deepEqual(steps.get("concurrent")?.value, { "Hello!": 100 });
    assertGraceful(result);
  },
);

/** What upstream's basic host prints with a plugin: its log and the greeting. */
async function basicHostPrints(t: TestContext, plugin: string): Promise<string[]> {
  const directory = scratchDirectory(t);
  mkdirSync(join(directory, "plugin"));
  symlinkSync(plugin, join(directory, "plugin/greeter"));
  const result = await runGo(t, await upstreamBinary("basic-host"), [], { cwd: directory });
  assert.equal(result.code, 0, result.stderr);
  return result.stdout.split("\n");
}

/**
 * How the end of the plugin is logged. A Go plugin loses one in five to twenty answers to Quit, and then upstream's own
 * host prints the other two of these lines.
 */
const END =
  /plugin: plugin exited|error closing client during Kill|plugin failed to exit gracefully/;

/**
 * The lines without what differs in each run: times, process ids, socket paths, the order of the fields (a Go map), and
 * the order of lines from two processes. Upstream's plugin also logs that its own closed listener is closed.
 */
const lasting = (lines: string[]): string[] =>
  lines
    .filter((line) => !line.includes("use of closed network connection") && !END.test(line))
    .map((line) =>
      line
        .replace(/^\d{4}-\d\d-\S+ /, "")
        .replace(/\b(pid|id|timestamp|address)=\S+/g, "$1=")
        .split(" ")
        .sort()
        .join(" "),
    )
    .sort();

goTest(
  "[PLUGIN-5] [PLUGIN-8] upstream's basic host, unchanged, prints with the TypeScript greeter what it prints with its own",
  async (t) => {
    const got = await basicHostPrints(t, await tsPlugin("examples/greeter/plugin.ts"));
    assert.equal(got.filter((line) => END.test(line)).length, 1, got.join("\n"));
    assert.match(got.join("\n"), /\[DEBUG\] plugin: plugin exited$/m);
    const want = await basicHostPrints(t, await upstreamBinary("basic-plugin"));
    assert.deepEqual(lasting(got), lasting(want));
  },
);

goTest(
  "[PLUGIN-5] upstream's grpc host, unchanged, uses the TypeScript key/value plugin",
  async (t) => {
    const cwd = scratchDirectory(t);
    const host = await upstreamBinary("grpc-host");
    const env = { KV_PROTO: "netrpc", KV_PLUGIN: await tsPlugin("examples/kv/plugin.ts") };
    const put = await runGo(t, host, ["put", "hello", "world"], { cwd, env });
    assert.equal(put.code, 0, put.stdout + put.stderr);
    const value = "world\n\nWritten from plugin-go-netrpc";
    assert.equal(readFileSync(join(cwd, "kv_hello"), "utf8"), value);
    const get = await runGo(t, host, ["get", "hello"], { cwd, env });
    assert.equal(get.stdout, value);
    const missing = await runGo(t, host, ["get", "nowhere"], { cwd, env });
    assert.equal(missing.code, 1);
    assert.equal(missing.stdout, "error: open kv_nowhere: no such file or directory");
  },
);

const want: Record<string, unknown> = {
  double: 42,
  "double zero": 0,
  "double negative": -(2 ** 41),
  "echo string": "héllo, 世界",
  "echo empty string": "",
  "echo bytes": { bytes: "0001ff" },
  "echo any nil": null,
  "echo any string": "x",
  "echo any int": 5,
  "echo any bytes": { bytes: "0102" },
  "echo any bool": true,
  "echo any float": 2.5,
  "echo any strings": ["a", "b"],
  concrete: 42,
  "concrete pointer": 42,
  overtake: 2,
  "still waiting": true,
  waited: "gate",
  concurrent: 64,
  "instances differ": true,
  "call back Double": 42,
  scaled: "fixture.Square {20}, *fixture.Circle &{2}",
  "scaled down": "fixture.TooSmall 0.5 is too small",
  stdout: "to stdout\n",
  stderr: "to stderr\n",
  "double after errors": 42,
};
const wantErrors: Record<string, RegExp> = {
  fail: /^no such key$/,
  "unknown method": /^rpc: can't find method Plugin\.NoSuchMethod$/,
  "unknown service": /^rpc: can't find service Nobody\.Double$/,
  "no dot": /^rpc: service\/method request ill-formed: NoDot$/,
  "string for struct": /^gob: type mismatch in decoder: want struct type Point; got non-struct/,
  "interface for struct": /^gob: type mismatch in decoder: want struct type Point; got non-struct/,
  "string for interface":
    /^gob: local interface type \*interface \{\} can only be decoded from remote interface type; received concrete type string/,
  "string for int": /^gob: decoding into local type \*int, received remote type string/,
  "uint for int": /^gob: decoding into local type \*int, received remote type uint/,
  "no field in common": /^gob: type mismatch: no fields matched compiling decoder for Point/,
  "call back Fail": /callback failed/,
  "call back NoSuchMethod": /rpc: can't find method Plugin\.NoSuchMethod/,
  "offered fail": /^callback failed$/,
};

goTest(
  "[NETRPC-1] [NETRPC-6] [NETRPC-7] [NETRPC-8] a Go host drives every method of the TypeScript fixture",
  async (t) => {
    const plugin = await tsPlugin("test/fixtures/plugins/fixture.ts");
    const result = await drive(t, await goBinary("fixture-host"), plugin);
    const steps = byStep(result);
    for (const [step, value] of Object.entries(want)) {
      assert.deepEqual(steps.get(step)?.value ?? null, value, step);
      assert.equal(steps.get(step)?.error, undefined, step);
    }
    for (const [step, text] of Object.entries(wantErrors)) {
      assert.match(steps.get(step)?.error ?? "", text, step);
    }
    for (const step of ["lend reader", "lend writer", "borrow reader", "borrow writer"]) {
      assert.deepEqual(steps.get(step)?.value, { bytes: 1 << 20, same: true }, step);
    }
    assertGraceful(result);
  },
);

goTest("[NETRPC-11] a Go host sees a TypeScript plugin that exits in mid-call", async (t) => {
  const plugin = await tsPlugin("test/fixtures/plugins/fixture.ts");
  const host = await goBinary("fixture-host");
  const steps = byStep(await drive(t, host, plugin, ["-only", "^$", "-exit", "3"]));
  assert.equal(steps.get("exit")?.error, "unexpected EOF");
  assert.equal(steps.get("call after exit")?.error, "connection is shut down");
});

goTest("[HANDSHAKE-11] a Go host offering other versions is told of the mismatch", async (t) => {
  const plugin = await tsPlugin("examples/greeter/plugin.ts");
  const host = await goBinary("greeter-host");
  const steps = byStep(await drive(t, host, plugin, ["-versions", "7,8"]));
  assert.match(
    steps.get("start")?.error ?? "",
    /incompatible API version with plugin\. Plugin version: 1, Client versions: \[/,
  );
});
