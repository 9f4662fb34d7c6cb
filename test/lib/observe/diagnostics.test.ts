/** What programs can see on the channels of node:diagnostics_channel. */
import assert from "node:assert/strict";
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
import { testPluginConn } from "goplug/testing";
import { handshake, life } from "../../fixtures/contracts/life.js";
import { tsPlugin } from "../../helpers/ts-plugin.js";

type Message = Readonly<Record<string, unknown>>;

/** The messages on a channel until the end of the test. */
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

test("goplug:call reports calls on both sides, with their outcome", async (t) => {
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

test("goplug:session and goplug:stream report both ends of a connection", async (t) => {
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
    // Not an error, because the host closed the connection.
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

test("goplug:process reports a plugin's start and end, or why it failed to start", async (t) => {
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

test("the types of the channels' messages are public", () => {
  const start: ProcessMessage = { event: "start", id: "1", path: "plugin" };
  const session: SessionMessage = { event: "end", session: 1, role: "host" satisfies Role };
  const stream: StreamMessage = { event: "error", session: 1, role: "plugin", streamId: 2 };
  const call: CallMessage = { event: "end", call: 1, side: "caller", serviceMethod: "Plugin.X" };
  const seen = [start, session, stream, call].map(({ event }) => event);
  assert.deepEqual(seen, ["start", "end", "error", "end"]);
});
