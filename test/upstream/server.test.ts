/** go-plugin's own tests of its server, and of a host and a plugin in memory, under their names. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { Client, definePlugin, gob } from "goplug";
import { serveTest, testPluginConn } from "goplug/testing";
import { greeter, handshake as greeterHandshake } from "../../examples/greeter/contract.js";
import { firstText } from "../helpers/first-text.js";
import { newHost } from "../helpers/hosts/new-host.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { tsPlugin } from "../helpers/ts-plugin.js";
import { within } from "../helpers/within.js";

const handshake = { protocolVersion: 1, magicCookieKey: "TEST", magicCookieValue: "test" };
const doubler = definePlugin({ Double: { args: gob.int(), reply: gob.int() } });
const plugins = { test: doubler.implement({ Double: (n) => 2 * n }) };

test("[PLUGIN-4] [PLUGIN-5] TestClient_App: host and plugin in memory", async () => {
  await using conn = await testPluginConn(plugins);
  assert.equal(await (await conn.client.dispense("test")).Double(21), 42);
});

test("[PLUGIN-2] TestClient_syncStreams: in memory", async () => {
  const [syncStdout, syncStderr] = [new PassThrough(), new PassThrough()];
  await using conn = await testPluginConn(plugins, { syncStdout, syncStderr });
  const texts = Promise.all([firstText(syncStdout), firstText(syncStderr)]);
  conn.stdout.write(Buffer.from("stdouttest"));
  conn.stderr.write(Buffer.from("stderrtest"));
  assert.deepEqual(await within(60_000, "output", texts), ["stdouttest", "stderrtest"]);
});

test("[PLUGIN-3] TestServer_testMode: kill leaves it alone, close ends it, then ping fails", async () => {
  await using server = await serveTest({ handshake, plugins });
  const { reattach } = server;
  assert.equal(reattach.protocolVersion, 1);
  await using client = new Client({ handshake, plugins, reattach });
  await client.ping();
  assert.equal(client.negotiatedVersion, 1);
  await client.kill();
  await using other = new Client({ handshake, plugins, reattach });
  await other.ping();
  await server.close();
  await within(60_000, "closed", server.closed);
  await assert.rejects(other.ping());
});

test("[HANDSHAKE-13] TestServer_RPC: a server in test mode starts and stops", async () => {
  await using server = await serveTest({ handshake, plugins });
  assert.ok(existsSync(server.reattach.address.address));
  await server.close();
  assert.equal(existsSync(server.reattach.address.address), false);
});

test("TestServer_testStdLogger: the console is not taken over in test mode", async () => {
  const { log, error } = console;
  const writes = [process.stdout.write, process.stderr.write];
  await using _server = await serveTest({ handshake, plugins });
  assert.deepEqual([console.log, console.error], [log, error]);
  assert.deepEqual([process.stdout.write, process.stderr.write], writes);
});

test("TestProtocolSelection_no_server: without a gRPC server it is netrpc", async () => {
  await using server = await serveTest({ handshake, plugins });
  assert.equal(server.reattach.protocol, "netrpc");
});

test("[HANDSHAKE-13] TestUnixSocketDir: the socket is made in the directory of the environment", async (t) => {
  const PLUGIN_UNIX_SOCKET_DIR = scratchDirectory(t);
  // Set by the command, because a host sets it for custom runners only.
  const script = `PLUGIN_UNIX_SOCKET_DIR=${PLUGIN_UNIX_SOCKET_DIR} exec "$0"`;
  const command = ["/bin/sh", "-c", script, await tsPlugin("examples/greeter/plugin.ts")];
  const client = newHost(t, { handshake: greeterHandshake, plugins: { greeter }, command });
  const { address } = await client.start();
  assert.ok(address.startsWith(`${PLUGIN_UNIX_SOCKET_DIR}/plugin`), address);
});
