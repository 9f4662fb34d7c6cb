/** The broker's exchange of ids: accepts and dials in any order, their time limits, and hostile peers. */
import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { idAfter } from "../../mux/broker.js";
import { Broker, type BrokerOptions, type MuxError, type Stream } from "../../mux/index.js";
import { join, joinRaw, muxError, read, settle, stayAlive } from "./helpers.js";
import { frame } from "./raw-peer.js";

function brokers(t: TestContext, options: BrokerOptions = {}) {
  const joined = join(t, {
    client: { enableKeepAlive: false },
    server: { enableKeepAlive: false },
  });
  const [host, plugin] = [new Broker(joined.client, options), new Broker(joined.server, options)];
  host.run();
  plugin.run();
  return { ...joined, host, plugin };
}

/** A broker on the server's side; its peer is a RawPeer. */
function brokerRaw(t: TestContext, options: BrokerOptions = {}) {
  const joined = joinRaw(t, "server", { enableKeepAlive: false });
  const broker = new Broker(joined.session, options);
  broker.run();
  return { ...joined, broker };
}

const id7 = Buffer.from([7, 0, 0, 0]);

/** Sends something in each direction and checks that it arrives. */
async function assertJoined(a: Stream, b: Stream): Promise<void> {
  const [seenA, seenB] = [read(a), read(b)];
  a.write(Buffer.from("from a"));
  b.write(Buffer.from("from b"));
  a.end();
  b.end();
  assert.equal(await seenB.allText(), "from a");
  assert.equal(await seenA.allText(), "from b");
}

test("[BROKER-2] ids count from 1 on each side", (t) => {
  const { host, plugin } = brokers(t);
  assert.deepEqual([host.nextId(), host.nextId(), plugin.nextId(), host.nextId()], [1, 2, 1, 3]);
});

test("[BROKER-2] 2^32-1 is followed by 1", () => {
  assert.deepEqual([0, 1, 0xfffffffe, 0xffffffff].map(idAfter), [1, 2, 0xffffffff, 1]);
});

test("[BROKER-3] the id is 4 bytes little endian; the ack is written when the stream is accepted", async (t) => {
  const { raw, broker } = brokerRaw(t);
  raw.send("WindowUpdate|SYN 1 0");
  raw.send("Data 1", Buffer.from([0x78, 0x56, 0x34, 0x12]));
  assert.deepEqual(await raw.sync(), ["WindowUpdate|ACK 1 0"]);
  const stream = await broker.accept(0x12345678);
  assert.equal(stream.id, 1);
  assert.equal(await raw.next(), 'Data 1 4 "xV4\\u0012"');
});

test("[BROKER-3] dial writes the id and waits for the same as ack", async (t) => {
  const { raw, broker } = brokerRaw(t);
  const dialling = broker.dial(7);
  assert.equal(await raw.next(), "WindowUpdate|SYN 2 0");
  assert.equal(await raw.next(), 'Data 2 4 "\\u0007\\u0000\\u0000\\u0000"');
  raw.send("WindowUpdate|ACK 2 0");
  raw.send("Data 2", id7.subarray(0, 1));
  raw.send("Data 2", id7.subarray(1));
  assert.equal((await dialling).id, 2);
});

for (const [first, second] of [
  ["accept", "dial"],
  ["dial", "accept"],
] as const) {
  test(`[BROKER-5] ${first} before ${second}, from both sides`, async (t) => {
    const { host, plugin } = brokers(t);
    for (const [acceptor, dialer] of [
      [plugin, host],
      [host, plugin],
    ] as const) {
      const id = acceptor.nextId();
      const one = first === "accept" ? acceptor.accept(id) : dialer.dial(id);
      await settle();
      const other = first === "accept" ? dialer.dial(id) : acceptor.accept(id);
      await assertJoined(await one, await other);
    }
  });
}

test("[BROKER-1] equal ids of both sides do not meet", async (t) => {
  const { host, plugin } = brokers(t);
  const [a, b, c, d] = await Promise.all([
    host.accept(1),
    plugin.dial(1),
    plugin.accept(1),
    host.dial(1),
  ]);
  await assertJoined(a, b);
  await assertJoined(c, d);
});

