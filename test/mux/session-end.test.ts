/** The end of a whole session, by either side or by the connection, and what is still delivered. */
import assert from "node:assert/strict";
import test from "node:test";
import { fromDuplex, type MuxError, Session, type SessionConfig } from "../../mux/index.js";
import { duplexPair } from "../helpers/duplex-pair.js";
import { join, joinRaw, joinStream, muxError, pattern, read, settle } from "./helpers.js";

const quiet: Partial<SessionConfig> = { enableKeepAlive: false };

test("[YAMUX-46] closing sends no GoAway, is idempotent, and resolves closed with undefined", async (t) => {
  const { raw, session } = joinRaw(t, "client", quiet);
  const closed = session.closed;
  const closing = session.close();
  assert.equal(session.isClosed, true);
  void raw.ended.then(() => raw.end());
  await closing;
  await session.close();
  assert.equal(await closed, undefined);
  assert.equal(await session.closed, undefined);
  assert.deepEqual(raw.take(), []);
});

test("[YAMUX-46] what was written just before close still arrives", async (t) => {
  const { client, server } = join(t);
  const stream = await client.open();
  stream.write(pattern(200_000));
  stream.end();
  await client.close();
  const other = await server.accept();
  assert.ok((await read(other).all()).equals(pattern(200_000)));
});

test("[YAMUX-46] a peer that does not close is cut off after a second", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { session, sessionEnd } = joinRaw(t, "client", quiet);
  const closing = session.close();
  await settle();
  assert.equal(sessionEnd.destroyed, false);
  t.mock.timers.tick(1000);
  await closing;
  assert.equal(sessionEnd.destroyed, true);
});

test("[YAMUX-46] closing with an error cuts the connection and keeps the error", async (t) => {
  const { session, sessionEnd } = joinRaw(t, "client", quiet);
  const stream = await session.open();
  const reason = new Error("the process died");
  await session.close(reason);
  await session.close(new Error("too late"));
  assert.equal(sessionEnd.destroyed, true);
  const error = (await session.closed) as MuxError;
  muxError("session-shutdown", "yamux: session shutdown (the process died)")(error);
  assert.equal(error.cause, reason);
  assert.equal(error.remote, false);
  const end = (await read(stream).end) as MuxError;
  assert.equal(end.cause, error);
});

test("[YAMUX-46] a MuxError given to close is the reason itself", async (t) => {
  const { session } = joinRaw(t, "client", quiet);
  const other = joinRaw(t, "client", quiet).session;
  await other.close(new Error("x"));
  const reason = (await other.closed) as MuxError;
  await session.close(reason);
  assert.equal(await session.closed, reason);
});

test("[YAMUX-45] after our own close everything fails with session-shutdown", async (t) => {
  const { client } = join(t, { client: { acceptBacklog: 1 } });
  const stream = await client.open();
  const seen = read(stream);
  const waiting = [client.open(), client.accept(), client.ping()];
  const caught = waiting.map((wait) => assert.rejects(wait, muxError("session-shutdown")));
  await client.close();
  await Promise.all(caught);
  const text = "yamux: session shutdown (closed on this side)";
  await assert.rejects(client.open(), muxError("session-shutdown", text));
  await assert.rejects(client.accept(), muxError("session-shutdown", text));
  await assert.rejects(client.ping(), muxError("session-shutdown", text));
  muxError("session-shutdown", "stream 1: closed on this side")(await seen.end);
  assert.equal(stream.state, "Closed");
  assert.equal(stream.write(Buffer.from("x")), true);
  stream.end();
  stream.destroy();
  client.goAway();
});

test("[YAMUX-45] when the peer closes the connection, each waiter is woken with that", async (t) => {
  const { raw, session } = joinRaw(t, "client", { ...quiet, acceptBacklog: 1 });
  const stream = await session.open();
  const seen = read(stream);
  const accepting = assert.rejects(session.accept(), muxError("eof", "EOF"));
  const others = [session.open(), session.ping()].map((wait) =>
    assert.rejects(wait, muxError("session-shutdown", "EOF (the peer closed the connection)")),
  );
  await raw.sync();
  raw.end();
  await Promise.all([accepting, ...others]);
  const reason = (await session.closed) as MuxError;
  muxError("eof", "yamux: EOF (the peer closed the connection)")(reason);
  const end = (await seen.end) as MuxError;
  muxError("session-shutdown", "session shutdown (stream 1: EOF")(end);
  assert.equal(end.cause, reason);
  assert.equal(end.remote, true);
  assert.equal(end.streamId, 1);
  await assert.rejects(session.accept(), (error) => error === reason);
  assert.equal(session.numStreams, 0);
});

test("[YAMUX-45] a connection that fails is told with its error", async (t) => {
  const { session, sessionEnd } = joinRaw(t, "client", quiet);
  const error = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  sessionEnd.destroy(error);
  const reason = (await session.closed) as MuxError;
  muxError("connection-lost", "yamux: connection lost (read ECONNRESET)")(reason);
  assert.equal(reason.cause, error);
});

