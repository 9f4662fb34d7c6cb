/** Siblings of go-plugin: the handshake is data for hosts and plugins, and what follows on the socket is the user's. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { type TestContext, test } from "node:test";
import { Client, type ClientConfig } from "goplug";
import { serverPluginSets } from "../../lib/plugin/serve-config.js";
import { sibling } from "../fixtures/contracts/sibling.js";
import { newHost } from "../helpers/hosts/new-host.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { tsPlugin } from "../helpers/ts-plugin.js";

async function host(t: TestContext, args: readonly string[] = [], config: object = {}) {
  const command = [await tsPlugin("test/fixtures/plugins/sibling.ts"), ...args];
  return newHost(t, { handshake: sibling, plugins: {}, command, ...config });
}

async function dial(client: Client): Promise<{ path: string; socket: Socket }> {
  const { network, address } = await client.start();
  assert.equal(network, "unix");
  const socket = connect(address);
  await once(socket, "connect");
  return { path: address, socket };
}

const nextLine = async (from: NodeJS.ReadableStream): Promise<string> => {
  const lines = createInterface({ input: from });
  const [line] = await once(lines, "line");
  lines.close();
  return line;
};

test("host and plugin meet by the sibling's line and variables, and speak their own protocol", async (t) => {
  const stderr = new PassThrough();
  const client = await host(t, [], { stderr, unixSocket: { tempDir: scratchDirectory(t) } });
  const { path, socket } = await dial(client);
  assert.equal(client.protocol, "lines");
  assert.equal(client.negotiatedVersion, 7);
  assert.match(path, /plugin-dir/);
  const printed = nextLine(stderr.filter((chunk) => `${chunk}`.includes("printed")));
  socket.write("hello\n");
  assert.equal(await nextLine(socket), 'hello {"SIBLING_VERSIONS":"7"}');
  // There are no sync streams: what the plugin prints is in its log.
  assert.equal(await printed, "printed hello");
  assert.equal(
    existsSync(path),
    false,
    "after the last connection that may come, the file is gone",
  );
  socket.end("bye\n");
  assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
});

test("a plugin of a sibling is killed without being asked, because goplug cannot talk to it", async (t) => {
  const records: string[] = [];
  const log = (_fields: object, text: string) => void records.push(text);
  const logger = { trace: log, debug: log, info: log, warn: log, error: log };
  const client = await host(t, [], { logger });
  await client.start();
  await client.kill();
  assert.deepEqual(await client.exited, { exitCode: undefined, signal: "SIGKILL" });
  assert.equal(records.at(-1), "plugin killed");
});

test("what needs go-plugin's own protocol is refused by name", async (t) => {
  const client = await host(t);
  await assert.rejects(client.ping(), { code: "unsupported-protocol" });
});

test("a start that fails has go-plugin's codes and facts", async (t) => {
  const refused = await host(t, ["refuse"]);
  await assert.rejects(refused.start(), {
    code: "exited-early",
    exitCode: 3,
    stderrTail: /sibling: no licence/,
  });
  const hanging = await host(t, ["hang"], { startTimeoutMs: 300 });
  await assert.rejects(hanging.start(), { code: "start-timeout" });
  const version = await host(t, [], { handshake: { ...sibling, protocolVersion: 8 } });
  await assert.rejects(version.start(), { code: "app-version", pluginVersion: 7 });
});

test("a connection whose function fails is closed, and the log says why", async (t) => {
  const stderr = new PassThrough();
  const client = await host(t, [], { stderr });
  const { socket } = await dial(client);
  const reason = nextLine(stderr.filter((chunk) => `${chunk}`.includes("connection lost")));
  socket.write("fail\n");
  await once(socket.resume(), "close");
  assert.match(await reason, /sibling: told to fail/);
});

test("configurations that contradict the handshake are refused", () => {
  const bad = { code: "bad-config" };
  const config: ClientConfig = { handshake: sibling, plugins: {}, command: ["x"], autoMtls: true };
  assert.throws(() => new Client(config), { ...bad, message: /autoMtls needs a handshake/ });
  const served = { handshake: sibling, serveConn: () => {}, plugins: {} };
  assert.throws(() => serverPluginSets(served), { ...bad, message: /serveConn and plugins/ });
});
