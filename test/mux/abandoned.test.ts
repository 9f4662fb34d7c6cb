/** Streams that are given up before the peer took them, and what their places in the peer's queue are worth. */
import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import type { Session, Stream } from "../../mux/index.js";
import { joinRaw, muxError, read, settle } from "./helpers.js";

/** Stream 1 was opened, and a second open waits for its place. */
async function waiting(t: TestContext) {
  const { session, raw } = joinRaw(t, "client", { acceptBacklog: 1, enableKeepAlive: false });
  const first = await session.open();
  let isOpen = false;
  const next = session.open().then((stream) => {
    isOpen = true;
    return stream;
  });
  assert.deepEqual(await raw.sync(), ["WindowUpdate|SYN 1 0"]);
  return { session, raw, first, next, isOpen: () => isOpen };
}

const SYN = "WindowUpdate|SYN 3 0";
const RST = "WindowUpdate|RST 1 0";

/** What the peer sends for the stream that was given up, and what it gets. */
const SIGNS: readonly [what: string, send: string, body: string, sent: readonly string[]][] = [
  ["an ACK", "WindowUpdate|ACK 1 0", "", [RST, SYN]],
  ["credit", "WindowUpdate 1 1000", "", [RST, SYN]],
  ["data", "Data 1", "hello", [RST, SYN]],
  ["data with an ACK", "Data|ACK 1", "hello", [RST, SYN]],
  ["a FIN", "WindowUpdate|FIN 1 0", "", [RST, SYN]],
  ["a reset", "WindowUpdate|RST 1 0", "", [SYN]],
];

for (const [what, send, body, sent] of SIGNS) {
  test(`[YAMUX-55] a stream given up before the ACK keeps its place until ${what} of the peer`, async (t) => {
    const { session, raw, first, next, isOpen } = await waiting(t);
    first.destroy();
    assert.equal(first.state, "Reset");
    assert.equal(session.numStreams, 0);
    await first.closed;
    assert.deepEqual(await raw.sync(), []);
    assert.equal(isOpen(), false);
    raw.send(send, body);
    assert.deepEqual(await raw.sync(), sent);
    assert.equal((await next).id, 3);
    raw.send("Data 1", "late");
    assert.deepEqual(await raw.sync(), []);
  });
}

/** The same after our FIN: Go never sends an ACK then. */
const SIGNS_AFTER_FIN: typeof SIGNS = [
  ["data", "Data 1", "hello", [RST, SYN]],
  ["a FIN, which needs no reset", "WindowUpdate|FIN 1 0", "", [SYN]],
  ["a reset", "WindowUpdate|RST 1 0", "", [SYN]],
];

for (const [what, send, body, sent] of SIGNS_AFTER_FIN) {
  test(`[YAMUX-55] a stream given up after our FIN keeps its place until ${what} of the peer`, async (t) => {
    const { raw, first, next, isOpen } = await waiting(t);
    first.end();
    assert.deepEqual(await raw.sync(), ["WindowUpdate|FIN 1 0"]);
    first.destroy();
    assert.deepEqual(await raw.sync(), []);
    assert.equal(isOpen(), false);
    raw.send(send, body);
    assert.deepEqual(await raw.sync(), sent);
    await next;
  });
}

/** Stream 1 was opened, and the peer has taken it. */
async function taken(t: TestContext) {
  const { session, raw } = joinRaw(t, "client", { enableKeepAlive: false });
  const stream = await session.open();
  raw.send("WindowUpdate|ACK 1 0");
  await raw.sync();
  return { raw, stream };
}

const openMany = (session: Session, count: number): Promise<Stream[]> =>
  Promise.all(Array.from({ length: count }, () => session.open()));

test("[YAMUX-55] the ACK of a later stream shows that those before it were taken", async (t) => {
  const { session, raw } = joinRaw(t, "client", { acceptBacklog: 4, enableKeepAlive: false });
  const [ended, dropped, , last] = (await openMany(session, 4)) as [Stream, Stream, Stream, Stream];
  ended.end();
  last.end();
  await raw.sync();
  for (const stream of [ended, dropped, last]) stream.destroy();
  raw.send("WindowUpdate|ACK 5 0");
  assert.deepEqual(await raw.sync(), []);
  // The places of 1 and 5. The stream 3 has an ACK of its own to come.
  await openMany(session, 2);
  let isOpen = false;
  const next = session.open().then(() => {
    isOpen = true;
  });
  await settle();
  assert.equal(isOpen, false);
  raw.take();
  raw.send("Data 1", "unwanted");
  assert.deepEqual(await raw.sync(), [RST]);
  raw.send("WindowUpdate|ACK 3 0");
  await next;
});

test("[YAMUX-55] data after our FIN frees the place, without an ACK", async (t) => {
  const { raw, first, next, isOpen } = await waiting(t);
  first.end();
  const seen = read(first);
  await raw.sync();
  raw.send("Data 1", "answer");
  assert.deepEqual(await raw.sync(), [SYN]);
  assert.equal(isOpen(), true);
  await next;
  assert.equal(seen.text, "answer");
});

test("[YAMUX-57] a stream given up after both our FIN and data is reset when a ping was answered", async (t) => {
  const { raw, stream } = await taken(t);
  stream.end();
  await raw.sync();
  stream.destroy();
  assert.deepEqual(await raw.sync(), ["Ping|SYN 0 0"]);
  raw.send("Ping|ACK 0 0");
  assert.equal(await raw.next(), RST);
});

test("[YAMUX-57] it is reset at once when more comes, and never when the peer ends it first", async (t) => {
  for (const [send, sent] of [
    ["Data 1 0", [RST]],
    ["WindowUpdate|FIN 1 0", []],
    ["WindowUpdate|RST 1 0", []],
  ] as const) {
    const { raw, stream } = await taken(t);
    stream.end();
    await raw.sync();
    stream.destroy();
    await raw.sync();
    raw.send(send);
    assert.deepEqual(await raw.sync(), sent);
    raw.send("Ping|ACK 0 0");
    for (let round = 0; round < 2; round++) assert.deepEqual(await raw.sync(), []);
  }
});

test("[YAMUX-55] after the close timeout the place is free all the same", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { session, raw, first, next, isOpen } = await waiting(t);
  first.destroy();
  t.mock.timers.tick(299_999);
  await raw.sync();
  assert.equal(isOpen(), false);
  t.mock.timers.tick(1);
  await settle();
  assert.deepEqual(await raw.sync(), [RST, SYN]);
  assert.equal((await next).id, 3);
  assert.equal(session.isClosed, false, "the time for the ACK ended with the stream");
});

test("[YAMUX-44] [YAMUX-55] the id of a stream that was given up is still taken", async (t) => {
  const { session, raw, first, next } = await waiting(t);
  const ended = assert.rejects(next, muxError("session-shutdown"));
  first.destroy();
  raw.send("WindowUpdate|SYN 1 0");
  muxError("duplicate-stream")(await session.closed);
  await ended;
});

test("[YAMUX-45] [YAMUX-55] the end of the session leaves no timer of such streams", async (t) => {
  const { session, first, next } = await waiting(t);
  first.destroy();
  const ended = assert.rejects(next, muxError("session-shutdown"));
  await session.close(new Error("over"));
  await ended;
});