for (const [bytes, text] of [
  ["00000000000000", "unexpected EOF inside a frame header, after 7 of 12 bytes"],
  ["000000000000000100000005 6865", "unexpected EOF inside a frame, 3 bytes missing"],
] as const) {
  test(`[YAMUX-45] a connection cut inside a frame: ${text}`, async (t) => {
    const { raw, session } = joinRaw(t, "client", quiet);
    const stream = await session.open();
    const seen = read(stream);
    raw.sendBytes(Buffer.from(bytes.replaceAll(" ", ""), "hex"));
    raw.end();
    muxError("eof", text)(await session.closed);
    muxError("session-shutdown", text)(await seen.end);
    assert.equal(seen.text, bytes.length > 20 ? "he" : "", "what arrived is delivered");
  });
}

test("[YAMUX-45] a paused reader gets what had arrived, then the end of the session", async (t) => {
  const { raw, session } = joinRaw(t, "client", quiet);
  const stream = await session.open();
  stream.pause();
  const seen = read(stream);
  raw.send("Data 1", "kept");
  raw.end();
  await session.closed;
  await settle();
  assert.equal(seen.byteLength, 0);
  stream.resume();
  assert.equal(seen.text, "kept");
  muxError("session-shutdown")(await seen.end);
});

test("[YAMUX-45] a reader whose peer had ended sees the normal end after the session's", async (t) => {
  const { raw, session } = joinRaw(t, "client", quiet);
  const stream = await session.open();
  raw.send("Data|FIN 1", "complete");
  raw.end();
  await session.closed;
  assert.equal(await read(stream).allText(), "complete");
});

test("[YAMUX-45] Data with FIN that is cut off is not a normal end", async (t) => {
  const { raw, session } = joinRaw(t, "client", quiet);
  const stream = await session.open();
  raw.send("Data|FIN 1 100", "part");
  raw.end();
  await session.closed;
  const seen = read(stream);
  assert.equal(seen.text, "part");
  muxError("session-shutdown", "96 bytes missing")(await seen.end);
});

test("[YAMUX-45] streams that waited to be taken can be taken after the end, then the reason comes", async (t) => {
  const { raw, session } = joinRaw(t, "server", quiet);
  raw.send("Data|SYN|FIN 1", "request");
  raw.send("Data|SYN 3", "half");
  raw.end();
  await session.closed;
  assert.equal(await read(await session.accept()).allText(), "request");
  const half = read(await session.accept());
  assert.equal(half.text, "half");
  muxError("session-shutdown")(await half.end);
  await assert.rejects(session.accept(), muxError("eof"));
});

test("[YAMUX-45] a peer that dies with streams open ends all of them", async (t) => {
  const joined = join(t);
  const pairs = await Promise.all(Array.from({ length: 20 }, () => joinStream(joined)));
  const ends = pairs.flatMap((pair) => pair.map((stream) => read(stream).end));
  joined.serverEnd.destroy(new Error("killed"));
  for (const end of await Promise.all(ends)) muxError("session-shutdown")(end);
  muxError("eof")(await joined.client.closed);
  muxError("connection-lost", "killed")(await joined.server.closed);
});

test("[YAMUX-45] nothing is read after the end", async (t) => {
  const { raw, session } = joinRaw(t, "server", quiet);
  raw.sendBytes(Buffer.concat([Buffer.from("ff"), Buffer.from("000100010000000100000000", "hex")]));
  muxError("invalid-version")(await session.closed);
  raw.send("WindowUpdate|SYN 3 0");
  await settle();
  assert.equal(session.numStreams, 0);
});

test("[YAMUX-45] closing the session inside a callback breaks nothing", async (t) => {
  const { raw, session } = joinRaw(t, "server", quiet);
  const ends: (Error | undefined)[] = [];
  raw.send("WindowUpdate|SYN 5 0");
  const other = await session.accept();
  read(other);
  session.onStream = (stream) => {
    stream.start({
      onData: () => void session.close(),
      onEnd: (error) => {
        ends.push(error);
        other.write(Buffer.from("x"));
        other.end();
        stream.destroy();
        void session.open().catch(() => {});
      },
    });
  };
  raw.send("Data|SYN 1", "x");
  raw.send("Data|SYN 3", "y");
  await session.closed;
  assert.equal(ends.length, 1);
});

test("[YAMUX-45] a session on a connection that is over already ends at once", async (t) => {
  const [gone] = duplexPair();
  gone.destroy();
  const session = Session.client(fromDuplex(gone), quiet);
  t.after(() => session.close());
  muxError("eof")(await session.closed);
  const [broken] = duplexPair();
  broken.on("error", () => {});
  broken.destroy(new Error("refused"));
  await settle();
  muxError("connection-lost", "refused")(await Session.client(fromDuplex(broken), quiet).closed);
});

test("[YAMUX-45] nobody needs to listen: an ended session causes no unhandled rejection", async (t) => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", listen);
  t.after(() => process.off("unhandledRejection", listen));
  const { raw, session } = joinRaw(t, "client");
  const stream = await session.open();
  void stream.closed;
  void stream.finished;
  void session.closed;
  raw.sendBytes(Buffer.from("garbage"));
  await session.closed;
  await settle();
  assert.deepEqual(unhandled, []);
});
