/** The examples as `npm run build` makes them, with each other and with go-plugin's own examples. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { type TestContext, test } from "node:test";
import { builtExamples } from "../helpers/built-examples.js";
import { exampleBinary, goTest, upstreamBinary } from "../helpers/go.js";
import { scratchDirectory } from "../helpers/scratch.js";

const { folder, program } = builtExamples();

function run(command: string, args: readonly string[], cwd = folder) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  return { status, stdout, stderr };
}

function assertGreets(command: string, args: readonly string[]): void {
  const { status, stdout, stderr } = run(command, args);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^Hello!$/m);
}

function assertStores(t: TestContext, plugin: string, written: RegExp): void {
  const cwd = scratchDirectory(t);
  const host = program("kv", "host.js");
  const put = run(process.execPath, [host, plugin, "put", "hello", "world"], cwd);
  assert.equal(put.status, 0, put.stderr);
  const get = run(process.execPath, [host, plugin, "get", "hello"], cwd);
  assert.match(get.stdout, written);
  const missing = run(process.execPath, [host, plugin, "get", "nowhere"], cwd);
  assert.notEqual(missing.status, 0);
  assert.match(missing.stderr, /open kv_nowhere: no such file or directory/);
}

test("the built greeter host calls the built greeter plugin", () => {
  assertGreets(process.execPath, [program("greeter", "host.js"), program("greeter", "plugin")]);
});

goTest("[PLUGIN-5] the built greeter host calls upstream's and our own Go greeter", async () => {
  const host = program("greeter", "host.js");
  assertGreets(process.execPath, [host, await upstreamBinary("basic-plugin")]);
  assertGreets(process.execPath, [host, await exampleBinary("greeter-plugin")]);
});

goTest("[PLUGIN-5] our Go greeter host calls the built greeter plugin", async () => {
  assertGreets(await exampleBinary("greeter-host"), [program("greeter", "plugin")]);
});

test("the built key/value host stores with the built plugin", (t) => {
  assertStores(t, program("kv", "plugin"), /^world\n\nWritten from plugin-go-netrpc\n$/);
});

goTest("[PLUGIN-5] the built key/value host stores with upstream's Go plugin", async (t) => {
  assertStores(
    t,
    await upstreamBinary("grpc-plugin"),
    /^world\n\nWritten from plugin-go-netrpc\n$/,
  );
});
