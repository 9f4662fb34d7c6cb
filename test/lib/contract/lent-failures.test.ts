/** What becomes of a loan when one side fails to do its part. In memory; the host lends. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { PassThrough, Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import { type TestContext, test } from "node:test";
import {
  type Caller,
  definePlugin,
  gob,
  isMuxError,
  isServerError,
  lent,
  type MuxBroker,
  type PluginImplementation,
} from "goplug";
import { testPluginConn } from "goplug/testing";
import { clock } from "../../helpers/clock.js";

const adder = definePlugin({ Add: { args: gob.int(), reply: gob.int() } });

const lending = definePlugin({
  Use: { args: lent(adder), reply: gob.empty() },
  Read: { args: lent.reader(), reply: gob.empty() },
  Write: { args: lent.writer(), reply: gob.empty() },
  WriteInCall: { args: lent.writer({ scope: "call" }), reply: gob.empty() },
});

/** The same on the wire, for a plugin that handles the ids itself. */
const ids = definePlugin({
  Use: { args: gob.uint32(), reply: gob.empty() },
  Read: { args: gob.uint32(), reply: gob.empty() },
  Write: { args: gob.uint32(), reply: gob.empty() },
  WriteInCall: { args: gob.uint32(), reply: gob.empty() },
});

const none = { Use: () => {}, Read: () => {}, Write: () => {}, WriteInCall: () => {} };

async function connect(
  t: TestContext,
  server: ReturnType<typeof lending.implement>["server"],
): Promise<{ host: Caller<typeof lending.methods>; end: () => Promise<void> }> {
  const joined = await testPluginConn({ plugin: { client: lending.client, server } });
  t.after(() => joined[Symbol.asyncDispose]());
  return { host: await joined.client.dispense("plugin"), end: () => joined.client.close() };
}

const borrower = (t: TestContext, methods: Partial<PluginImplementation<typeof lending.methods>>) =>
  connect(t, lending.implement({ ...none, ...methods }).server);

const byHand = (t: TestContext, methods: Partial<PluginImplementation<typeof ids.methods>>) =>
  connect(t, ids.implement({ ...none, ...methods }).server);

/** A source that never ends by itself. */
const endless = () =>
  new Readable({
    read() {
      this.push(Buffer.alloc(64 << 10));
    },
  });

const idle = () => new Readable({ read() {} });

const closed = (stream: Readable | Writable) =>
  new Promise<void>((resolve) => stream.once("close", resolve));

test("[BROKER-11] when nobody dials within 5 s the source closes and the sink fails with the reason", async (t) => {
  const { host } = await byHand(t, {});
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const source = idle();
  const sink = new PassThrough();
  let calls = 0;
  await host.Use({ Add: () => ++calls });
  await host.Read(source);
  await host.Write(sink);
  t.mock.timers.tick(4_999);
  assert.deepEqual([source.destroyed, sink.destroyed], [false, false]);
  t.mock.timers.tick(1);
  await closed(source);
  await assert.rejects(finished(sink), { code: "timeout", message: /timeout waiting for accept/ });
  assert.equal(calls, 0);
});

test("[BROKER-11] a borrower whose lender never accepts gets an eof", async (t) => {
  const { server } = ids.implement(none);
  const offers = definePlugin({ Offer: { args: gob.empty(), reply: lent.reader() } });
  const offersId = definePlugin({ Offer: { args: gob.empty(), reply: gob.uint32() } });
  const joined = await testPluginConn({
    plugin: { client: offers.client, server: offersId.implement({ Offer: () => 7 }).server },
    other: { client: ids.client, server },
  });
  t.after(() => joined[Symbol.asyncDispose]());
  const host = await joined.client.dispense("plugin");
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const borrowed = await host.Offer();
  const other = await joined.client.dispense("other");
  await other.Use(0); // The stream has arrived by now, and its time runs.
  t.mock.timers.tick(5_000);
  await assert.rejects(text(borrowed), { code: "eof", brokerId: 7 });
});

test("[BROKER-11] a borrower that closes its half, as Go does, stops the source at once", async (t) => {
  const { host } = await byHand(t, {
    Read: async (id, { broker }) => {
      const stream = await broker.dial(id);
      stream.start({ onData: () => stream.end(), onEnd: () => {} });
    },
  });
  const source = endless();
  const stopped = closed(source);
  await host.Read(source);
  await stopped;
});

