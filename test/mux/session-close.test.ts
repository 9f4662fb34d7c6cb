/** The end of one stream: FIN, RST, the limit on the peer's end, and frames that come after it. */
import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import type { SessionConfig, Stream } from "../../mux/index.js";
import { join, joinRaw, joinStream, muxError, pattern, read, settle } from "./helpers.js";

const quiet: Partial<SessionConfig> = { enableKeepAlive: false };

/** The peer's stream 1, taken. */
async function accepted(t: TestContext, config: Partial<SessionConfig> = quiet) {
  const joined = joinRaw(t, "server", config);
  joined.raw.send("WindowUpdate|SYN 1 0");
  const stream = await joined.session.accept();
  await joined.raw.next();
  return { ...joined, stream };
}

test("[YAMUX-32] end sends FIN once, in a frame of its own, after all data", async (t) => {
  const { raw, stream } = await accepted(t);
  stream.write(Buffer.from("last words"));
  stream.end();
  stream.end();
  assert.equal(stream.write(Buffer.from("dropped")), true);
  assert.deepEqual(await raw.sync(), ['Data 1 10 "last words"', "WindowUpdate|FIN 1 0"]);
  assert.equal(stream.state, "LocalClose");
  await stream.finished;
});

test("[YAMUX-32] FIN waits for data that waits for credit", async (t) => {
  const { raw, stream } = await accepted(t);
  stream.write(Buffer.alloc(262_144 + 1));
  stream.end();
  let isFinished = false;
  void stream.finished.then(() => {
    isFinished = true;
  });
  for (let i = 0; i < 2; i++) await raw.next();
  assert.deepEqual(await raw.sync(), []);
  assert.equal(isFinished, false);
  raw.send("WindowUpdate 1 1");
  assert.match(await raw.next(), /^Data 1 1 /);
  assert.equal(await raw.next(), "WindowUpdate|FIN 1 0");
  await stream.finished;
});

/** After our FIN the peer has sent 200,000 bytes, and was asked by a ping whether it has ended. */
async function afterOurEnd(t: TestContext) {
  const { session, raw, stream } = await accepted(t);
  stream.end();
  assert.deepEqual(await raw.sync(), ["WindowUpdate|FIN 1 0"]);
  const seen = read(stream);
  raw.send("Data 1", Buffer.alloc(190_000));
  assert.deepEqual(await raw.sync(), [], "the peer may still send 72,144 bytes");
  raw.send("Data 1", Buffer.alloc(10_000));
  assert.deepEqual(await raw.sync(), ["Ping|SYN 0 0"]);
  return { session, raw, stream, seen };
}

test("[YAMUX-33] [YAMUX-56] after our FIN reading goes on, with credit when the peer needs it", async (t) => {
  const { session, raw, stream, seen } = await afterOurEnd(t);
  raw.send("Ping|ACK 0 0");
  assert.equal(await raw.next(), "WindowUpdate 1 200000");
  raw.send("Data 1", Buffer.alloc(250_000));
  assert.deepEqual(await raw.sync(), ["Ping|SYN 0 1"]);
  raw.send("Ping|ACK 0 1");
  assert.equal(await raw.next(), "WindowUpdate 1 250000");
  raw.send("WindowUpdate|FIN 1 0");
  assert.equal((await seen.all()).length, 450_000);
  assert.equal(stream.state, "Closed");
  assert.equal(session.numStreams, 0);
});

test("[YAMUX-56] a peer that ends before it answers gets no credit", async (t) => {
  const { raw, seen } = await afterOurEnd(t);
  raw.send("WindowUpdate|FIN 1 0");
  raw.send("Ping|ACK 0 0");
  assert.equal((await seen.all()).length, 200_000);
  for (let round = 0; round < 2; round++) assert.deepEqual(await raw.sync(), []);
});

test("[YAMUX-56] one ping is under way at a time, and the session may end before its answer", async (t) => {
  const { session, raw, seen } = await afterOurEnd(t);
  raw.send("Data 1", Buffer.alloc(10_000));
  assert.deepEqual(await raw.sync(), []);
  await session.close(new Error("enough"));
  muxError("session-shutdown")(await seen.end);
});

