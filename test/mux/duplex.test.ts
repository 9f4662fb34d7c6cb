import assert from "node:assert/strict";
import { once } from "node:events";
import { Duplex, PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import test, { type TestContext } from "node:test";
import { fromDuplex, Session, type Stream, toDuplex, toWeb } from "../../mux/index.js";
import { duplexPair } from "../helpers/duplex-pair.js";
import { join, joinRaw, joinStream, muxError, pattern, read, settle } from "./helpers.js";

async function pair(t: TestContext) {
  const joined = join(t);
  const [a, b] = await joinStream(joined);
  return { ...joined, a, b };
}

/** The end of the test is an error that nobody waits for. */
function faced(stream: Stream): Duplex {
  return toDuplex(stream).on("error", () => {});
}

const collect = async (readable: Readable): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  readable.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(readable, "end");
  return Buffer.concat(chunks);
};

// toDuplex

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

// toWeb

async function readAll(readable: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readable) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test("[YAMUX-53] web streams end each direction on their own", async (t) => {
  const { a, b } = await pair(t);
  const [left, right] = [toWeb(a), toWeb(b)];
  const writer = left.writable.getWriter();
  const writing = writer.write(pattern(1_500_000));
  const back = readAll(left.readable);
  const [seen] = await Promise.all([readAll(right.readable), writing, writer.close()]);
  assert.ok(seen.equals(pattern(1_500_000)));
  assert.equal(a.state, "LocalClose");
  const answer = right.writable.getWriter();
  await answer.write(Buffer.from("answer"));
  await answer.close();
  assert.equal(String(await back), "answer");
  await a.closed;
});

test("[YAMUX-53] a web reader that does not read holds the peer back", async (t) => {
  const { a, b } = await pair(t);
  const { readable } = toWeb(b);
  const writer = toWeb(a).writable.getWriter();
  let written = 0;
  const pump = (async () => {
    for (; written < 16 << 20; written += 65536) await writer.write(Buffer.alloc(65536));
  })();
  await settle(100);
  assert.ok(written < 2 << 20, `${written} bytes were taken`);
  const reader = readable.getReader();
  for (let left = 16 << 20; left > 0; ) left -= (await reader.read()).value?.length ?? left;
  await pump;
});

test("[YAMUX-53] cancelling or aborting web streams resets the stream", async (t) => {
  const cancelled = await pair(t);
  const left = toWeb(cancelled.a);
  await left.readable.cancel(new Error("enough"));
  muxError("connection-reset")(await read(cancelled.b).end);
  const aborted = await pair(t);
  const other = toWeb(aborted.a);
  await other.writable.abort("no error object");
  muxError("connection-reset")(await read(aborted.b).end);
  await assert.rejects(other.readable.getReader().read(), muxError("stream-closed"));
});

test("[YAMUX-53] the peer's reset fails both web streams, and a write that waits", async (t) => {
  const { a, b } = await pair(t);
  const { readable, writable } = toWeb(a);
  const writer = writable.getWriter();
  writer.closed.catch(() => {});
  const writing = writer.write(Buffer.alloc(8 << 20));
  writing.catch(() => {});
  await settle();
  b.destroy();
  await assert.rejects(readable.getReader().read(), muxError("connection-reset"));
  await assert.rejects(writer.write(Buffer.from("x")), muxError("connection-reset"));
});

// fromDuplex

test("[YAMUX-45] an error of the connection before the session starts is not lost", async (t) => {
  const duplex = new Duplex({ read() {}, write() {}, autoDestroy: false });
  const transport = fromDuplex(duplex);
  duplex.destroy(new Error("early"));
  await settle();
  const session = Session.client(transport);
  t.after(() => session.close());
  muxError("connection-lost", "early")(await session.closed);
});

test("[YAMUX-45] a connection that ended before the session starts", async (t) => {
  const duplex = new Duplex({ read() {}, write() {}, allowHalfOpen: true });
  duplex.push(null);
  duplex.resume();
  await once(duplex, "end");
  const session = Session.client(fromDuplex(duplex));
  t.after(() => session.close());
  muxError("eof", "the peer closed the connection")(await session.closed);
});

test("a connection that comes paused is read", async (t) => {
  const [end, other] = duplexPair();
  end.pause();
  const session = Session.client(fromDuplex(end));
  const server = Session.server(fromDuplex(other));
  t.after(() => Promise.all([session.close(new Error("over")), server.close(new Error("over"))]));
  await session.ping();
});

test("pause and resume of the connection are the duplex's own", async (t) => {
  const [end, other] = duplexPair();
  const transport = fromDuplex(end);
  const seen: string[] = [];
  transport.start({ onData: (chunk) => seen.push(String(chunk)), onEnd: () => seen.push("end") });
  t.after(() => transport.destroy());
  transport.pause();
  other.write("later");
  await settle();
  assert.deepEqual(seen, []);
  transport.resume();
  other.end();
  await settle();
  assert.deepEqual(seen, ["later", "end"]);
  transport.end();
  assert.equal(transport.write(Buffer.from("x")), true, "after the end writes are dropped");
});

for (const when of ["at the end of a turn", "by flush, in the midst of reading"]) {
  test(`[YAMUX-7] a connection that delivers inside uncork does no harm: ${when}`, async (t) => {
    const ends = syncPair();
    const client = Session.client(fromDuplex(ends[0]));
    const server = Session.server(fromDuplex(ends[1]));
    t.after(() => Promise.all([client.close(new Error("over")), server.close(new Error("over"))]));
    const serve = (stream: Stream): void => {
      stream.start({
        onData: (chunk) => {
          stream.write(Buffer.from(chunk));
          if (when.startsWith("by flush")) stream.flush();
        },
        onEnd: () => stream.end(),
      });
    };
    server.onStream = serve;
    const streams = await Promise.all(Array.from({ length: 10 }, () => client.open()));
    const seen = streams.map(read);
    for (const [i, stream] of streams.entries()) {
      stream.write(pattern(100_000, i + 1));
      stream.end();
    }
    const all = await Promise.all(seen.map((one) => one.all()));
    for (const [i, bytes] of all.entries()) assert.ok(bytes.equals(pattern(100_000, i + 1)));
    await client.ping();
  });
}

/** Two duplexes whose writes arrive inside the call that writes them. */
function syncPair(): [Duplex, Duplex] {
  const make = (): Duplex =>
    new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        (this as Duplex & { peer: Duplex }).peer.push(chunk);
        done();
      },
      final(done) {
        (this as Duplex & { peer: Duplex }).peer.push(null);
        done();
      },
    });
  const [a, b] = [make(), make()];
  Object.assign(a, { peer: b });
  Object.assign(b, { peer: a });
  return [a, b];
}

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

test("[YAMUX-53] a web writer learns of a reset that comes after the peer's FIN", async (t) => {
  const { a, b } = await pair(t);
  const { readable, writable } = toWeb(a);
  b.start({ onData: () => {}, onEnd: () => {} });
  b.end();
  assert.equal((await readable.getReader().read()).done, true);
  const writer = writable.getWriter();
  b.destroy();
  await assert.rejects(writer.closed, muxError("stream-closed"));
});
