/** A stream as a Node Duplex. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type Duplex, PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import test, { type TestContext } from "node:test";
import { type Stream, toDuplex } from "../../mux/index.js";
import { join, joinRaw, joinStream, muxError, pattern, read, settle } from "./helpers.js";

async function pair(t: TestContext) {
  const joined = join(t);
  const [a, b] = await joinStream(joined);
  return { ...joined, a, b };
}

/** A Duplex that ignores the error with which the end of the test destroys it. */
function faced(stream: Stream): Duplex {
  return toDuplex(stream).on("error", () => {});
}

const collect = async (readable: Readable): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  readable.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(readable, "end");
  return Buffer.concat(chunks);
};

test("[YAMUX-53] a Duplex ends each direction on its own", async (t) => {
  const { a, b } = await pair(t);
  const [left, right] = [faced(a), faced(b)];
  const closed = [once(left, "close"), once(right, "close")];
  left.end("question");
  assert.equal(String(await collect(right)), "question");
  assert.equal(a.state, "LocalClose");
  right.write("ans");
  right.end("wer");
  assert.equal(String(await collect(left)), "answer");
  await Promise.all([...closed, a.closed, b.closed]);
  assert.equal(a.state, "Closed");
});

test("[YAMUX-53] pipeline moves megabytes both ways, and everything is there when it resolves", async (t) => {
  const { a, b, client } = await pair(t);
  const all = pattern(3_000_000);
  const echo = faced(b);
  const echoing = pipeline(echo, new PassThrough(), echo);
  const left = faced(a);
  const back = collect(left);
  await pipeline(Readable.from([all.subarray(0, 1_000_000), all.subarray(1_000_000)]), left, {
    end: true,
  });
  assert.ok((await back).equals(all));
  await echoing;
  await client.close();
});

test("[YAMUX-53] finish comes when the connection has everything: closing the session loses nothing", async (t) => {
  const { a, b, client } = await pair(t);
  const seen = read(b);
  const left = faced(a);
  left.end(pattern(2_000_000));
  await once(left, "finish");
  await client.close();
  assert.ok((await seen.all()).equals(pattern(2_000_000)));
});

test("[YAMUX-53] a slow reader holds the peer back by the window", async (t) => {
  const { a, b } = await pair(t);
  const right = faced(b);
  const left = faced(a);
  let written = 0;
  const chunk = Buffer.alloc(65536);
  const isFull = (): boolean => {
    written += chunk.length;
    return !left.write(chunk);
  };
  for (let i = 0; i < 400; i++) {
    while (written < 64 << 20 && !isFull());
    await settle(1);
    if (left.writableLength > 0) break;
  }
  await settle(50);
  assert.ok(written < 2 << 20, `${written} bytes were taken`);
  assert.equal(right.readableLength, 0, "what waits is in the window");
  right.resume();
  await once(left, "drain");
});

test("[YAMUX-53] read() and async iteration get everything in order", async (t) => {
  const { a, b } = await pair(t);
  const [left, right] = [faced(a), faced(b)];
  left.write("one");
  left.write("two");
  await once(right, "readable");
  assert.equal(String(right.read(2)), "on");
  assert.equal(String(right.read()), "etwo");
  const parts = ["three", "four", "five"];
  const iterating = (async () => {
    let text = "";
    for await (const part of right) text += part;
    return text;
  })();
  for (const part of parts) {
    left.write(part);
    await settle(2);
  }
  left.end();
  assert.equal(await iterating, "threefourfive");
});

test("[YAMUX-53] destroy resets the stream, with and without an error", async (t) => {
  for (const error of [undefined, new Error("mine")]) {
    const { a, b } = await pair(t);
    const left = faced(a);
    const emitted = once(left, error ? "error" : "close");
    left.destroy(error);
    muxError("connection-reset")(await read(b).end);
    assert.deepEqual(await emitted, error ? [error] : []);
    assert.equal(a.state, "Reset");
  }
});

test("[YAMUX-53] the peer's reset and the session's end are errors of the Duplex", async (t) => {
  const { a, b, client } = await pair(t);
  const left = faced(a);
  b.destroy();
  const [reset] = await once(left, "error");
  muxError("connection-reset")(reset);
  const right = faced(await client.open());
  const failed = once(right, "error");
  await client.close(new Error("it died"));
  muxError("session-shutdown", "it died")((await failed)[0]);
});

test("[YAMUX-53] our own close of the session closes the Duplex without an error", async (t) => {
  const { a, client } = await pair(t);
  const left = faced(a);
  const closed = once(left, "close");
  void client.close();
  await closed;
  assert.equal(left.errored, null);
  assert.equal(left.readableEnded, false);
});