test("[BROKER-11] a borrower that destroys its reader ends the generator behind it", async (t) => {
  const { host } = await borrower(t, {
    Read: async (source) => {
      await once(source, "data");
      source.destroy();
    },
  });
  let onStop = () => {};
  const stopped = new Promise<void>((resolve) => {
    onStop = resolve;
  });
  async function* forever() {
    try {
      for (;;) yield Buffer.alloc(10_000);
    } finally {
      onStop();
    }
  }
  await host.Read(forever());
  await stopped;
});

test("[BROKER-11] a lender that closes before the end fails the borrower's writer", async (t) => {
  const offers = definePlugin({ Offer: { args: gob.empty(), reply: lent.writer() } });
  const offersId = definePlugin({ Offer: { args: gob.empty(), reply: gob.uint32() } });
  const offer = async (broker: MuxBroker, id: number) => {
    const stream = await broker.accept(id);
    stream.start({ onData: () => stream.end(), onEnd: () => {} });
  };
  const { server } = offersId.implement({
    Offer: (_, { broker }) => {
      const id = broker.nextId();
      void offer(broker, id);
      return id;
    },
  });
  const joined = await testPluginConn({ plugin: { client: offers.client, server } });
  t.after(() => joined[Symbol.asyncDispose]());
  const host = await joined.client.dispense("plugin");
  const to = await host.Offer();
  to.write("first");
  await assert.rejects(finished(to), { code: "eof", remote: true });
});

test("[BROKER-11] a source that fails resets the borrower's stream, even one that failed before the dial", async (t) => {
  const reasons: unknown[] = [];
  const { host } = await borrower(t, {
    Read: async (source) => {
      await text(source).catch((error) => reasons.push(error.code));
    },
  });
  async function* breaking() {
    yield Buffer.from("one");
    throw new Error("disk on fire");
  }
  await host.Read(breaking());
  const missing = createReadStream("/nonexistent/file");
  await assert.rejects(finished(missing), { code: "ENOENT" });
  await host.Read(missing);
  assert.deepEqual(reasons, ["connection-reset", "connection-reset"]);
});

test("[BROKER-11] a sink that fails stops the borrower", async (t) => {
  const { host } = await borrower(t, {
    Write: async (sink) => {
      sink.write("x");
      await finished(sink);
    },
  });
  const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error("disk full")) });
  const failed = assert.rejects(finished(full), { message: "disk full" });
  await assert.rejects(host.Write(full), isServerError);
  await failed;
});

test("[BROKER-11] what the borrower wrote and closed arrives even if the call fails", async (t) => {
  const { host } = await borrower(t, {
    Write: async (sink) => {
      sink.end("last words");
      await finished(sink);
      throw new Error("no");
    },
  });
  const sink = new PassThrough();
  const heard = text(sink);
  await assert.rejects(host.Write(sink), { message: "no" });
  assert.equal(await heard, "last words");
});

test("[BROKER-11] a writer that the borrower left open fails with the error of the call", async (t) => {
  const { host } = await borrower(t, {
    Write: async (sink) => {
      await new Promise((resolve) => sink.write("words", resolve));
      throw new Error("no");
    },
  });
  const sink = new PassThrough({ highWaterMark: 1 });
  const ended = assert.rejects(finished(sink), { message: "no" });
  await assert.rejects(host.Write(sink), { message: "no" });
  await ended;
});

test("[BROKER-11] a writer lent for the call gets all that was written, closed by the borrower or left open", async (t) => {
  let left: Writable | undefined;
  const { host } = await borrower(t, {
    WriteInCall: async (sink) => {
      if (left === undefined) {
        left = sink;
        sink.end("all of it");
        await finished(sink);
      } else {
        left = sink;
        await new Promise((resolve) => sink.write("some of it", resolve));
      }
    },
  });
  for (const want of ["all of it", "some of it"]) {
    const sink = new PassThrough();
    const heard = text(sink);
    await host.WriteInCall(sink);
    assert.equal(await heard, want);
    await finished(left!);
  }
});

