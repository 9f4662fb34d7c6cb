/** Loans for the time of a call end with it on the borrower's side, however the call ends. In memory. */
import assert from "node:assert/strict";
import { PassThrough, Readable, type Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import { type TestContext, test } from "node:test";
import {
  type Caller,
  definePlugin,
  gob,
  isMuxError,
  lent,
  type PluginImplementation,
} from "goplug";
import { testPluginConn } from "goplug/testing";
import { OpenStreams } from "../../helpers/open-streams.js";

const adder = definePlugin({ Add: { args: gob.int(), reply: gob.int() } });
const call = { scope: "call" } as const;

const borrowing = definePlugin({
  Ready: { args: gob.empty(), reply: gob.empty() },
  Contract: { args: lent(adder, call), reply: gob.int8() },
  Reader: { args: lent.reader(call), reply: gob.int8() },
  Writer: { args: lent.writer(call), reply: gob.int8() },
  OpenWriter: { args: lent.writer(), reply: gob.int8() },
});
const hosting = definePlugin({ Serve: { args: lent(borrowing), reply: gob.empty() } });
type Borrowing = typeof borrowing.methods;
type Kind = "Contract" | "Reader" | "Writer";
const KINDS: readonly Kind[] = ["Contract", "Reader", "Writer"];

/** What a handler of each kind does with its loan. */
type Handler = (borrowed: Caller<typeof adder.methods> | Readable | Writable) => unknown;

const implementation = (handler: Handler) =>
  ({
    Ready: () => {},
    Contract: handler,
    Reader: handler,
    Writer: handler,
    OpenWriter: handler,
  }) as unknown as PluginImplementation<Borrowing>;

/** The lender's caller, and its broker's streams. The plugin or the host borrows. */
async function joined(t: TestContext, borrower: "plugin" | "host", handler: Handler) {
  const streams = new OpenStreams(t);
  let calling: Caller<Borrowing> | undefined;
  const conn = await testPluginConn({
    borrowing: borrowing.implement(implementation(handler)),
    hosting: hosting.implement({
      Serve: (caller) => {
        calling = caller;
      },
    }),
  });
  t.after(() => conn[Symbol.asyncDispose]());
  if (borrower === "plugin") calling = await conn.client.dispense("borrowing");
  else await (await conn.client.dispense("hosting")).Serve(implementation(handler));
  // The stream of the calls may still be opened.
  await calling?.Ready();
  return { calling: calling as Caller<Borrowing>, streams, conn };
}

const idle = () => new Readable({ read() {} });

/** Lends one of that kind, and resolves with how the call and the loan ended on the lender's side. */
async function lend(calling: Caller<Borrowing>, kind: Kind) {
  const outcome = (promise: Promise<unknown>) =>
    promise.then(
      (value) => value,
      (error: Error) => error.message,
    );
  switch (kind) {
    case "Contract":
      return { call: await outcome(calling.Contract({ Add: (n) => n + 1 })) };
    case "Reader": {
      const source = idle();
      const closed = new Promise((resolve) => source.once("close", resolve));
      const called = await outcome(calling.Reader(source));
      await closed;
      return { call: called };
    }
    case "Writer": {
      const sink = new PassThrough();
      const heard = text(sink).catch((error: Error) => error.message);
      const called = await outcome(calling.Writer(sink));
      return { call: called, heard: await heard };
    }
  }
}

const isWriter = (borrowed: object): borrowed is Writable => "writable" in borrowed;
const isReader = (borrowed: object): borrowed is Readable => "readable" in borrowed;

/** Uses the loan, and leaves it open. */
async function use(borrowed: Parameters<Handler>[0]): Promise<void> {
  if (isWriter(borrowed)) await new Promise((resolve) => borrowed.write("words", resolve));
  else if (!isReader(borrowed)) assert.equal(await borrowed.Add(1), 2);
}

interface Ending {
  readonly handler: Handler;
  readonly call: unknown;
  readonly heard: string;
}

const fails = (): never => {
  throw new Error("no");
};
const TOO_LARGE = /int8/;

const ENDINGS: Readonly<Record<string, Ending>> = {
  "an answer at once": { handler: () => 1, call: 1, heard: "" },
  "an answer after use": { handler: (b) => use(b).then(() => 1), call: 1, heard: "words" },
  "a throw at once": { handler: fails, call: "no", heard: "no" },
  "a throw after use": { handler: (b) => use(b).then(fails), call: "no", heard: "no" },
  "a throw of undefined": {
    handler: (b) => use(b).then(() => Promise.reject(undefined)),
    call: "undefined",
    heard: "undefined",
  },
  "a reply that cannot be encoded": {
    handler: (b) => use(b).then(() => 1000),
    call: TOO_LARGE,
    heard: "",
  },
};

for (const borrower of ["plugin", "host"] as const) {
  for (const [name, { handler, call, heard }] of Object.entries(ENDINGS)) {
    for (const kind of KINDS) {
      test(`[BROKER-12] [NETRPC-27] ${name} ends what the ${borrower} borrowed: 50 times a ${kind.toLowerCase()}`, async (t) => {
        const { calling, streams } = await joined(t, borrower, handler);
        const before = streams.count;
        const ends = await Promise.all(Array.from({ length: 50 }, () => lend(calling, kind)));
        await streams.reached(before);
        for (const end of ends) {
          if (call instanceof RegExp) assert.match(String(end.call), call);
          else assert.equal(end.call, call);
          if (end.heard === undefined) continue;
          if (call instanceof RegExp) assert.match(end.heard, call);
          else assert.equal(end.heard, heard);
        }
      });
    }
  }
}

test("[BROKER-12] what a handler writes and ends in its first turn arrives, answered or not", async (t) => {
  let fail = false;
  const { calling } = await joined(t, "plugin", (borrowed) => {
    if (isWriter(borrowed)) borrowed.end("all of it");
    if (fail) throw new Error("no");
    return 1;
  });
  assert.deepEqual(await lend(calling, "Writer"), { call: 1, heard: "all of it" });
  fail = true;
  assert.deepEqual(await lend(calling, "Writer"), { call: "no", heard: "all of it" });
});

test("[BROKER-12] a loan without scope call outlives its call, and ends with one that fails", async (t) => {
  const held: Writable[] = [];
  let fail = false;
  const { calling, streams } = await joined(t, "plugin", (borrowed) => {
    held.push(borrowed as Writable);
    return use(borrowed).then(() => (fail ? fails() : 1));
  });
  const before = streams.count;
  const sink = new PassThrough();
  const heard = text(sink);
  await calling.OpenWriter(sink);
  held[0]?.end(" and more");
  assert.equal(await heard, "words and more");
  fail = true;
  const cut = new PassThrough();
  const failed = assert.rejects(text(cut), { message: "no" });
  await assert.rejects(calling.OpenWriter(cut), { message: "no" });
  await failed;
  await assert.rejects(finished(held[1] as Writable), isMuxError);
  await streams.reached(before);
});

test("[BROKER-12] what still uses a loan after its call gets an error that says so", async (t) => {
  const held: Readable[] = [];
  const { calling } = await joined(t, "plugin", (borrowed) => {
    held.push(borrowed as Readable);
    return 1;
  });
  await lend(calling, "Reader");
  await assert.rejects(text(held[0] as Readable), {
    code: "stream-closed",
    message: "broker: the call that lent this stream has ended",
  });
});

test("[BROKER-12] [NETRPC-27] a handler that waits on its loan ends when the connection of the call does", async (t) => {
  const ended: string[] = [];
  let onStart = () => {};
  const started = new Promise<void>((resolve) => {
    onStart = resolve;
  });
  const { calling, streams } = await joined(t, "plugin", async (borrowed) => {
    const reader = borrowed as Readable;
    reader.once("data", onStart);
    await finished(reader).catch((error) => ended.push(error.code));
    return 1;
  });
  const before = streams.count;
  const source = idle();
  source.push("x");
  const call = assert.rejects(calling.Reader(source), { code: "shutdown" });
  await started;
  await calling[Symbol.asyncDispose]();
  await call;
  // The stream of the calls is gone too, on both ends.
  await streams.reached(before - 2);
  assert.equal(ended.length, 1);
});

test("[BROKER-12] [NETRPC-27] args that fail half way borrow nothing, and the lender is told", async (t) => {
  const sent = gob.struct("Pair", { First: lent.reader(call), Second: gob.int() });
  const wanted = gob.struct("Pair", { First: lent.reader(call), Second: gob.int8() });
  const sender = definePlugin({ Take: { args: sent, reply: gob.empty() } });
  const taker = definePlugin({ Take: { args: wanted, reply: gob.empty() } });
  const streams = new OpenStreams(t);
  const { server } = taker.implement({ Take: () => {} });
  const conn = await testPluginConn({ plugin: { client: sender.client, server } });
  t.after(() => conn[Symbol.asyncDispose]());
  const host = await conn.client.dispense("plugin");
  const before = streams.count;
  for (let i = 0; i < 50; i++) {
    const source = idle();
    const closed = new Promise((resolve) => source.once("close", resolve));
    await assert.rejects(host.Take({ First: source, Second: 1000 }), { name: "ServerError" });
    await closed;
  }
  await streams.reached(before);
});

test("[BROKER-12] a reader lent by a reply lasts, whatever its scope says", async (t) => {
  const offers = definePlugin({ Offer: { args: gob.empty(), reply: lent.reader(call) } });
  const plugin = offers.implement({ Offer: () => Buffer.from("still here") });
  const conn = await testPluginConn({ plugin });
  t.after(() => conn[Symbol.asyncDispose]());
  const host = await conn.client.dispense("plugin");
  const reader = await host.Offer();
  await host.Offer().then((other) => other.destroy());
  assert.equal(await text(reader), "still here");
});

test("[BROKER-12] a borrower that never closes its half loses a reader with the call", async (t) => {
  const lends = definePlugin({ Read: { args: lent.reader(call), reply: gob.int() } });
  const ids = definePlugin({ Read: { args: gob.uint32(), reply: gob.int() } });
  const streams = new OpenStreams(t);
  const { server } = ids.implement({
    // Reads to the end, as Go code does that forgets to close.
    Read: async (id, { broker }) => {
      const stream = await broker.dial(id);
      let bytes = 0;
      await new Promise<void>((resolve) =>
        stream.start({
          onData: (chunk) => {
            bytes += chunk.length;
          },
          onEnd: () => resolve(),
        }),
      );
      return bytes;
    },
  });
  const conn = await testPluginConn({ plugin: { client: lends.client, server } });
  t.after(() => conn[Symbol.asyncDispose]());
  const host = await conn.client.dispense("plugin");
  const before = streams.count;
  const reads = Array.from({ length: 50 }, () => host.Read(Buffer.alloc(1000)));
  assert.deepEqual(
    await Promise.all(reads),
    reads.map(() => 1000),
  );
  await streams.reached(before);
});
