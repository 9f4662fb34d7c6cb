/**
 * Structs without some of their keys: what the compiler must accept, and what it must refuse. This file is compiled but
 * never run; `consumers.test.ts` compiles it for other consumers.
 */
import { definePlugin, gob, type In, lent, type Out } from "goplug";
import { type Implementation, service } from "goplug/netrpc";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const check = <_T extends true>(): void => {};

const point = gob.struct("Point", { X: gob.int(), Y: gob.int() });
const job = gob.struct("Job", {
  A: gob.int(),
  B: gob.string(),
  Note: gob.optional(gob.string()),
  Named: gob.named("main.Note", gob.optional(gob.string())),
  renamed: gob.field("Renamed", gob.optional(point)),
  At: point,
  List: gob.slice(point),
  Map: gob.map(gob.string(), point),
  Time: gob.time(),
});
const holder = gob.struct("Holder", { Any: gob.any() });

// In: keys may be left out or undefined, wrong names and wrong types are refused.
const given: In<typeof job>[] = [
  {},
  { A: 1 },
  { A: undefined, At: {}, List: [{}, { X: 1 }], Map: new Map([["k", {}]]) },
  { Time: new Date() },
];
// @ts-expect-error a text is not a struct
const text: In<typeof job> = "text";
// @ts-expect-error nor is a function
const run: In<typeof job> = () => 1;
// @ts-expect-error there is no such field
const misspelt: In<typeof job> = { A: 1, Bb: "x" };
// @ts-expect-error deep inside, too
const deep: In<typeof job> = { At: { Z: 1 } };
// @ts-expect-error in lists, too
const inList: In<typeof job> = { List: [{ Z: 1 }] };
// @ts-expect-error behind an interface, too
const inAny: In<typeof holder> = { Any: gob.value(point, { Z: 1 }) };
// @ts-expect-error null is not left out
const empty: In<typeof job> = { A: null };
// @ts-expect-error the type is wrong
const wrong: In<typeof job> = { B: 1 };

// Out: every key is there, but that of a nil pointer; its type does not have undefined.
type Received = Out<typeof job>;
check<Equal<Received["A"], number>>();
check<Equal<Required<Received>["Note"], string>>();
check<Equal<Required<Received>["Named"], string>>();
check<Equal<Required<Received>["renamed"], Out<typeof point>>>();
const whole = gob.zero(job);
check<Equal<typeof whole, Received>>();
// What was received can be sent.
const back: In<typeof job> = whole;
// @ts-expect-error a key is missing
const received: Out<typeof point> = { X: 1 };

// A struct that contains itself.
const tree = gob.struct("Tree", {
  V: gob.int(),
  get Kids() {
    return gob.slice(tree);
  },
  get Next() {
    return gob.optional(tree);
  },
});
const planted: In<typeof tree> = { Kids: [{}, { V: 1, Next: { Kids: [] } }] };
// @ts-expect-error there is no such field
const weed: In<typeof tree> = { Kids: [{ Next: { W: 1 } }] };
const grown: Out<typeof tree> = { V: 1, Kids: [], Next: { V: 1, Kids: [] } };
check<Equal<NonNullable<Out<typeof tree>["Next"]>["Kids"][number]["V"], number>>();

// What is lent must be given, unless it is optional. So must a codec with a value for nil.
const id = gob.codec({
  wire: gob.uint32(),
  absent: 0,
  encode: (n: bigint) => Number(n),
  decode: BigInt,
});
const loans = gob.struct("Loans", {
  source: gob.field("SourceID", lent.reader()),
  Sink: gob.named("main.Id", lent.writer()),
  Id: id,
  Log: gob.optional(lent.writer()),
  maybe: gob.field("MaybeID", gob.optional(id)),
  Name: gob.string(),
});
const lending: In<typeof loans> = { source: [], Sink: process.stdout, Id: 1n };
// @ts-expect-error nothing is lent
const nothingLent: In<typeof loans> = { Sink: process.stdout, Id: 1n, Name: "x" };
// @ts-expect-error undefined lends nothing
const undefinedLent: In<typeof loans> = { source: undefined, Sink: process.stdout, Id: 1n };
// @ts-expect-error the codec's value is missing
const noId: In<typeof loans> = { source: [], Sink: process.stdout };

