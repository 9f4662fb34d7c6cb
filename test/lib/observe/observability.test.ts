import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type TestContext, test } from "node:test";
import {
  type CallMessage,
  Client,
  definePlugin,
  gob,
  type ProcessMessage,
  type Role,
  type SessionMessage,
  type StreamMessage,
} from "goplug";
import { serveTest, testPluginConn } from "goplug/testing";
import { memoryPair } from "../../../lib/net/memory-pair.js";
import { watchLoop } from "../../../lib/observe/watch-loop.js";
import { traceWait } from "../../../lib/observe/trace.js";
import { PluginConnection } from "../../../lib/plugin/plugin-connection.js";
import { SyncOutput } from "../../../lib/plugin/sync-output.js";
import { Session } from "../../../mux/session.js";
import { RpcClient } from "../../../protocol/netrpc/index.js";
import { handshake, life } from "../../fixtures/contracts/life.js";
import { tsPlugin } from "../../helpers/ts-plugin.js";
import { within } from "../../helpers/within.js";

/** What a program, and what a person, can see of what happens. */

// Read once, so for this whole file.
process.env.GOPLUG_TRACE = "broker";

type Message = Readonly<Record<string, unknown>>;

/** Everything said on a channel until the end of the test. */
function messages(t: TestContext, channel: string): Message[] {
  const seen: Message[] = [];
  const onMessage = (message: unknown) => seen.push(message as Message);
  subscribe(channel, onMessage);
  t.after(() => unsubscribe(channel, onMessage));
  return seen;
}

const numbers = { args: gob.int(), reply: gob.int() };
const contract = definePlugin({ Double: numbers, Fail: numbers });
const plugin = contract.implement({
  Double: (n) => 2 * n,
  Fail: () => {
    throw new Error("no");
  },
});

test("goplug:call tells of calls on both sides, with what became of them", async (t) => {
  const calls = messages(t, "goplug:call");
  await using conn = await testPluginConn({ contract: plugin });
  const client = await conn.client.dispense("contract");
  await client.Double(21);
  await assert.rejects(client.Fail(1));
  const of = (side: string, serviceMethod: string) =>
    calls.filter((call) => call.side === side && call.serviceMethod === serviceMethod);
  for (const side of ["caller", "server"]) {
    const [start, end] = of(side, "Plugin.Double");
    assert.equal(start?.event, "start");
    assert.equal(end?.event, "end");
    assert.equal(end?.call, start?.call);
    assert.ok(Number(end?.durationMs) >= 0);
    const [, failed] = of(side, "Plugin.Fail");
    assert.equal(failed?.event, "error");
    assert.equal((failed as { error?: Error }).error?.message, "no");
  }
  assert.equal(of("caller", "Dispenser.Dispense").length, 2);
});

test("goplug:session and goplug:stream tell of both ends of a connection", async (t) => {
  const sessions = messages(t, "goplug:session");
  const streams = messages(t, "goplug:stream");
  {
    await using conn = await testPluginConn({ contract: plugin });
    const client = await conn.client.dispense("contract");
    await client[Symbol.asyncDispose]();
    await conn.client.ping();
  }
  assert.deepEqual(sessions.map(({ role, event }) => `${role} ${event}`).sort(), [
    "host end",
    "host start",
    // Its host closed the connection.
    "plugin end",
    "plugin start",
  ]);
  for (const role of ["host", "plugin"]) {
    const own = streams.filter((stream) => stream.role === role);
    const started = own.filter(({ event }) => event === "start").map(({ streamId }) => streamId);
    assert.deepEqual(started, [1, 3, 5, 7]);
    assert.equal(own.filter(({ event }) => event !== "start").length, 4);
    assert.ok(own.some(({ event, streamId }) => event === "end" && streamId === 7));
  }
});

test("goplug:process tells of a plugin's start and end, or why it did not come up", async (t) => {
  const seen = messages(t, "goplug:process");
  const path = await tsPlugin("test/fixtures/plugins/life.ts");
  const client = new Client({ handshake, plugins: { life }, command: [path] });
  t.after(() => client.kill());
  await client.start();
  const { id } = client;
  await client.kill();
  assert.deepEqual(seen, [
    { event: "start", id, path },
    { event: "end", id, exitCode: 0, signal: undefined },
  ]);
  seen.length = 0;
  const missing = new Client({ handshake, plugins: { life }, command: ["/no/such/plugin"] });
  const error = await missing.start().catch((reason: unknown) => reason);
  assert.deepEqual(seen.at(-1), { event: "error", path: "/no/such/plugin", error });
});

