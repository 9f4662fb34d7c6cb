/** [GOB-19] Keys that are objects here and values in Go: one key there is one key here. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Decoder, Encoder, Registry } from "../../../../protocol/gob/index.js";
import { Time, time } from "../../../../protocol/gob/wellknown/index.js";
import * as s from "../../../../protocol/schema/index.js";

const point = s.struct("Point", { X: s.int(), Y: s.int() });
const onlyX = s.struct("Point", { X: s.int() });

/** What was sent by one schema, received by another. */
function receive(sent: s.AnySchema, value: unknown, wanted: s.AnySchema, into?: unknown): unknown {
  const registry = new Registry().register("main.Point", point);
  const decoder = new Decoder({ registry });
  decoder.push(new Encoder({ registry }).encode(sent, value as never));
  return decoder.tryDecode(wanted, into as never);
}

test("[GOB-19] structs that differ only in fields which are not wanted are one key, and the last wins", () => {
  const sent = new Map([
    [{ X: 1, Y: 1 }, "a"],
    [{ X: 2, Y: 1 }, "b"],
    [{ X: 1, Y: 2 }, "c"],
  ]);
  const got = receive(s.map(point, s.string()), sent, s.map(onlyX, s.string()));
  assert.deepEqual(
    [...(got as Map<object, string>)].map(([key, value]) => [{ ...key }, value]),
    [
      [{ X: 1 }, "c"],
      [{ X: 2 }, "b"],
    ],
  );
});

const moment = (n: number) => Time.fromDate(new Date(1_700_000_000_000 + n));
const KEYS: readonly (readonly [what: string, of: s.AnySchema, make: (n: number) => unknown])[] = [
  ["structs", point, (n) => ({ X: n, Y: -n })],
  [
    "structs in structs",
    s.struct("Outer", { In: point, Name: s.string() }),
    (n) => ({ In: { X: n, Y: 0 }, Name: "x" }),
  ],
  ["arrays", s.array(2, s.string()), (n) => ["same", String(n)]],
  ["complex numbers", s.complex128(), (n) => ({ re: 1, im: n })],
  ["raw strings", s.rawString(), (n) => Uint8Array.of(0xff, n)],
  ["times", time(), moment],
  [
    "values behind interfaces",
    s.dynamic(),
    (n) => s.value(s.named("main.Point", point), { X: n, Y: 1 }),
  ],
  ["numbers behind interfaces", s.dynamic(), (n) => s.value(s.int(), n)],
  ["strings", s.string(), String],
];

for (const [what, of, make] of KEYS) {
  test(`[GOB-19] [GOB-24] ${what}: an entry with an equal key replaces the old one`, () => {
    const schema = s.map(of, s.int());
    const into = receive(schema, new Map([1, 2].map((n) => [make(n), n])), schema) as Map<
      unknown,
      number
    >;
    assert.equal(into.size, 2);
    const [first] = into.keys();
    const got = receive(schema, new Map([2, 3].map((n) => [make(n), 10 * n])), schema, into);
    assert.equal(got, into);
    assert.deepEqual([...into.values()], [1, 20, 30]);
    assert.equal([...into.keys()][0], first, "what was there stays the same object");
  });
}

test("[GOB-19] keys whose parts are equal only when joined are different, and -0 is 0", () => {
  const pair = s.array(2, s.string());
  const sent = new Map([
    [["a", "bc"], 1],
    [["ab", "c"], 2],
    [["1:a", ""], 3],
  ]);
  assert.equal(
    (receive(s.map(pair, s.int()), sent, s.map(pair, s.int())) as Map<unknown, unknown>).size,
    3,
  );
  const zero = s.struct("Zero", { A: s.float64() });
  const zeros = new Map([
    [{ A: 0 }, 1],
    [{ A: -0 }, 2],
    [{ A: Number.NaN }, 3],
    [{ A: Number.NaN }, 4],
  ]);
  const got = receive(s.map(zero, s.int()), zeros, s.map(zero, s.int())) as Map<object, number>;
  assert.deepEqual([...got.values()], [2, 3, 4]);
});

test("[GOB-19] pointers and users' codecs are made anew, so each key is its own", () => {
  const codec = s.codec({
    wire: s.string(),
    encode: (of: { t: string }) => of.t,
    decode: (t: string) => ({ t }),
  });
  for (const [of, make] of [
    [s.struct("P", { A: s.optional(s.int()) }), () => ({ A: 5 })],
    [s.struct("P", { A: s.any() }), () => ({ A: "x" })],
    [codec, () => ({ t: "x" })],
  ] as const) {
    const schema = s.map(of as s.AnySchema, s.int());
    const into = receive(schema, new Map([[make(), 1]]), schema);
    receive(schema, new Map([[make(), 2]]), schema, into);
    assert.equal((into as Map<unknown, unknown>).size, 2);
  }
});

test("[GOB-19] nil pointers and nil interfaces are equal", () => {
  for (const [of, make] of [
    [s.struct("P", { A: s.optional(s.int()) }), () => ({})],
    [s.struct("P", { A: s.any() }), () => ({ A: null })],
    [s.struct("P", { A: s.dynamic() }), () => ({ A: null })],
  ] as const) {
    const schema = s.map(of as s.AnySchema, s.int());
    const into = receive(schema, new Map([[make(), 1]]), schema);
    receive(schema, new Map([[make(), 2]]), schema, into);
    assert.deepEqual([...(into as Map<unknown, unknown>).values()], [2]);
  }
});