// Implementations: replies may leave keys out, and a misspelt key is refused.
const methods = {
  Get: { args: job, reply: job },
  List: { args: gob.string(), reply: gob.slice(gob.optional(point)) },
  Tree: { args: gob.empty(), reply: tree },
} as const;
const contract = definePlugin(methods);
const List = () => [];
const Tree = () => ({});
contract.implement({ Get: () => ({}), List: () => [{ X: 1 }, {}, undefined], Tree });
contract.implement({
  Get: async ({ A }, { broker }) => {
    check<Equal<typeof A, number>>();
    broker.nextId();
    return { A: A + 1, At: {} };
  },
  List: (name) => [{ X: name.length }],
  Tree: () => ({ Kids: [{ Next: {} }] }),
});
contract.implement((broker) => ({
  Get: async ({ A }) => ({ A: A + broker.nextId(), List: [{ X: 1 }, { Y: 1 }] }),
  List: (name) => [{ X: name.length }],
  Tree,
}));
contract.implement({ List, Tree, Get: ({ A }) => (A === 1 ? { A } : { B: "x" }) });
contract.implement({ List, Tree, Get: (same) => same });
contract.implement({
  List,
  Get: () => {
    throw new Error("none");
  },
  Tree: (): In<typeof tree> => planted,
});
contract.implement({
  List,
  Tree,
  // @ts-expect-error misspelt
  Get: () => ({ A: 1, Bb: "x" }),
});
contract.implement({
  List,
  Tree,
  // @ts-expect-error misspelt, though its one key would be enough for the compiler
  Get: async ({ A }) => ({ Aa: A }),
});
contract.implement({
  List,
  Tree,
  // @ts-expect-error misspelt deep inside
  Get: async ({ A }) => ({ A, At: { X: 1, Z: 1 } }),
});
contract.implement({
  List,
  Tree,
  // @ts-expect-error misspelt in a list
  Get: async ({ A }) => ({ A, List: [{ X: 1 }, { Z: 1 }] }),
});
contract.implement({
  List,
  Tree,
  // @ts-expect-error misspelt in a map
  Get: async ({ A }) => ({ A, Map: new Map([["x", { Z: 1, X: 1 }]]) }),
});
contract.implement({
  Tree,
  Get: () => ({}),
  // @ts-expect-error misspelt behind a pointer
  List: () => [{ X: 1, Z: 1 }],
});
contract.implement({
  List,
  Get: () => ({}),
  // @ts-expect-error misspelt in a struct that contains itself
  Tree: () => ({ V: 1, Kids: [{ V: 1, Next: { V: 1, Kid: [] } }] }),
});
contract.implement({
  List,
  Tree,
  // @ts-expect-error misspelt in one of two ways
  Get: ({ A }) => (A === 1 ? { A: 1 } : { A: 2, Bb: "x" }),
});
contract.implement({
  List,
  Tree,
  // @ts-expect-error the type is wrong
  Get: () => ({ B: 5 }),
});
// @ts-expect-error misspelt
contract.implement((_broker) => ({ List, Tree, Get: ({ A }) => ({ A, Bb: "x" }) }));
// @ts-expect-error a method is missing
contract.implement({ List, Tree });

// An object with all fields may have more: a row, an object of a class.
const row = { X: 1, Y: 2, secret: "s" };
contract.implement({ Get: () => ({ At: row }), List: () => [row], Tree });
class Impl {
  readonly #row = row;
  helper = 1;
  Get({ A }: { A: number }) {
    return { A, At: this.#row };
  }
  List = List;
  Tree = Tree;
}
contract.implement(new Impl());

// The same without a plugin.
service(methods, { List, Tree, Get: ({ A }) => ({ A }) });
service(methods, {
  List,
  Tree,
  // @ts-expect-error misspelt
  Get: ({ A }) => ({ A, Bb: "x" }),
});
const annotated: Implementation<typeof methods> = { List, Tree, Get: ({ A }) => ({ A }) };
service(methods, annotated);

// Callers.
async function call(plugin: Awaited<ReturnType<typeof contract.client>>): Promise<void> {
  const { A, At } = await plugin.Get({ B: "x", List: [{}] });
  check<Equal<typeof A, number>>();
  check<Equal<typeof At.X, number>>();
  await plugin.Get({});
  // @ts-expect-error misspelt
  await plugin.Get({ A: 1, Bb: "x" });
  // @ts-expect-error the argument itself cannot be left out
  await plugin.Get();
}

void [given, text, run, misspelt, deep, inList, inAny, empty, wrong, back, received, planted];
void [weed, grown, lending, nothingLent, undefinedLent, noId, call];