test("[YAMUX-33] after the peer's FIN writing goes on; both ends close the stream", async (t) => {
  const { session, raw, stream } = await accepted(t);
  raw.send("WindowUpdate|FIN 1 0");
  assert.equal(await read(stream).allText(), "");
  assert.equal(stream.state, "RemoteClose");
  stream.write(Buffer.from("still here"));
  stream.end();
  assert.deepEqual(await raw.sync(), ['Data 1 10 "still here"', "WindowUpdate|FIN 1 0"]);
  assert.equal(session.numStreams, 0);
  await stream.closed;
});

test("[YAMUX-31] Data with FIN: the body precedes the end", async (t) => {
  const { raw, stream } = await accepted(t);
  raw.send("Data|FIN 1", "the end");
  assert.equal(await read(stream).allText(), "the end");
});

test("[YAMUX-33] data after the peer's FIN is skipped, within its window", async (t) => {
  const { session, raw, stream } = await accepted(t);
  raw.send("Data|FIN 1", "all");
  raw.send("Data 1", "more");
  await raw.sync();
  assert.equal(await read(stream).allText(), "all");
  raw.send("Data 1", Buffer.alloc(262_144 - 7));
  await raw.sync();
  raw.send("Data 1", "!");
  muxError("recv-window-exceeded", "stream 1: 1 bytes")(await session.closed);
});

test("[YAMUX-33] FIN for a stream that is over is ignored", async (t) => {
  const { session, raw, stream } = await accepted(t);
  stream.end();
  raw.send("WindowUpdate|FIN 1 0");
  raw.send("WindowUpdate|FIN 1 0");
  raw.send("Data|FIN 1", "late");
  assert.deepEqual(await raw.sync(), ["WindowUpdate|FIN 1 0"]);
  assert.equal(session.isClosed, false);
});

test("[YAMUX-33] FIN on the body that made the reader give up is ignored", async (t) => {
  const { session, raw, stream } = await accepted(t);
  stream.start({ onData: () => stream.destroy(), onEnd() {} });
  raw.send("Data|FIN 1", "enough");
  assert.deepEqual(await raw.sync(), ["WindowUpdate|RST 1 0"]);
  assert.equal(session.isClosed, false);
});

test("[YAMUX-34] RST ends both directions, and what was not delivered is lost", async (t) => {
  const { session, raw, stream } = await accepted(t);
  stream.pause();
  const seen = read(stream);
  stream.write(Buffer.alloc(300_000));
  raw.send("Data 1", "never seen");
  raw.send("WindowUpdate|RST 1 0");
  const error = await seen.end;
  muxError("connection-reset", "yamux: connection reset (stream 1, by the peer)")(error);
  assert.deepEqual(
    { streamId: 1, remote: true },
    {
      streamId: (error as { streamId?: number }).streamId,
      remote: (error as { remote?: boolean }).remote,
    },
  );
  stream.resume();
  assert.equal(seen.byteLength, 0);
  assert.equal(stream.state, "Reset");
  assert.equal(session.numStreams, 0);
  await Promise.all([stream.closed, stream.finished]);
  raw.take();
  stream.write(Buffer.from("x"));
  stream.end();
  stream.destroy();
  assert.deepEqual(
    (await raw.sync()).filter((text) => !text.startsWith("Data")),
    [],
  );
});

for (const state of ["SYNSent", "Established", "LocalClose", "RemoteClose"] as const) {
  test(`[YAMUX-34] RST in state ${state}`, async (t) => {
    const { session, raw } = joinRaw(t, "client", quiet);
    const stream = await session.open();
    if (state !== "SYNSent") raw.send("WindowUpdate|ACK 1 0");
    if (state === "LocalClose") stream.end();
    if (state === "RemoteClose") raw.send("WindowUpdate|FIN 1 0");
    await raw.sync();
    assert.equal(stream.state, state);
    raw.send("Data|RST 1", "ignored");
    await raw.sync();
    assert.equal(stream.state, "Reset");
    assert.equal(session.numStreams, 0);
    const end = await read(stream).end;
    if (state === "RemoteClose") assert.ok(end === undefined || end.name === "MuxError");
    else muxError("connection-reset")(end);
  });
}

