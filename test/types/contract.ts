/** What the compiler must accept, and what it must refuse. This file is compiled but never run. */
import { Client, definePlugin, gob, type In, type Out, type Plugin, serve } from "goplug";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const check = <_T extends true>(): void => {};

const handshake = { protocolVersion: 1, magicCookieKey: "K", magicCookieValue: "V" };

// A schema has two types of values: what an encoder takes, and what a decoder returns.
const job = gob.struct("Job", {
  userId: gob.field("UserID", gob.int64()),
  Tags: gob.slice(gob.string()),
  Note: gob.optional(gob.string()),
  Data: gob.bytes(),
  Counts: gob.map(gob.string(), gob.int()),
});
check<Equal<Out<typeof job>["userId"], bigint>>();
check<Equal<Out<typeof job>["Tags"], string[]>>();
check<Equal<Out<typeof job>["Note"], string | undefined>>();
check<Equal<Out<typeof job>["Counts"], Map<string, number>>>();
const given: In<typeof job> = { userId: 1n, Tags: [], Data: new Uint8Array(), Counts: new Map() };
// @ts-expect-error an int64 is a bigint
const wrongNumber: In<typeof job> = { ...given, userId: 1 };
// @ts-expect-error there is no such field
const extra: In<typeof job> = { ...given, Nope: 1 };
const safe = gob.int64({ as: "safe" });
check<Equal<Out<typeof safe>, number | bigint>>();
const int = gob.int();
check<Equal<Out<typeof int>, number>>();

// A struct that contains itself.
const tree = gob.struct("Tree", {
  Value: gob.int(),
  get Kids() {
    return gob.slice(tree);
  },
});
check<Equal<Out<typeof tree>["Kids"][number]["Kids"][number]["Value"], number>>();
type Leaf = NonNullable<In<typeof tree>["Kids"]>[number];
// @ts-expect-error deep inside, too
const wrongLeaf: Leaf = { Value: "x", Kids: [] };

// A contract types the caller and checks the implementation.
const store = definePlugin({
  put: { go: "Put", args: job, reply: gob.empty() },
  Get: { args: gob.string(), reply: gob.bytes() },
  Size: { args: gob.any(), reply: gob.int() },
});
const implemented: Plugin<unknown> = store.implement({
  put: ({ userId }) => {
    check<Equal<typeof userId, bigint>>();
  },
  Get: async (key, { signal, broker, serviceMethod }) => {
    signal.throwIfAborted();
    broker.nextId();
    return Buffer.from(key + serviceMethod);
  },
  Size: () => 1,
});
// @ts-expect-error a method is missing
store.implement({ put: () => {}, Get: () => new Uint8Array() });
// @ts-expect-error the reply is of another type
store.implement({ put: () => {}, Get: () => "text", Size: () => 1 });
// @ts-expect-error the argument is of another type
store.implement({ put: (_: string) => {}, Get: () => new Uint8Array(), Size: () => 1 });
store.implement((broker) => ({
  put: () => {},
  Get: () => new Uint8Array(),
  Size: () => broker.nextId(),
}));

async function host(): Promise<void> {
  const client = new Client({ handshake, plugins: { store }, command: ["./store"] });
  const plugin = await client.dispense("store");
  await plugin.put(given);
  await plugin.put(given, { timeoutMs: 1000, signal: AbortSignal.timeout(1) });
  const bytes: Uint8Array = await plugin.Get("key");
  const size: number = await plugin.Size();
  // @ts-expect-error no such plugin
  await client.dispense("stor");
  // @ts-expect-error no such method
  await plugin.get("key");
  // @ts-expect-error the argument is of another type
  await plugin.Get(1);
  // @ts-expect-error the argument is missing
  await plugin.Get();
  // @ts-expect-error the reply is of another type
  const text: string = await plugin.Get("key");
  await using closed = plugin;
  void [bytes, size, text, closed];
}

// The negotiated version narrows names and types.
const old = definePlugin({ Get: { args: gob.string(), reply: gob.string() } });
async function versioned(): Promise<void> {
  const versionedPlugins = { 2: { kv: old }, 3: { kv: store } } as const;
  const client = new Client({ handshake, versionedPlugins, command: ["./store"] });
  const connected = await client.client();
  if (connected.version === 3) {
    const plugin = await connected.dispense("kv");
    check<Equal<Awaited<ReturnType<typeof plugin.Get>>, Uint8Array>>();
  } else {
    const plugin = await connected.dispense("kv");
    check<Equal<Awaited<ReturnType<typeof plugin.Get>>, string>>();
  }
}

// A contract without an implementation cannot be served.
// @ts-expect-error implement it first
void serve({ handshake, plugins: { store } });
void serve({ handshake, plugins: { store: implemented } });

// go-plugin's own interface, without a contract.
const byHand: Plugin<string> = {
  client: async (_broker, rpc) =>
    rpc.call("Plugin.Greet", { args: gob.any(), reply: gob.string() }, null),
  server: () =>
    new Map([["Greet", { args: gob.any(), reply: gob.string(), handler: () => "Hello!" }]]),
};

// @ts-expect-error Go's name of a method is a string
definePlugin({ Get: { go: 1, args: gob.string(), reply: gob.string() } });

void [wrongNumber, extra, wrongLeaf, host, versioned, byHand];

// A caller may decode into what is there; it must be a reply of that method.
const scored = definePlugin({
  Score: { args: gob.string(), reply: gob.struct("S", { N: gob.int() }) },
});
async function intoWhatIsThere(): Promise<void> {
  const client = new Client({ handshake, plugins: { scored }, command: ["x"] });
  const connected = await client.client();
  const caller = await connected.dispense("scored");
  const kept = { N: 5 };
  await caller.Score("x", { into: kept, timeoutMs: 1000 });
  // @ts-expect-error not a reply of this method
  await caller.Score("x", { into: { Other: 1 } });
  // The broker of the connection, beside its contracts.
  const id: number = connected.broker.nextId();
  await connected.broker.accept(id);
}
void intoWhatIsThere;