test("GOPLUG_TRACE writes readable lines on stderr, a plugin's as records of its log", async () => {
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

test("a long wait is told of while it lasts", async (t) => {
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

test("[YAMUX-43] a call that failed because our own event loop was blocked says so", async () => {
  const [near] = memoryPair();
  const session = Session.client(near, { keepAliveIntervalMs: 5, connectionWriteTimeoutMs: 20 });
  const client = new RpcClient(await session.open());
  const call = client.call("Plugin.Double", numbers, 1);
  // Busy over the time of the first ping's answer; the other end never says anything.
  setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100), 10);
  await assert.rejects(within(5_000, "the call", call), {
    code: "unexpected-eof",
    message: /keepalive timeout .*this process' own event loop was blocked for \d+ ms longer/,
  });
});

/** A clock that goes as far as it is told, for timers and `performance.now` alike. */
function clock(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let nowMs = 1_000_000;
  t.mock.method(performance, "now", () => nowMs);
  const pass = async (ms: number) => {
    nowMs += ms;
    t.mock.timers.tick(ms);
    // What timers set going goes on in microtasks.
    await new Promise(setImmediate);
  };
  /** As long as nothing at all could run, timers among it. */
  const stop = (ms: number) => {
    nowMs += ms;
  };
  return { pass, stop };
}

test("either side says that its event loop was blocked longer than a peer waits", async (t) => {
  const { pass, stop } = clock(t);
  const told: number[] = [];
  const ends = [1, 2].map(() => watchLoop((blockedMs) => told.push(blockedMs)));
  for (let second = 0; second < 60; second++) await pass(1000);
  stop(9_999);
  await pass(1000);
  assert.deepEqual(told, []);
  stop(12_000);
  await pass(1000);
  assert.deepEqual(told, [12_000, 12_000]);
  ends[0]?.();
  stop(40_000);
  await pass(1000);
  assert.deepEqual(told.slice(2), [40_000]);
  ends[1]?.();
  stop(40_000);
  await pass(1000);
  assert.equal(told.length, 3);
});

test("a host logs that it was blocked, as long as it is connected", async (t) => {
  const warnings: unknown[] = [];
  const silent = () => {};
  const warn = (fields: object, text: string) => warnings.push({ ...fields, text });
  const handshakeConfig = { protocolVersion: 1, magicCookieKey: "K", magicCookieValue: "v" };
  const plugins = { contract: plugin };
  await using server = await serveTest({ handshake: handshakeConfig, plugins });
  const client = new Client({
    handshake: handshakeConfig,
    plugins,
    reattach: server.reattach,
    logger: { trace: silent, debug: silent, info: silent, warn, error: silent },
  });
  const { pass, stop } = clock(t);
  await client.ping();
  stop(30_000);
  await pass(1000);
  const warning = {
    blockedMs: 30_000,
    text: "event loop was blocked; a peer gives up after 10000 ms without an answer",
  };
  assert.deepEqual(warnings, [warning]);
  await client.kill();
  stop(30_000);
  await pass(1000);
  assert.deepEqual(warnings, [warning]);
});

test("the types of what the channels say are public", () => {
  const start: ProcessMessage = { event: "start", id: "1", path: "plugin" };
  const session: SessionMessage = { event: "end", session: 1, role: "host" satisfies Role };
  const stream: StreamMessage = { event: "error", session: 1, role: "plugin", streamId: 2 };
  const call: CallMessage = { event: "end", call: 1, side: "caller", serviceMethod: "Plugin.X" };
  const seen = [start, session, stream, call].map(({ event }) => event);
  assert.deepEqual(seen, ["start", "end", "error", "end"]);
});

test("[YAMUX-43] a plugin that was blocked while its host answered says so in its log", async (t) => {
  const { pass, stop } = clock(t);
  const [, pluginEnd] = memoryPair();
  const errors: string[] = [];
  const connection = new PluginConnection(pluginEnd, {
    plugins: {},
    stdout: new SyncOutput(),
    stderr: new SyncOutput(),
    onQuit: () => {},
    onError: (text, error) => errors.push(`${text}: ${(error as Error).message}`),
  });
  const served = connection.serve();
  await pass(30_000);
  // The answer is due after 10 s; we come to look after 52 s, and once more after another 10 s.
  stop(42_000);
  await pass(10_000);
  await pass(10_000);
  await within(5_000, "the end", served);
  assert.equal(errors.length, 1);
  assert.match(errors[0] ?? "", /keepalive timeout \(no answer to a ping within 10000 ms; /);
  assert.match(errors[0] ?? "", /this process' own event loop was blocked for 42000 ms longer\)$/);
});