test("[YAMUX-34] a stream that its reader saw end is not told of a later RST", async (t) => {
  const { raw, stream } = await accepted(t);
  const ends: unknown[] = [];
  stream.start({ onData() {}, onEnd: (error) => ends.push(error) });
  raw.send("WindowUpdate|FIN 1 0");
  raw.send("WindowUpdate|RST 1 0");
  await raw.sync();
  await settle();
  assert.deepEqual(ends, [undefined]);
  assert.equal(stream.state, "Reset");
});

test("[YAMUX-34] destroy sends RST once, drops what is queued, and tells the handler on the next tick", async (t) => {
  const { raw, stream } = await accepted(t);
  const seen = read(stream);
  stream.write(Buffer.from("dropped"));
  let told: unknown = "nothing yet";
  void seen.end.then((error) => {
    told = error;
  });
  stream.destroy();
  stream.destroy(new Error("second"));
  assert.equal(told, "nothing yet");
  assert.deepEqual(await raw.sync(), ["WindowUpdate|RST 1 0"]);
  muxError("stream-closed", "yamux: stream closed (stream 1)")(told);
});

test("[YAMUX-34] destroy tells its error to the handler, paused or not", async (t) => {
  const { raw, stream } = await accepted(t);
  const reason = new Error("mine");
  stream.pause();
  const seen = read(stream);
  raw.send("Data 1", "kept");
  await raw.sync();
  stream.destroy(reason);
  assert.equal(await seen.end, reason);
  assert.equal(seen.byteLength, 0);
});

test("[YAMUX-34] destroy of a stream that both sides have closed sends nothing", async (t) => {
  const { raw, stream } = await accepted(t);
  raw.send("Data|FIN 1", "unread");
  stream.end();
  await stream.closed;
  assert.deepEqual(await raw.sync(), ["WindowUpdate|FIN 1 0"]);
  stream.destroy();
  assert.deepEqual(await raw.sync(), []);
  muxError("stream-closed")(await read(stream).end);
});

test("[YAMUX-34] [YAMUX-55] destroy before the SYN left: the reset follows when the peer has taken the stream", async (t) => {
  const { session, raw } = joinRaw(t, "client", quiet);
  const stream = await session.open();
  stream.write(Buffer.from("dropped"));
  stream.destroy();
  assert.deepEqual(await raw.sync(), ["WindowUpdate|SYN 1 0"]);
  raw.send("WindowUpdate|ACK 1 0");
  assert.deepEqual(await raw.sync(), ["WindowUpdate|RST 1 0"]);
});

test("[YAMUX-35] a stream that the peer does not close is given up after 5 minutes", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { session, raw, stream } = await accepted(t);
  stream.end();
  const seen = read(stream);
  assert.deepEqual(await raw.sync(), ["WindowUpdate|FIN 1 0"]);
  t.mock.timers.tick(299_999);
  assert.equal(session.numStreams, 1);
  t.mock.timers.tick(1);
  await settle();
  assert.deepEqual(await raw.sync(), ["WindowUpdate|RST 1 0"]);
  assert.equal(session.numStreams, 0);
  assert.equal(stream.state, "Closed");
  muxError("timeout", "stream 1: the peer did not close it within 300000 ms")(await seen.end);
});

test("[YAMUX-35] data in either direction starts the time anew; what had arrived is delivered", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { session, raw, stream } = await accepted(t, { ...quiet, streamCloseTimeoutMs: 100 });
  stream.write(Buffer.alloc(262_144 + 1));
  stream.end();
  stream.pause();
  const seen = read(stream);
  await raw.sync();
  t.mock.timers.tick(99);
  raw.send("Data 1", "x");
  await raw.sync();
  t.mock.timers.tick(99);
  raw.send("WindowUpdate 1 1");
  await raw.sync();
  await settle();
  t.mock.timers.tick(99);
  assert.equal(session.numStreams, 1);
  t.mock.timers.tick(1);
  await settle();
  assert.equal(session.numStreams, 0);
  stream.resume();
  assert.equal(seen.text, "x");
  muxError("timeout")(await seen.end);
});