test("[BROKER-1] the broker works beside streams of its session, and without any", async (t) => {
  const joined = join(t);
  const control = await joined.client.open();
  const other = await joined.server.accept();
  const [host, plugin] = [new Broker(joined.client), new Broker(joined.server)];
  plugin.run();
  const [a, b] = await Promise.all([host.dial(5), plugin.accept(5)]);
  await assertJoined(a, b);
  await assertJoined(control, other);
});

test("[BROKER-10] what follows the id and the ack in the same frame is not lost", async (t) => {
  const { raw, broker } = brokerRaw(t);
  raw.send("Data|SYN|FIN 1", Buffer.concat([id7, Buffer.from("more")]));
  const accepted = await broker.accept(7);
  assert.equal(await read(accepted).allText(), "more");
  const dialling = broker.dial(7);
  await raw.sync();
  raw.send("Data|ACK 2", Buffer.concat([id7, Buffer.from("and ")]));
  raw.send("Data|FIN 2", "more");
  assert.equal(await read(await dialling).allText(), "and more");
});

test("[BROKER-7] an accept that nobody dials fails after 5 s with Go's text, and can be repeated", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { host, plugin } = brokers(t);
  const accepting = plugin.accept(7);
  t.mock.timers.tick(4999);
  await settle();
  t.mock.timers.tick(1);
  const text = "broker: timeout waiting for accept: no stream in 5000 ms (accept of id 7)";
  await assert.rejects(accepting, (error: MuxError) => {
    muxError("timeout", text)(error);
    assert.equal(error.brokerId, 7);
    return true;
  });
  const [a, b] = await Promise.all([plugin.accept(7), host.dial(7)]);
  await assertJoined(a, b);
});

test("[BROKER-7] [YAMUX-51] an accept can be given up, and its id is free again", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { plugin } = brokers(t);
  const controller = new AbortController();
  const aborted = plugin.accept(7, { signal: controller.signal });
  controller.abort("withdrawn");
  await assert.rejects(aborted, (error: MuxError) => {
    muxError("aborted", "accept of id 7")(error);
    assert.equal(error.cause, "withdrawn");
    return true;
  });
  const short = plugin.accept(7, { timeoutMs: 10 });
  t.mock.timers.tick(10);
  await assert.rejects(short, muxError("timeout", "no stream in 10 ms"));
  const signal = AbortSignal.abort();
  await assert.rejects(plugin.accept(7, { signal }), muxError("aborted", "accept of id 7"));
});

test("[BROKER-7] two accepts of one id at a time are refused, the first goes on", async (t) => {
  const { host, plugin } = brokers(t);
  const first = plugin.accept(7);
  await assert.rejects(plugin.accept(7), muxError("duplicate-id", "accept of id 7"));
  await assertJoined(await host.dial(7), await first);
});

test("[BROKER-5] a stream that nobody accepts is closed after 5 s: its dialer sees EOF", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { client, host } = brokers(t);
  const dialling = host.dial(7);
  await settle();
  t.mock.timers.tick(5000);
  await assert.rejects(dialling, (error: MuxError) => {
    muxError(
      "eof",
      "broker: EOF before the ack, nobody accepted the id at the peer (dial of id 7)",
    )(error);
    assert.equal(error.brokerId, 7);
    assert.equal(error.streamId, 1);
    assert.equal(error.remote, true);
    return true;
  });
  await settle();
  assert.equal(client.numStreams, 0);
});

test("[BROKER-5] a stream is kept until the last moment, also after an accept gave up", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { host, plugin } = brokers(t);
  const late = plugin.accept(7);
  t.mock.timers.tick(5000);
  await assert.rejects(late, muxError("timeout"));
  const dialling = host.dial(7);
  await settle();
  t.mock.timers.tick(4999);
  await assertJoined(await plugin.accept(7), await dialling);
});

test("[BROKER-5] a dialer that gave up makes room for its next try", async (t) => {
  const { host, plugin } = brokers(t);
  const controller = new AbortController();
  const first = host.dial(7, { signal: controller.signal });
  await settle();
  controller.abort(new Error("never mind"));
  await assert.rejects(
    first,
    muxError("aborted", "broker: aborted waiting for the ack (dial of id 7)"),
  );
  const second = host.dial(7);
  await settle();
  await assertJoined(await plugin.accept(7), await second);
});

