/** Lending schemas of users: with `lending`, and with a codec and the loans of its call. In memory. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { callLoans, definePlugin, gob, type Loan, lending } from "goplug";
import { Encoder } from "goplug/gob";
import { testPluginConn } from "goplug/testing";

/** What happened to the loans of {@link greeting}. */
const log: string[] = [];

/** One text, sent by the lender as soon as the borrower has come. */
const greeting = gob.codec({
  wire: gob.uint32(),
  encode: (text: string, context) => {
    const { broker, prepare } = bound(context);
    const id = broker.nextId();
    prepare((): Loan => {
      const accepted = broker.accept(id).then((stream) => {
        stream.write(Buffer.from(text));
        stream.end();
      });
      accepted.catch(() => log.push(`nobody came for ${text}`));
      return { endsWithCall: true, end: (cause) => log.push(`lent ${text}: ${cause ?? "over"}`) };
    });
    return id;
  },
  decode: (id: number, context) => {
    const { broker, prepare } = bound(context);
    let onText = (_: Promise<string>) => {};
    const heard = new Promise<string>((resolve) => {
      onText = resolve;
    });
    prepare((): Loan => {
      onText(
        broker.dial(id).then(async (stream) => {
          const bytes = await stream.readPrefix(5);
          stream.destroy();
          return Buffer.from(bytes).toString();
        }),
      );
      return { endsWithCall: true, end: (cause) => log.push(`borrowed: ${cause ?? "over"}`) };
    });
    return heard;
  },
});

function bound(context: unknown) {
  const loans = callLoans(context);
  return { broker: loans.broker, prepare: (start: () => Loan) => loans.prepare(start) };
}

test("[BROKER-11] [BROKER-12] a codec lends with the loans of its call", async (t) => {
  const greets = definePlugin({
    Greet: {
      args: gob.struct("A", { text: gob.field("ID", greeting), Bad: gob.string() }),
      reply: gob.string(),
    },
  });
  const plugin = greets.implement({
    Greet: async ({ text, Bad }) => {
      if (Bad !== "") throw new Error(Bad);
      return text;
    },
  });
  const conn = await testPluginConn({ plugin });
  t.after(() => conn[Symbol.asyncDispose]());
  const host = await conn.client.dispense("plugin");
  log.length = 0;
  assert.equal(await host.Greet({ text: "hello", Bad: "" }), "hello");
  assert.deepEqual(log, ["borrowed: over", "lent hello: over"]);
  log.length = 0;
  await assert.rejects(host.Greet({ text: "again", Bad: "no" }), { message: "no" });
  assert.deepEqual(log, ["borrowed: Error: no", "lent again: ServerError: no"]);
  log.length = 0;
  await assert.rejects(host.Greet({ text: "never", Bad: 5 as never }), { name: "CodecError" });
  assert.deepEqual(log, []);
});

test("[BROKER-11] outside of a call that can lend, a codec is told so", () => {
  assert.throws(() => new Encoder().encode(greeting, "x"), {
    name: "CodecError",
    code: "bad-value",
    message: /lent: this schema needs a broker/,
  });
});

test("[BROKER-11] a dial of one's own that throws fails the stream, not the call", async (t) => {
  const broken = lending<string, Promise<Error | undefined>>({
    lend: () => async () => {},
    dial: () => {
      throw new Error("no line");
    },
    borrow: (conn) => new Promise((onEnd) => conn.start({ onData: () => {}, onEnd })),
    giveBack: () => {},
  });
  const plugin = definePlugin({ Call: { args: broken, reply: gob.string() } }).implement({
    Call: async (ended) => `${(await ended)?.message}`,
  });
  const conn = await testPluginConn({ plugin });
  t.after(() => conn[Symbol.asyncDispose]());
  assert.equal(await (await conn.client.dispense("plugin")).Call("x"), "no line");
});