test("[YAMUX-35] the peer's FIN in time ends the wait; 0 means no limit", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { session, raw, stream } = await accepted(t);
  stream.end();
  raw.send("WindowUpdate|FIN 1 0");
  await raw.sync();
  const patient = await accepted(t, { ...quiet, streamCloseTimeoutMs: 0 });
  patient.stream.end();
  await patient.raw.sync();
  t.mock.timers.tick(2 ** 31 - 1);
  assert.deepEqual([...(await raw.sync()), ...(await patient.raw.sync())], []);
  assert.equal(patient.session.numStreams, 1);
  assert.equal(session.isClosed, false);
});

for (const [text, body] of [
  ["Data 99", "body"],
  ["Data|FIN 99", "body"],
  ["Data|RST 99", "body"],
  ["WindowUpdate 99 1000", ""],
  ["WindowUpdate|FIN 99 0", ""],
  ["WindowUpdate|RST 99 0", ""],
  ["WindowUpdate|ACK 99 0", ""],
] as const) {
  test(`[YAMUX-36] ${text} of an unknown stream is ignored`, async (t) => {
    const { session, raw } = joinRaw(t, "server", quiet);
    raw.send(text, body);
    assert.deepEqual(await raw.sync(), []);
    assert.equal(session.isClosed, false);
  });
}

test("[YAMUX-36] the body of an unknown stream is skipped however long it is", async (t) => {
  const { session, raw } = joinRaw(t, "server", quiet);
  raw.send("Data 99 8388608");
  for (let i = 0; i < 128; i++) raw.sendBytes(Buffer.alloc(65536, 0xff));
  assert.deepEqual(await raw.sync(), []);
  raw.send("Data 99 4294967295");
  raw.sendBytes(Buffer.alloc(65536, 0xff));
  await settle();
  assert.equal(session.isClosed, false);
});

test("bytes written by one side are what the other reads, however the connection cuts them", async (t) => {
  for (const chunkBytes of [1, 5, 12, 13, 4096]) {
    const joined = join(t, { chunkBytes, delayTurns: 1 });
    const [a, b] = await joinStream(joined);
    const all = pattern(20_000, chunkBytes);
    const seen = [read(a), read(b)] as const;
    for (const stream of [a, b]) {
      stream.write(Buffer.from(all));
      stream.end();
    }
    for (const one of seen) assert.ok((await one.all()).equals(all));
  }
});

test("readPrefix tells how many bytes came when the stream ends first", async (t) => {
  const { raw, stream } = await accepted(t);
  const reading = stream.readPrefix(4);
  raw.send("Data|FIN 1", "abc");
  await assert.rejects(
    reading,
    muxError("eof", "yamux: EOF (reading the first 4 bytes of stream 1, got 3)"),
  );
  await assert.rejects(stream.readPrefix(4), muxError("eof"));
  assert.equal(Buffer.from(await stream.readPrefix(3)).toString(), "abc");
});

test("[YAMUX-51] readPrefix ends with a reset, with the time, and with its signal", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { raw, stream } = await accepted(t);
  const late = stream.readPrefix(4, { timeoutMs: 10 });
  t.mock.timers.tick(10);
  await assert.rejects(late, muxError("timeout", "reading the first 4 bytes of stream 1"));
  const controller = new AbortController();
  const aborted = stream.readPrefix(4, { signal: controller.signal });
  controller.abort();
  await assert.rejects(aborted, muxError("aborted"));
  const reset = stream.readPrefix(4);
  raw.send("WindowUpdate|RST 1 0");
  await assert.rejects(reset, muxError("connection-reset"));
});

test("a stream started after its end gets everything and the end", async (t) => {
  const { raw, stream } = await accepted(t);
  raw.send("Data|FIN 1", "early");
  await raw.sync();
  assert.equal(await read(stream).allText(), "early");
});

test("closed resolves to the same for callers before and after the end", async (t) => {
  const joined = join(t);
  const [a, b]: Stream[] = await joinStream(joined);
  const before = a?.closed;
  assert.equal(a?.closed, before);
  a?.destroy();
  await before;
  await a?.closed;
  await b?.closed;
});
