/** Lending between a host and a plugin joined in memory. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { PassThrough, Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import {
  CodecError,
  definePlugin,
  gob,
  lent,
  type PluginContract,
  type PluginImplementation,
} from "goplug";
import { Encoder } from "goplug/gob";
import { testPluginConn } from "goplug/testing";

const helper = definePlugin({ Add: { args: gob.int(), reply: gob.int() } });
const nested = definePlugin({ Ask: { args: lent(helper), reply: gob.int() } });

const contract = definePlugin({
  Use: { args: lent(helper), reply: gob.int() },
  Keep: { args: lent(helper), reply: gob.empty() },
  KeepForCall: { args: lent(helper, { scope: "call" }), reply: gob.empty() },
  Kept: { args: gob.int(), reply: gob.int() },
  Read: { args: lent.reader(), reply: gob.string() },
  ReadTwo: {
    args: gob.struct("Two", { First: lent.reader(), Second: gob.optional(lent.reader()) }),
    reply: gob.string(),
  },
  Ignore: { args: lent.reader(), reply: gob.empty() },
  Fail: { args: lent.reader(), reply: gob.empty() },
  Open: { args: gob.string(), reply: lent.reader() },
  Write: { args: gob.empty(), reply: lent.writer() },
  Written: { args: gob.empty(), reply: gob.string() },
  Nested: { args: lent(nested), reply: gob.int() },
  Bad: {
    args: gob.struct("Bad", { Lent: lent.reader(), Number: gob.int() }),
    reply: gob.empty(),
  },
});

async function connect(
  t: TestContext,
  overrides: Partial<PluginImplementation<typeof contract.methods>> = {},
) {
  let kept: { Add(n: number): Promise<number> } | undefined;
  let written = Promise.resolve("");
  const plugin = contract.implement({
    Use: async (borrowed) => {
      await using own = borrowed;
      return (await own.Add(1)) + (await own.Add(10));
    },
    Keep: (borrowed) => {
      kept = borrowed;
    },
    KeepForCall: async (borrowed) => {
      kept = borrowed;
      await borrowed.Add(0);
    },
    Kept: (n) => kept!.Add(n),
    Read: (source) => text(source),
    ReadTwo: async ({ First, Second }) => `${await text(First)}|${Second && (await text(Second))}`,
    Ignore: (source) => {
      source.destroy();
    },
    Fail: (source) => {
      source.destroy();
      throw new Error("no");
    },
    Open: (content) => [Buffer.from(content), Buffer.from("!")],
    Write: () => {
      const chunks: Buffer[] = [];
      let onEnd = (_: string) => {};
      written = new Promise((resolve) => {
        onEnd = resolve;
      });
      return new Writable({
        write: (chunk, _encoding, done) => {
          chunks.push(chunk);
          done();
        },
        final: (done) => {
          onEnd(String(Buffer.concat(chunks)));
          done();
        },
      });
    },
    Written: () => written,
    Nested: (borrowed) => borrowed.Ask({ Add: (n) => n + 1 }),
    Bad: () => {},
    ...overrides,
  });
  const joined = await testPluginConn({ plugin });
  t.after(() => joined[Symbol.asyncDispose]());
  return { client: await joined.client.dispense("plugin"), joined };
}

const adder = () => {
  let sum = 0;
  return {
    Add: (n: number) => {
      sum += n;
      return sum;
    },
  };
};

test("[BROKER-11] a lent contract is called by the borrower, who closes it", async (t) => {
  const { client } = await connect(t);
  assert.equal(await client.Use(adder()), 12);
});

test("[BROKER-11] a loan lasts until the borrower closes it, beyond the call", async (t) => {
  const { client } = await connect(t);
  await client.Keep(adder());
  assert.equal(await client.Kept(1), 1);
  assert.equal(await client.Kept(2), 3);
});

test("[BROKER-11] a loan for the call ends with it", async (t) => {
  const { client } = await connect(t);
  await client.KeepForCall(adder());
  await assert.rejects(client.Kept(1), /unexpected EOF|connection is shut down|connection reset/);
});

test("[BROKER-11] a borrower lends back through the contract that it borrowed", async (t) => {
  const { client } = await connect(t);
  const answer = await client.Nested({
    Ask: async (borrowed) => {
      await using own = borrowed;
      return await own.Add(41);
    },
  });
  assert.equal(answer, 42);
});

test("[BROKER-11] a contract lends itself, nested nine times in each direction", async (t) => {
  interface Visitor {
    readonly Visit: {
      readonly args: ReturnType<typeof lent<Visitor>>;
      readonly reply: gob.Schema<number, number>;
    };
  }
  const visitor: PluginContract<Visitor> = definePlugin({
    Visit: {
      get args() {
        return lent(visitor);
      },
      reply: gob.int(),
    },
  });
  const deeper = (levels: number): PluginImplementation<Visitor> => ({
    Visit: async (borrowed) => {
      await using other = borrowed;
      return levels === 0 ? 0 : 1 + (await other.Visit(deeper(levels - 1)));
    },
  });
  const joined = await testPluginConn({ plugin: visitor.implement(deeper(9)) });
  t.after(() => joined[Symbol.asyncDispose]());
  const client = await joined.client.dispense("plugin");
  // Each side visits the other nine times. Then the plugin's count has reached 0.
  assert.equal(await client.Visit(deeper(20)), 2 * 9);
});

test("[BROKER-11] a reader carries bytes, and one argument may hold two readers", async (t) => {
  const { client } = await connect(t);
  assert.equal(await client.Read(Readable.from([Buffer.from("from a stream")])), "from a stream");
  assert.equal(await client.Read([]), "");
  const two = { First: [Buffer.from("1")], Second: [Buffer.from("2")] };
  assert.equal(await client.ReadTwo(two), "1|2");
  assert.equal(await client.ReadTwo({ First: [Buffer.from("1")] }), "1|undefined");
});

test("[BROKER-11] a reply may lend", async (t) => {
  const { client } = await connect(t);
  assert.equal(await text(await client.Open("hello")), "hello!");
  const to = await client.Write();
  to.write("one ");
  to.end("two");
  await once(to, "finish");
  assert.equal(await client.Written(), "one two");
});

test("[BROKER-11] a borrower that destroys its reader stops the source", async (t) => {
  const { client } = await connect(t);
  const source = new Readable({ read() {} });
  const closed = new Promise<void>((resolve) => source.once("close", resolve));
  await client.Ignore(source);
  await closed;
  assert.equal(source.destroyed, true);
});

test("[BROKER-11] a call that fails takes back what it lent", async (t) => {
  const { client } = await connect(t);
  const source = new Readable({ read() {} });
  const closed = new Promise<void>((resolve) => source.once("close", resolve));
  await assert.rejects(client.Fail(source), { message: "no" });
  await closed;
});

test("[BROKER-11] an argument that cannot be encoded lends nothing", async (t) => {
  const { client } = await connect(t);
  const source = new Readable({ read() {} });
  await assert.rejects(client.Bad({ Lent: source, Number: "x" as never }), CodecError);
  assert.equal(source.destroyed, false);
});

test("[BROKER-11] when the session ends every loan ends", async (t) => {
  const { client, joined } = await connect(t);
  await client.Keep(adder());
  const source = new Readable({ read() {} });
  const closed = new Promise<void>((resolve) => source.once("close", resolve));
  const reading = client.Read(source);
  await joined.client.close();
  await assert.rejects(reading);
  await closed;
});

test("[BROKER-11] a lent schema is refused outside a contract", () => {
  assert.throws(() => new Encoder().encode(lent.reader(), []), {
    name: "CodecError",
    message: /needs a broker/,
  });
});

test("[BROKER-11] id 0 is refused, and is undefined for an optional schema", async (t) => {
  const ids = definePlugin({
    Must: { args: gob.uint32(), reply: gob.string() },
    May: { args: gob.uint32(), reply: gob.string() },
  });
  const readers = definePlugin({
    Must: { args: lent.reader(), reply: gob.string() },
    May: { args: gob.optional(lent.reader()), reply: gob.string() },
  });
  const { server } = readers.implement({
    Must: (source) => text(source),
    May: (source) => typeof source,
  });
  const joined = await testPluginConn({ plugin: { client: ids.client, server } });
  t.after(() => joined[Symbol.asyncDispose]());
  const client = await joined.client.dispense("plugin");
  await assert.rejects(client.Must(0), { message: /id 0 means that nothing was lent/ });
  assert.equal(await client.May(0), "undefined");
});

test("[GOB-49] a lent field cannot be left out, and what is beside it is not lent", async (t) => {
  const Loans = gob.struct("Loans", { First: lent.writer(), Second: lent.reader() });
  const plugin = definePlugin({
    Put: { args: Loans, reply: gob.empty() },
    Get: { args: gob.empty(), reply: Loans },
  });
  const implemented = plugin.implement({
    Put: () => {},
    Get: () => ({ First: new PassThrough() }) as never,
  });
  const joined = await testPluginConn({ plugin: implemented });
  t.after(() => joined[Symbol.asyncDispose]());
  const client = await joined.client.dispense("plugin");
  const refusal = { code: "bad-value", path: "Loans.Second" };
  const sink = new PassThrough();
  await assert.rejects(client.Put({ First: sink } as never), refusal);
  await assert.rejects(client.Put({} as never), { code: "bad-value", path: "Loans.First" });
  await assert.rejects(client.Get(), { message: /Loans\.Second: a value is required here/ });
  // A sink that was lent and is not dialled would be destroyed with the session.
  await joined.client.close();
  assert.equal(sink.destroyed, false);
});

test("[BROKER-11] undefined for an optional schema travels as id 0", async (t) => {
  const ids = definePlugin({ May: { args: gob.uint32(), reply: gob.int() } });
  const readers = definePlugin({
    May: { args: gob.optional(lent.reader()), reply: gob.int() },
  });
  const { server } = ids.implement({ May: (id) => id });
  const joined = await testPluginConn({ plugin: { client: readers.client, server } });
  t.after(() => joined[Symbol.asyncDispose]());
  const client = await joined.client.dispense("plugin");
  assert.equal(await client.May(undefined), 0);
});

test("a lent contract uses its own registry, in both directions", async (t) => {
  const circle = gob.struct("Circle", { Radius: gob.float64() });
  const registry = new gob.Registry().register("circle", circle);
  const double = definePlugin({ Double: { args: gob.any(), reply: gob.any() } }, { registry });
  const outer = definePlugin({
    Take: { args: lent(double), reply: gob.float64() },
    Give: { args: gob.empty(), reply: lent(double) },
  });
  const doubled = (given: unknown) =>
    gob.value(circle, { Radius: 2 * (given as { Radius: number }).Radius });
  const plugin = outer.implement({
    Take: async (borrowed) => {
      await using own = borrowed;
      return ((await own.Double(gob.value(circle, { Radius: 3 }))) as { Radius: number }).Radius;
    },
    Give: () => ({ Double: doubled }),
  });
  const joined = await testPluginConn({ outer: plugin });
  t.after(() => joined[Symbol.asyncDispose]());
  const caller = await joined.client.dispense("outer");
  assert.equal(await caller.Take({ Double: doubled }), 6);
  await using given = await caller.Give();
  assert.deepEqual(await given.Double(gob.value(circle, { Radius: 4 })), { Radius: 8 });
});
