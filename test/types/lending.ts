/** What the compiler must accept, and what it must refuse, where something is lent. This file is compiled but never run. */
import { PassThrough, Readable, type Writable } from "node:stream";
import {
  type ByteSink,
  type ByteSource,
  type Caller,
  definePlugin,
  gob,
  type In,
  lent,
  type Out,
  type PluginContract,
  type PluginImplementation,
} from "goplug";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const check = <_T extends true>(): void => {};

const adder = definePlugin({
  Sum: { args: gob.struct("SumArgs", { A: gob.int(), B: gob.int() }), reply: gob.int() },
  Name: { args: gob.empty(), reply: gob.string() },
});
type Adder = typeof adder.methods;

// The lender gives an implementation or a stream. The borrower gets a caller or a stream.
const lentAdder = lent(adder);
check<Equal<In<typeof lentAdder>, PluginImplementation<Adder>>>();
check<Equal<Out<typeof lentAdder>, Caller<Adder>>>();
const reader = lent.reader();
check<Equal<In<typeof reader>, ByteSource>>();
check<Equal<Out<typeof reader>, Readable>>();
const writer = lent.writer({ scope: "call" });
check<Equal<In<typeof writer>, ByteSink>>();
check<Equal<Out<typeof writer>, Writable>>();
const optional = gob.optional(lent.reader());
check<Equal<Out<typeof optional>, Readable | undefined>>();
// @ts-expect-error no such scope
lent.writer({ scope: "session" });
// @ts-expect-error a struct is not a contract
lent(gob.struct("SumArgs", { A: gob.int() }));

const plugin = definePlugin({
  Put: {
    args: gob.struct("PutArgs", { Key: gob.string(), adder: gob.field("AdderID", lentAdder) }),
    reply: gob.empty(),
  },
  Copy: {
    args: gob.struct("CopyArgs", {
      source: gob.field("SourceID", lent.reader()),
      sink: gob.field("SinkID", lent.writer()),
      Log: gob.optional(lent.writer()),
    }),
    reply: gob.empty(),
  },
  Adder: { args: gob.string(), reply: lent(adder) },
  Lines: { args: gob.empty(), reply: lent.reader() },
  Log: { args: gob.empty(), reply: lent.writer() },
});
type Methods = typeof plugin.methods;

// The host lends in arguments and borrows in replies.
async function host(client: Caller<Methods>): Promise<void> {
  const Sum = ({ A, B }: { A: number; B: number }) => A + B;
  await client.Put({ Key: "k", adder: { Sum, Name: () => "ours" } });
  await client.Put({
    Key: "k",
    adder: { Sum, Name: async (_, { broker }) => `${broker.nextId()}` },
  });
  // @ts-expect-error a method is missing
  await client.Put({ Key: "k", adder: { Sum } });
  // @ts-expect-error the reply is of another type
  await client.Put({ Key: "k", adder: { Sum: () => "3", Name: () => "ours" } });
  // @ts-expect-error users do not see the id
  await client.Put({ Key: "k", adder: 7 });
  // @ts-expect-error a contract is not its implementation
  await client.Put({ Key: "k", adder });

  const sink = new PassThrough();
  async function* generated() {
    yield new Uint8Array(1);
  }
  const sources: ByteSource[] = [
    new Uint8Array(1),
    [Buffer.from("x")],
    generated(),
    Readable.from(["x"]),
    new ReadableStream<Uint8Array>(),
  ];
  for (const source of sources) await client.Copy({ source, sink });
  await client.Copy({ source: [], sink: new WritableStream<Uint8Array>(), Log: process.stdout });
  // @ts-expect-error a text is not bytes
  await client.Copy({ source: "text", sink });
  // @ts-expect-error nor are pieces of text
  await client.Copy({ source: ["text"], sink });
  // @ts-expect-error nothing can be written to a list
  await client.Copy({ source: [], sink: [] });
  // @ts-expect-error a reader is not a writer
  await client.Copy({ source: [], sink: Readable.from([]) });

  await using borrowed = await client.Adder("k");
  check<Equal<Awaited<ReturnType<typeof borrowed.Sum>>, number>>();
  // @ts-expect-error the argument is of another type
  await borrowed.Sum({ A: 1, B: "2" });
  // @ts-expect-error a caller has the contract's methods only; it is closed at the end of the scope
  await borrowed.close();

  const lines: Readable = await client.Lines();
  const log: Writable = await client.Log();
  // @ts-expect-error a stream that was lent as a reader cannot be written
  lines.write("x");
  // @ts-expect-error a stream that was lent as a writer cannot be read
  log.read();
}

// The plugin borrows in arguments and lends in replies.
plugin.implement({
  Put: async ({ adder: borrowed }) => {
    check<Equal<typeof borrowed, Caller<Adder>>>();
    await borrowed.Sum({ A: 1, B: 2 }, { timeoutMs: 1000 });
  },
  Copy: ({ source, sink, Log }) => {
    check<Equal<typeof source, Readable>>();
    check<Equal<typeof sink, Writable>>();
    check<Equal<typeof Log, Writable | undefined>>();
  },
  Adder: (name) => ({ Sum: ({ A, B }) => A + B, Name: () => name }),
  Lines: () => [Buffer.from("x")],
  Log: () => process.stderr,
});
const rest = { Put: () => {}, Copy: () => {}, Log: () => new PassThrough() };
plugin.implement({
  ...rest,
  // @ts-expect-error a method is missing
  Adder: () => ({ Name: () => "ours" }),
  // @ts-expect-error a reader takes bytes
  Lines: () => "text",
});

// A contract that lends itself needs an annotation, because the compiler cannot infer a type from itself. A getter, because the
// contract does not exist yet when its methods are given.
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
visitor.implement({
  Visit: async (other) => (await other.Visit({ Visit: () => 1 })) + 1,
});
// @ts-expect-error deep inside, too
visitor.implement({ Visit: async (other) => other.Visit({ Visit: () => "1" }) });
// @ts-expect-error its inferred type would refer to itself
const unannotated = definePlugin({
  Visit: {
    // @ts-expect-error and so would this one
    get args() {
      return lent(unannotated);
    },
    reply: gob.int(),
  },
});

void [host, optional, unannotated];
