/** The test kit for authors of plugins. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { Client, definePlugin, gob, service } from "goplug";
import { serveTest, testConn, testPluginConn, testRpcConn } from "goplug/testing";
import { tsPlugin } from "../../helpers/ts-plugin.js";
import { within } from "../../helpers/within.js";

const handshake = { protocolVersion: 1, magicCookieKey: "TEST", magicCookieValue: "kit" };
const numbers = definePlugin({ Double: { args: gob.int(), reply: gob.int() } });
const plugin = numbers.implement({ Double: (n) => 2 * n });

test("testConn gives the two ends of a connection", async () => {
  const [a, b] = await testConn();
  a.end("hello");
  const chunks: Buffer[] = [];
  for await (const chunk of b) chunks.push(chunk);
  assert.equal(String(Buffer.concat(chunks)), "hello");
  a.destroy();
  b.destroy();
});

test("testRpcConn joins a net/rpc client and server", async () => {
  const methods = { Double: { args: gob.int(), reply: gob.int() } };
  await using conn = await testRpcConn({ Math: service(methods, { Double: (n) => 2 * n }) });
  assert.equal(await conn.client.call("Math.Double", methods.Double, 21), 42);
  await assert.rejects(conn.client.call("Math.Halve", methods.Double, 21), {
    message: "rpc: can't find method Math.Halve",
  });
});

test("[PLUGIN-3] testPluginConn joins host and plugin in memory, with Quit", async () => {
  await using conn = await testPluginConn({ numbers: plugin });
  assert.equal(await (await conn.client.dispense("numbers")).Double(21), 42);
  await conn.client.ping();
  await conn.client.quit();
  await within(60_000, "quit", conn.quit);
});

test("serveTest serves a real client, leaves the process unchanged and removes its socket", async () => {
  const handlers = () => process.eventNames().map((name) => process.listenerCount(name));
  const before = handlers();
  const { write } = process.stdout;
  await using server = await serveTest({ handshake, plugins: { numbers: plugin } });
  assert.deepEqual(handlers(), before);
  assert.equal(process.stdout.write, write);
  const { reattach } = server;
  assert.deepEqual([reattach.pid, reattach.test, reattach.protocolVersion], [process.pid, true, 1]);
  await using client = new Client({ handshake, plugins: { numbers }, reattach });
  assert.equal(await (await client.dispense("numbers")).Double(21), 42);
  // kill closes this client's connection only.
  await client.kill();
  await using other = new Client({ handshake, plugins: { numbers }, reattach });
  assert.equal(await (await other.dispense("numbers")).Double(1), 2);
  await server.close();
  await within(60_000, "closed", server.closed);
  await assert.rejects(other.ping());
  assert.equal(existsSync(reattach.address.address), false);
});

test("[PLUGIN-2] serveTest with syncStdio sends prints to the host too, until close", async () => {
  // Not stdout, where the test runner prints its own reports.
  const syncStderr = new PassThrough();
  const writes = [process.stdout.write, process.stderr.write];
  await using server = await serveTest({
    handshake,
    plugins: { numbers: plugin },
    syncStdio: true,
  });
  const { reattach } = server;
  await using client = new Client({ handshake, plugins: { numbers }, reattach, syncStderr });
  await client.ping();
  const text = "# printed by a plugin under test\n";
  const first = new Promise((resolve) => syncStderr.once("data", resolve));
  process.stderr.write(text);
  assert.equal(String(await within(60_000, "output", first)), text);
  await client.kill();
  await server.close();
  assert.deepEqual([process.stdout.write, process.stderr.write], writes);
});

test("[HANDSHAKE-11] serveTest serves the version that the host has, and several hosts at once", async () => {
  const versionedPlugins = { 2: { numbers: plugin }, 3: { numbers: plugin } };
  await using server = await serveTest({ handshake, versionedPlugins, hostVersions: [1, 2] });
  assert.equal(server.reattach.protocolVersion, 2);
  const { reattach } = server;
  const config = { handshake, versionedPlugins: { 2: { numbers } }, reattach } as const;
  await using a = new Client(config);
  await using b = new Client(config);
  const [x, y] = await Promise.all([a.dispense("numbers"), b.dispense("numbers")]);
  assert.deepEqual(await Promise.all([x.Double(1), y.Double(2)]), [2, 4]);
});

const wholeKit = {
  text: "over",
  failure: "rpc: can't find service Nobody.Double",
  first: 2,
  second: 4,
};

test("the test kit needs no test runner: it works in a bare process, and ends with its work", async () => {
  const program = await tsPlugin("test/fixtures/kit.ts");
  assert.doesNotMatch(readFileSync(program, "utf8"), /["']node:test["']/);
  const { stdout, stderr, status } = spawnSync(program, { encoding: "utf8", timeout: 300_000 });
  assert.equal(status, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), wholeKit);
});

test("the test kit works in a worker thread, where some runners run tests", async (t) => {
  // Without this process's options, which load tsx and the checks of the test runner.
  const options = { stdout: true, execArgv: [] };
  const worker = new Worker(await tsPlugin("test/fixtures/kit.ts"), options);
  t.after(() => worker.terminate());
  const exited = new Promise((resolve) => worker.once("exit", resolve));
  assert.deepEqual(JSON.parse(await text(worker.stdout)), wholeKit);
  assert.equal(await within(60_000, "the end", exited), 0);
});