test("[BROKER-6] a second stream for a waiting id is closed at once, and later ids work", async (t) => {
  const { host, plugin } = brokers(t);
  const [first, second] = [host.dial(7), host.dial(7)];
  await assert.rejects(second, muxError("eof", "dial of id 7"));
  await assertJoined(await plugin.accept(7), await first);
  const [a, b] = await Promise.all([plugin.accept(8), host.dial(8)]);
  await assertJoined(a, b);
});

test("[BROKER-4] half an id blocks no other stream, and its stream is closed after 5 s", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { raw, broker, session } = brokerRaw(t);
  raw.send("Data|SYN 1", id7.subarray(0, 2));
  raw.send("Data|SYN 3", id7);
  assert.equal((await broker.accept(7)).id, 3);
  raw.take();
  t.mock.timers.tick(5000);
  await settle();
  assert.ok((await raw.sync()).includes("WindowUpdate|FIN 1 0"));
  raw.send("WindowUpdate|FIN 1 0");
  await raw.sync();
  assert.equal(session.numStreams, 1);
});

test("[BROKER-4] a stream that ends or is reset inside its id is forgotten", async (t) => {
  const { raw, session } = brokerRaw(t);
  raw.send("Data|SYN|FIN 1", id7.subarray(0, 3));
  raw.send("Data|SYN 3", id7.subarray(0, 3));
  raw.send("WindowUpdate|RST 3 0");
  assert.ok((await raw.sync()).includes("WindowUpdate|ACK 3 0"));
  await settle();
  assert.equal(session.numStreams, 0);
});

test("[BROKER-9] a refused stream that the peer does not close is reset after 5 s", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { raw, session } = brokerRaw(t);
  raw.send("Data|SYN 1", id7);
  raw.send("Data|SYN 3", id7);
  await settle();
  assert.ok((await raw.sync()).includes("WindowUpdate|FIN 3 0"));
  t.mock.timers.tick(5000);
  await settle();
  // A reset follows when the peer has answered and still not closed.
  assert.deepEqual((await raw.sync()).sort(), ["Ping|SYN 0 0", "WindowUpdate|FIN 1 0"]);
  raw.send("Ping|ACK 0 0");
  assert.equal(await raw.next(), "WindowUpdate|RST 3 0");
  t.mock.timers.tick(5000);
  await settle();
  assert.deepEqual(await raw.sync(), ["Ping|SYN 0 1"]);
  raw.send("Ping|ACK 0 1");
  assert.equal(await raw.next(), "WindowUpdate|RST 1 0");
  assert.equal(session.numStreams, 0);
});

test("[BROKER-9] streams beyond the bound are reset; an accept or an end makes room", async (t) => {
  const { raw, broker, session } = brokerRaw(t, { maxPending: 2 });
  raw.send("Data|SYN 1", id7);
  raw.send("Data|SYN 3", "x");
  raw.send("Data|SYN 5", Buffer.from([8, 0, 0, 0]));
  assert.ok((await raw.sync()).includes("WindowUpdate|RST 5 0"));
  assert.equal(session.numStreams, 2);
  await broker.accept(7);
  raw.send("WindowUpdate|RST 3 0");
  await raw.sync();
  await settle();
  raw.send("Data|SYN 7", Buffer.from([8, 0, 0, 0]));
  raw.send("Data|SYN 9", Buffer.from([9, 0, 0, 0]));
  await broker.accept(8);
  await broker.accept(9);
});

test("[BROKER-3] another ack is an error with Go's text, and the stream is reset", async (t) => {
  const { raw, broker } = brokerRaw(t);
  const dialling = broker.dial(7);
  await raw.sync();
  raw.send("Data|ACK 2", Buffer.from([9, 1, 0, 0]));
  await assert.rejects(dialling, (error: MuxError) => {
    muxError("bad-ack", "broker: bad ack: 265 (expected 7)")(error);
    assert.equal(error.brokerId, 7);
    assert.equal(error.remote, true);
    return true;
  });
  assert.deepEqual(await raw.sync(), ["WindowUpdate|RST 2 0"]);
});

