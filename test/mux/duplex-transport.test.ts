/** A Node Duplex below a session: what it delivers, and how it ends. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { Duplex } from "node:stream";
import test from "node:test";
import { fromDuplex, Session, type Stream } from "../../mux/index.js";
import { duplexPair } from "../helpers/duplex-pair.js";
import { muxError, pattern, read, settle } from "./helpers.js";

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

for (const when of ["at the end of a turn", "by flush, in the middle of reading"]) {
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

test("[YAMUX-7] what arrives inside a flush of a consumer is read after the chunk, in order", async (t) => {
  const ends = syncPair();
  const client = Session.client(fromDuplex(ends[0]));
  const server = Session.server(fromDuplex(ends[1]));
  t.after(() => Promise.all([client.close(new Error("over")), server.close(new Error("over"))]));
  const [near, far] = await Promise.all([client.open(), server.accept()]);
  let depth = 0;
  const received: string[] = [];
  /** Answers each number with the next one, and has it read before the call returns. */
  const count = (stream: Stream) => (chunk: Uint8Array) => {
    depth += 1;
    assert.ok(depth <= 2, "each side handles one chunk at a time");
    received.push(String(Buffer.from(chunk)));
    if (received.length < 20) {
      stream.write(Buffer.from(String(received.length)));
      stream.flush();
    }
    depth -= 1;
  };
  near.start({ onData: count(near), onEnd: () => {} });
  far.start({ onData: count(far), onEnd: () => {} });
  // The first number must not arrive inside a flush: a session that flushes does not flush again.
  ends[1].pause();
  near.write(Buffer.from("0"));
  near.flush();
  ends[1].resume();
  await settle();
  assert.deepEqual(
    received,
    Array.from({ length: 20 }, (_, i) => String(i)),
  );
});

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

test("an error of the connection is told at once, also by a Duplex that never says close", async (t) => {
  const duplex = new Duplex({ read() {}, write() {}, emitClose: false });
  const session = Session.client(fromDuplex(duplex));
  t.after(() => session.close());
  duplex.destroy(new Error("cable cut"));
  muxError("connection-lost", "cable cut")(await session.closed);
});

test("the error that a transport is destroyed with is what its handler is told, once", async () => {
  const [end] = duplexPair();
  const transport = fromDuplex(end);
  const ends: (Error | undefined)[] = [];
  transport.start({ onData: () => {}, onEnd: (error) => ends.push(error) });
  const reason = new Error("enough");
  transport.destroy(reason);
  await settle();
  assert.deepEqual(ends, [reason]);
  assert.equal(transport.write(Buffer.from("x")), true, "writes are dropped");
});

test("an end before the start is told once, after the start has returned", async () => {
  const [end] = duplexPair();
  const transport = fromDuplex(end);
  end.destroy();
  await settle();
  const ends: (Error | undefined)[] = [];
  transport.start({ onData: () => {}, onEnd: (error) => ends.push(error) });
  assert.deepEqual(ends, []);
  await settle();
  assert.deepEqual(ends, [undefined]);
});

test("the handler is told of room after the peer has ended its side", async (t) => {
  const [end, other] = duplexPair();
  const transport = fromDuplex(end);
  t.after(() => transport.destroy());
  const told: string[] = [];
  transport.start({
    onData: () => {},
    onEnd: () => told.push("end"),
    onDrain: () => told.push("drain"),
  });
  other.end();
  await settle();
  assert.equal(transport.write(Buffer.alloc(1 << 20)), false);
  other.resume();
  await settle();
  assert.deepEqual(told, ["end", "drain"]);
});