test("[BROKER-12] a writer lent for the call fails if the borrower keeps it open and sends nothing more", async (t) => {
  let writeOn = (_: string) => {};
  const { host } = await byHand(t, {
    WriteInCall: async (id, { broker }) => {
      const stream = await broker.dial(id);
      writeOn = (text) => stream.write(Buffer.from(text));
      writeOn("some of it");
    },
  });
  const cut = new PassThrough();
  const time = clock(t);
  await host.WriteInCall(cut);
  await once(cut, "readable");
  await time.pass(4_999);
  writeOn(", and more");
  await once(cut, "data");
  await time.pass(1);
  await time.pass(4_999);
  assert.equal(cut.destroyed, false);
  await time.pass(1);
  await assert.rejects(finished(cut), {
    code: "stream-closed",
    message: "broker: the call that lent this stream has ended",
  });
});

test("[BROKER-12] all that a handler wrote arrives, much more than a window, and a sink that is read late", async (t) => {
  const { host } = await borrower(t, {
    WriteInCall: (sink) => {
      sink.write(Buffer.alloc(10 << 20, "x"));
    },
  });
  const sink = new PassThrough();
  await host.WriteInCall(sink);
  assert.equal((await text(sink)).length, 10 << 20);
});

test("[BROKER-11] the end of the session ends what both sides hold, without an uncaught error", async (t) => {
  const held: (Readable | Writable)[] = [];
  const { host, end } = await borrower(t, {
    Read: (source) => void held.push(source),
    Write: (sink) => void held.push(sink),
  });
  const source = idle();
  const sink = new PassThrough();
  await host.Read(source);
  await host.Write(sink);
  // The plugin does not listen for `error`, and an uncaught `error` would end the process.
  const ends = held.map((stream) => closed(stream));
  const sinkEnded = assert.rejects(finished(sink), { code: "session-shutdown" });
  const sourceClosed = closed(source);
  await end();
  await Promise.all([sinkEnded, sourceClosed, ...ends]);
  for (const stream of held) assert.equal(isMuxError(stream.errored), true);
});

test("[BROKER-11] a loan that is over raises no error when the session ends", async (t) => {
  const { host, end } = await byHand(t, {
    // Reads to the end but never closes its half.
    Read: async (id, { broker }) => {
      const stream = await broker.dial(id);
      await new Promise<void>((resolve) =>
        stream.start({ onData: () => {}, onEnd: () => resolve() }),
      );
    },
  });
  await host.Read(Buffer.from("all"));
  await end();
});

test("[BROKER-11] a value that cannot be lent is refused before anything is sent", async (t) => {
  const { host } = await borrower(t, {});
  const locked = new TransformStream<Uint8Array, Uint8Array>();
  locked.readable.getReader();
  locked.writable.getWriter();
  const refused = (message: RegExp) => ({ name: "CodecError", code: "bad-value", message });
  await assert.rejects(host.Read(locked.readable), refused(/lent: the stream is locked/));
  await assert.rejects(host.Write(locked.writable), refused(/lent: the stream is locked/));
  for (const wrong of [undefined, null, 5, "text"]) {
    await assert.rejects(host.Read(wrong as never), refused(/lent: a reader takes bytes/));
    await assert.rejects(host.Write(wrong as never), refused(/lent: a writer takes a writable/));
  }
  await assert.rejects(host.Use({} as never), {
    message: /the implementation lacks the method Add/,
  });
});

test("[BROKER-11] 1,000 loans at once, each with its own borrower", async (t) => {
  const { host } = await borrower(t, {
    Read: async (source) => {
      assert.equal(await text(source), "bytes");
    },
    Use: async (borrowed) => {
      await using own = borrowed;
      await own.Add(1);
    },
  });
  const counts = Array.from({ length: 500 }, () => 0);
  const sources = counts.map(() => Readable.from([Buffer.from("bytes")]));
  await Promise.all([
    ...sources.map((source) => host.Read(source)),
    ...counts.map((_, i) => host.Use({ Add: (n) => (counts[i]! += n) })),
  ]);
  assert.equal(
    counts.every((count) => count === 1),
    true,
  );
  assert.equal(
    sources.every((source) => source.readableEnded),
    true,
  );
});