test("[BROKER-8] a dial without an answer fails after half as long again as an accept", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { raw, broker } = brokerRaw(t);
  const dialling = broker.dial(7);
  raw.send("WindowUpdate|ACK 2 0");
  await raw.sync();
  t.mock.timers.tick(7499);
  await raw.sync();
  t.mock.timers.tick(1);
  const text = "broker: timeout waiting for the ack (dial of id 7)";
  await assert.rejects(dialling, muxError("timeout", text));
  assert.deepEqual(await raw.sync(), ["WindowUpdate|RST 2 0"]);
});

test("[BROKER-8] an error of the session that ends a dial gets the broker id", async (t) => {
  const reset = brokerRaw(t);
  const dialling = reset.broker.dial(7);
  await reset.raw.sync();
  reset.raw.send("WindowUpdate|RST 2 0");
  const text = "broker: connection reset (stream 2, by the peer) (dial of id 7)";
  await assert.rejects(dialling, muxError("connection-reset", text));
  reset.raw.send("GoAway 0 0");
  await reset.raw.sync();
  await assert.rejects(reset.broker.dial(8), muxError("remote-go-away", "dial of id 8"));
  await reset.session.close(new Error("over"));
  await assert.rejects(reset.broker.dial(8), muxError("session-shutdown", "dial of id 8"));
});

test("[BROKER-7] the end of the session ends accepts and dials at once", async (t) => {
  const { host, plugin, client, serverEnd } = brokers(t);
  const waits = [plugin.accept(7), host.accept(7), host.dial(8)];
  const caught = waits.map((wait) => assert.rejects(wait, muxError("session-shutdown", "of id ")));
  await settle();
  serverEnd.destroy();
  await Promise.all(caught);
  const error = (await host.accept(9).catch((thrown) => thrown)) as MuxError;
  muxError("session-shutdown", "broker: session shutdown (accept of id 9)")(error);
  assert.equal(error.cause, await client.closed);
});

test("close ends the session", async (t) => {
  const { host, client } = brokers(t);
  await host.close();
  assert.equal(client.isClosed, true);
});

for (const id of [-1, 1.5, 2 ** 32, Number.NaN]) {
  test(`[BROKER-3] ${id} is not an id`, async (t) => {
    const { host } = brokers(t);
    await assert.rejects(host.accept(id), RangeError);
    await assert.rejects(host.dial(id), RangeError);
  });
}

test("1,000 brokered streams at once, in any order, each to its own", async (t) => {
  const { host, plugin } = brokers(t);
  const ids = Array.from({ length: 1000 }, () => plugin.nextId());
  const dialled = Promise.all(ids.map((id) => host.dial(id)));
  const accepted = Promise.all(ids.toReversed().map((id) => plugin.accept(id)));
  const inOrder = (await accepted).toReversed();
  for (const [i, stream] of (await dialled).entries()) {
    stream.write(Buffer.from(`stream ${ids[i]}`));
    stream.end();
  }
  const texts = await Promise.all(inOrder.map((stream) => read(stream).allText()));
  assert.deepEqual(
    texts,
    ids.map((id) => `stream ${id}`),
  );
});

test("nested: an id told over a brokered stream leads to the next one, to and fro", async (t) => {
  stayAlive(t);
  const { host, plugin } = brokers(t);
  let [here, there] = [host, plugin];
  for (let depth = 0; depth < 20; depth++) {
    const id = there.nextId();
    const [a, b] = await Promise.all([there.accept(id), here.dial(id)]);
    const inner = here.nextId();
    const accepting = here.accept(inner);
    b.write(Buffer.from([inner]));
    const told = (await a.readPrefix(1))[0] as number;
    const dialled = await there.dial(told);
    await assertJoined(await accepting, dialled);
    [here, there] = [there, here];
  }
});

test("the broker takes streams that were opened before it ran", async (t) => {
  const { raw, session } = joinRaw(t, "server", { enableKeepAlive: false });
  raw.sendBytes(Buffer.concat([frame("WindowUpdate|SYN 1 0"), frame("Data 1", id7)]));
  await raw.sync();
  const broker = new Broker(session);
  broker.run();
  assert.equal((await broker.accept(7)).id, 1);
});
