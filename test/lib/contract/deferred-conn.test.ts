/** A stream that is used before it has been dialled [BROKER-11]. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { testConn } from "goplug/testing";
import { DeferredConn } from "../../../lib/contract/deferred-conn.js";
import { transportOf } from "../../../lib/net/socket.js";
import type { DuplexSource } from "../../../mux/duplex.js";
import { Session } from "../../../mux/session.js";
import { Deferred } from "../../../protocol/async/deferred.js";
import type { ConnHandler } from "../../../protocol/bytes/conn.js";

/** A stream that notes what is asked of it. It takes every write, and is done with it at once. */
function noted() {
  const log: string[] = [];
  let handler: ConnHandler | undefined;
  const note = (what: string) => () => void log.push(what);
  const stream: DuplexSource = {
    finished: Promise.resolve(undefined),
    start: (given) => {
      handler = given;
      log.push("start");
    },
    write: (chunk, onSent) => {
      log.push(`write ${Buffer.from(chunk)}`);
      onSent?.();
      return true;
    },
    flush: note("flush"),
    pause: note("pause"),
    resume: note("resume"),
    end: note("end"),
    destroy: (error) => void log.push(`destroy ${error?.message}`),
  };
  return { stream, log, handler: () => handler };
}

const silent: ConnHandler = { onData: () => {}, onEnd: () => {} };

test("[BROKER-11] what is asked for before the stream is there is done in order", async () => {
  const dialled = new Deferred<DuplexSource>();
  const conn = new DeferredConn(dialled.promise);
  const { stream, log } = noted();
  conn.pause();
  conn.start({
    ...silent,
    onDrain: () => {
      log.push("drain");
      if (log.length < 6) assert.equal(conn.write(Buffer.from("b")), false);
    },
  });
  assert.equal(conn.write(Buffer.from("a")), false);
  conn.resume();
  dialled.resolve(stream);
  await dialled.promise;
  assert.deepEqual(log, ["pause", "start", "write a", "drain", "resume", "write b", "drain"]);
  conn.end();
  conn.destroy(new Error("over"));
  assert.deepEqual(log.slice(-2), ["end", "destroy over"]);
});

test("a stream that is there gets each write with its onSent, and flush", async () => {
  const { stream, log, handler } = noted();
  const conn = new DeferredConn(Promise.resolve(stream));
  const sent: string[] = [];
  conn.write(Buffer.from("a"), () => sent.push("a"));
  conn.flush();
  assert.deepEqual([log, sent], [[], []]);
  await conn.finished;
  assert.equal(
    conn.write(Buffer.from("b"), () => sent.push("b")),
    true,
  );
  conn.flush();
  assert.deepEqual(log, ["write a", "write b", "flush"]);
  assert.deepEqual(sent, ["a", "b"]);
  conn.start(silent);
  assert.equal(handler(), silent);
});

test("[BROKER-11] when dialling fails the handler gets the error, whenever it starts", async () => {
  const failure = new Error("nobody there");
  const conn = new DeferredConn(Promise.reject(failure));
  const errors: unknown[] = [];
  const handler = { ...silent, onEnd: (error?: Error) => errors.push(error) };
  conn.start(handler);
  assert.equal(conn.write(Buffer.from("lost"), assert.fail), false);
  await conn.finished;
  assert.deepEqual(errors, [failure]);
  conn.flush();
  conn.end();
  assert.equal(conn.write(Buffer.from("lost"), assert.fail), false);
  new DeferredConn(Promise.reject(failure)).destroy();
  conn.start(handler);
  assert.deepEqual(errors, [failure, failure]);
});

test("a large chunk on a session's stream comes back when it is sent", async (t) => {
  const [near, far] = await testConn();
  t.after(() => {
    near.destroy();
    far.destroy();
  });
  const opener = Session.client(transportOf(near));
  const acceptor = Session.server(transportOf(far));
  const conn = new DeferredConn(opener.open());
  const accepted = await acceptor.accept();
  accepted.start({ onData: () => {}, onEnd: () => accepted.end() });
  for (let i = 0; i < 2; i++) {
    // More than a window, and once before the stream is there.
    await new Promise<void>((resolve) => conn.write(Buffer.alloc(1_000_000), resolve));
  }
  conn.end();
  await conn.finished;
  await Promise.all([opener.close(), acceptor.close()]);
});
