/** What schemas make of types: checked by the compiler, which fails on an unused @ts-expect-error. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "../../../protocol/gob/index.js";
import type { In, Out } from "../../../protocol/schema/index.js";
import * as s from "../../../protocol/schema/index.js";
import { through } from "./helpers.js";

/** Compiles only if both are the same type. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => {};
/** An intersection as the one object that it is. */
type Flat<T> = { [K in keyof T]: T[K] };

const Job = s.struct("Job", {
  userId: s.field("UserID", s.int64()),
  Tags: s.slice(s.string()),
  Note: s.optional(s.string()),
  parent: s.field("Parent", s.optional(s.int())),
  Extra: s.any(),
});
const Tree = s.struct("Tree", {
  V: s.int(),
  get Kids() {
    return s.slice(Tree);
  },
});

test("a struct has its keys, and optional ones may be missing", () => {
  same<
    Flat<Out<typeof Job>>,
    {
      userId: bigint;
      Tags: string[];
      Extra: unknown;
      Note?: string;
      parent?: number;
    }
  >(true);
  const job: In<typeof Job> = { userId: 1n, Tags: ["a"], Extra: null };
  assert.deepEqual(through(Job, job, Job), job);
  // @ts-expect-error int64 is bigint
  const wrong: In<typeof Job> = { userId: 1, Tags: [], Extra: null };
  void [wrong];
});

test("a struct refers to itself", () => {
  const tree: In<typeof Tree> = { V: 1, Kids: [{ V: 2, Kids: [] }] };
  const out = through(Tree, tree, Tree);
  assert.equal(out.Kids[0]?.Kids.length, 0);
});

test("scalars and composites have the types one expects", () => {
  const int = s.int();
  same<Out<typeof int>, number>(true);
  const big = s.int({ as: "bigint" });
  const safe = s.uint64({ as: "safe" });
  same<In<typeof big>, bigint>(true);
  same<Out<typeof safe>, number | bigint>(true);
  const map = s.map(s.string(), s.slice(s.float64()));
  same<Out<typeof map>, Map<string, number[]>>(true);
  const record = s.record(s.bool());
  same<Out<typeof record>, Record<string, boolean>>(true);
  const array = s.array(3, s.bytes());
  same<Out<typeof array>, Uint8Array[]>(true);
  same<Out<ReturnType<typeof s.empty>>, undefined>(true);
  same<Out<ReturnType<typeof s.dynamic>>, s.DynamicValue | null>(true);
  same<Out<ReturnType<typeof s.rawString>>, Uint8Array>(true);
});

test("names, codecs and marshalers keep both faces", () => {
  const named = s.named("main.Celsius", s.float64());
  same<In<typeof named>, number>(true);
  const optionalNamed = s.struct("X", { A: s.named("main.A", s.optional(s.int())) });
  const missing: In<typeof optionalNamed> = {};
  void missing;
  const date = s.codec({
    wire: s.int64(),
    encode: (of: Date) => BigInt(of.getTime()),
    decode: (ms): Date => new Date(Number(ms)),
  });
  same<In<typeof date>, Date>(true);
  same<Out<typeof date>, Date>(true);
  same<In<ReturnType<typeof gob.time>>, gob.Time | Date>(true);
  same<Out<ReturnType<typeof gob.time>>, gob.Time>(true);
  const nested = gob.gobBytes(Job);
  same<Out<typeof nested>, Out<typeof Job>>(true);
  const when = new Date(5);
  assert.deepEqual(through(date, when, date), when);
});

test("decoding has the schema's type, and typed values the one of theirs", () => {
  const decoder = new gob.Decoder();
  const value = decoder.tryDecode(s.string());
  same<typeof value, string | typeof gob.NEED_MORE>(true);
  s.value(s.int(), 5);
  // @ts-expect-error a string is no int
  s.value(s.int(), "5");
  const encoder = new gob.Encoder();
  // @ts-expect-error a number is no string
  assert.throws(() => encoder.append(s.string(), 5), { code: "bad-value" });
});
