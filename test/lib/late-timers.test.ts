/**
 * Time limits that pass while our own event loop is blocked. In each test another process has answered by then, but
 * nothing of it was read: the answer counts.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gob } from "goplug";
import { RpcClient } from "goplug/netrpc";
import { Session } from "goplug/yamux";
import { greeter, handshake } from "../../examples/greeter/contract.js";
import { connectSocket, type SocketTransport } from "../../lib/net/socket.js";
import { NULL_LOGGER } from "../../lib/observe/logger.js";
import { Broker } from "../../mux/broker.js";
import { block, blockUntil } from "../helpers/blocked.js";
import { goBinary, goTest } from "../helpers/go.js";
import { newHost } from "../helpers/hosts/new-host.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { tsPlugin } from "../helpers/ts-plugin.js";
import { muxError } from "../mux/helpers.js";

/** The limit of all waits here. */
const LIMIT_MS = 50;
/** How long the event loop is blocked at least. */
const BLOCK_MS = 200;

interface Peer {
  readonly transport: SocketTransport;
  /** Blocks until the peer's answer is with the system, and the limit has passed. */
  readonly block: () => void;
}

/** A connection to another process, test/fixtures/late-peer.ts. */
async function latePeer(t: TestContext, mode: string): Promise<Peer> {
  const directory = scratchDirectory(t);
  const [path, mark] = [join(directory, "s"), join(directory, "mark")];
  const child = spawn(await tsPlugin("test/fixtures/late-peer.ts"), [mode, path, mark]);
  t.after(async () => {
    child.stdin.end();
    await once(child, "close");
  });
  await once(child.stdout, "data");
  const transport = await connectSocket({ network: "unix", address: path });
  t.after(() => transport.destroy());
  return { transport, block: () => blockUntil(mark, BLOCK_MS) };
}

/** What was asked for has left this process. */
const sent = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

test("[YAMUX-58] a broker's dial whose ack has arrived succeeds", async (t) => {
  const peer = await latePeer(t, "echo");
  const broker = new Broker(Session.client(peer.transport), { dialTimeoutMs: LIMIT_MS });
  const dialling = broker.dial(7);
  await sent();
  peer.block();
  assert.equal((await dialling).id, 1);
});

test("[YAMUX-58] an accept finds the stream that has arrived", async (t) => {
  const peer = await latePeer(t, "open");
  const session = Session.client(peer.transport);
  await session.open();
  const accepting = session.accept({ timeoutMs: LIMIT_MS });
  await sent();
  peer.block();
  assert.equal((await accepting).id, 2);
});

test("[YAMUX-58] an AbortSignal.timeout is a time limit too", async (t) => {
  const peer = await latePeer(t, "open");
  const session = Session.client(peer.transport);
  await session.open();
  const accepting = session.accept({ signal: AbortSignal.timeout(LIMIT_MS) });
  await sent();
  peer.block();
  assert.equal((await accepting).id, 2);
});

test("[YAMUX-58] a ping finds its answer, also that of the keepalive", async (t) => {
  const peer = await latePeer(t, "pong");
  const session = Session.client(peer.transport, {
    connectionWriteTimeoutMs: LIMIT_MS,
    keepAliveIntervalMs: LIMIT_MS,
  });
  const ping = session.ping();
  await sent();
  peer.block();
  assert.ok((await ping) >= BLOCK_MS);
  // The ping of the keepalive goes out now, and its answer is due in the time that is lost.
  for (let round = 0; round < 3; round++) {
    await new Promise(setImmediate);
    block(BLOCK_MS);
  }
  await session.ping({ timeoutMs: 60_000 });
  assert.equal(session.isClosed, false);
});

test("[YAMUX-58] an open that was confirmed does not end the session", async (t) => {
  const peer = await latePeer(t, "echo");
  const session = Session.client(peer.transport, { streamOpenTimeoutMs: LIMIT_MS });
  const stream = await session.open();
  stream.write(Buffer.from("hello"));
  await sent();
  peer.block();
  await session.ping({ timeoutMs: 60_000 });
  assert.equal(stream.state, "Established");
});

test("[YAMUX-58] a stream whose FIN has arrived is closed, not given up", async (t) => {
  const peer = await latePeer(t, "end");
  const session = Session.client(peer.transport, { streamCloseTimeoutMs: LIMIT_MS });
  const stream = await session.open();
  const ended = new Promise<Error | undefined>((resolve) => {
    stream.start({ onData: () => {}, onEnd: resolve });
  });
  stream.end();
  await sent();
  peer.block();
  assert.equal(await ended, undefined);
});

const double = { args: gob.int(), reply: gob.int() };

test("[NETRPC-13] [YAMUX-58] a call whose answer has arrived succeeds", async (t) => {
  const peer = await latePeer(t, "rpc");
  const client = new RpcClient(peer.transport);
  const call = client.call("Plugin.Double", double, 4, { timeoutMs: LIMIT_MS });
  await sent();
  peer.block();
  assert.equal(await call, 8);
});

test("[YAMUX-58] a time limit still ends what does not come", async (t) => {
  const peer = await latePeer(t, "pong");
  const session = Session.client(peer.transport);
  const ends = Promise.all([
    assert.rejects(session.accept({ timeoutMs: LIMIT_MS }), muxError("timeout")),
    assert.rejects(session.accept({ signal: AbortSignal.timeout(LIMIT_MS) }), muxError("aborted")),
  ]);
  void session.ping();
  await sent();
  peer.block();
  await ends;
});

const plugins = { greeter };

goTest("[HANDSHAKE-4] [YAMUX-58] a Go plugin's line that has arrived is read", async (t) => {
  const directory = scratchDirectory(t);
  const mark = join(directory, "mark");
  const wrapper = join(directory, "plugin");
  // Passes the line on, and then says that it has.
  writeFileSync(
    wrapper,
    `#!/bin/sh\n${await goBinary("greeter-plugin")} | { read -r line; echo "$line"; : > ${mark}; cat; }\n`,
    { mode: 0o755 },
  );
  const debug = (_fields: object, text: string): void => {
    if (text === "waiting for RPC address") process.nextTick(() => blockUntil(mark, BLOCK_MS));
  };
  const client = newHost(t, {
    handshake,
    plugins,
    command: [wrapper],
    startTimeoutMs: BLOCK_MS,
    logger: { ...NULL_LOGGER, debug },
  });
  assert.equal(await (await client.dispense("greeter")).Greet(), "Hello!");
});

goTest("[YAMUX-58] a connection to a Go plugin that takes several messages", async (t) => {
  const command = [await goBinary("greeter-plugin")];
  const client = newHost(t, { handshake, plugins, command, connectTimeoutMs: BLOCK_MS });
  await client.start();
  const connecting = client.client();
  await sent();
  block(3 * BLOCK_MS);
  await connecting;
});

goTest(
  "[PLUGIN-7] [YAMUX-58] a Go plugin that ends when it is asked to is not killed",
  async (t) => {
    const command = [await goBinary("greeter-plugin")];
    const client = newHost(t, { handshake, plugins, command, killGraceMs: BLOCK_MS });
    await client.dispense("greeter");
    const killing = client.kill();
    await sent();
    block(3 * BLOCK_MS);
    await killing;
    assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
  },
);