test("[YAMUX-53] bytes that arrived before the session died are read before the error", async (t) => {
  const { session, raw } = joinRaw(t, "client", { enableKeepAlive: false });
  const left = faced(await session.open());
  raw.send("Data 1", "first");
  raw.send("Data 1", "second");
  raw.end();
  await session.closed;
  await settle();
  let text = "";
  const reading = (async () => {
    for await (const part of left) text += part;
  })();
  await assert.rejects(reading, muxError("session-shutdown"));
  assert.equal(text, "firstsecond");
});

test("[YAMUX-53] a chunk that Node holds for the reader is read before the error", async (t) => {
  const { session, raw } = joinRaw(t, "client", { enableKeepAlive: false });
  const left = faced(await session.open());
  left.on("readable", () => {});
  raw.send("Data 1", "last words");
  await raw.sync();
  raw.end();
  await session.closed;
  await settle();
  assert.equal(left.readableLength, 10);
  assert.equal(left.destroyed, false);
  const failed = once(left, "error");
  assert.equal(String(left.read()), "last words");
  assert.equal(left.read(), null);
  muxError("session-shutdown")((await failed)[0]);
});

test("[YAMUX-53] a chunk of the Duplex is the reader's own", async (t) => {
  const { a, b } = await pair(t);
  const right = faced(b);
  const chunks: Buffer[] = [];
  right.on("data", (chunk: Buffer) => chunks.push(chunk));
  for (const text of ["aa", "bb", "cc"]) {
    a.write(Buffer.from(text));
    await settle(3);
  }
  assert.equal(Buffer.concat(chunks).toString(), "aabbcc");
});

test("[YAMUX-53] a writer learns of a reset that comes after the peer's FIN", async (t) => {
  const { a, b } = await pair(t);
  const left = toDuplex(a);
  const failed = once(left, "error");
  left.resume();
  b.start({ onData: () => {}, onEnd: () => {} });
  b.end();
  await once(left, "end");
  b.destroy();
  // A source that never pauses must not keep the end from being noticed.
  const endless = (function* () {
    for (;;) yield Buffer.alloc(1000);
  })();
  await assert.rejects(pipeline(endless, left), muxError("stream-closed"));
  await failed;
});

test("[YAMUX-53] a chunk that nobody has read is not lost with the session after the peer's FIN", async (t) => {
  const { session, raw } = joinRaw(t, "client", { enableKeepAlive: false });
  const left = toDuplex(await session.open());
  const events: string[] = [];
  for (const name of ["end", "error", "close"]) left.on(name, () => events.push(name));
  left.on("readable", () => {});
  raw.send("Data 1", "last words");
  raw.send("WindowUpdate|FIN 1");
  await raw.sync();
  raw.end();
  await session.closed;
  await settle();
  assert.deepEqual(events, []);
  assert.equal(String(left.read()), "last words");
  assert.equal(left.read(), null);
  await once(left, "close");
  assert.deepEqual(events, ["end", "close"]);
});

test("[YAMUX-53] a reset after the peer's FIN is told to the next write, with its cause", async (t) => {
  const { a, b } = await pair(t);
  const left = toDuplex(a);
  left.resume();
  b.start({ onData: () => {}, onEnd: () => {} });
  b.end();
  await once(left, "end");
  b.destroy();
  await a.closed;
  await settle();
  assert.equal(left.destroyed, false);
  const failed = once(left, "error");
  const written = new Promise((resolve) => left.write("x", resolve));
  const error = muxError("stream-closed");
  error(await written);
  const [emitted] = await failed;
  error(emitted);
  muxError("connection-reset")((emitted as Error).cause);
});

test("[YAMUX-53] bytes that cannot leave any more are an error of end, not a finish", async (t) => {
  const { session, raw } = joinRaw(t, "client", { enableKeepAlive: false });
  const stream = await session.open();
  const left = toDuplex(stream);
  left.resume();
  raw.send("WindowUpdate|FIN 1");
  await once(left, "end");
  left.on("finish", () => assert.fail("finish"));
  // More than the window of 256 KiB.
  left.end(Buffer.alloc(300_000));
  await settle();
  const failed = once(left, "error");
  raw.end();
  muxError("stream-closed")((await failed)[0]);
  muxError("session-shutdown")(await stream.finished);
});

test("[YAMUX-53] a write that waits is called back when the Duplex is destroyed", async (t) => {
  const { a } = await pair(t);
  const left = toDuplex(a);
  const waiting = new Promise((resolve) => left.write(Buffer.alloc(8 << 20), resolve));
  await settle();
  left.destroy();
  muxError("stream-closed")(await waiting);
});
