/** Values behind interfaces that do not say their Go type, and asking those that do. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import {
  basicError,
  bigInt,
  duration,
  is,
  Registry,
  rawMessage,
  Time,
  time,
} from "../../../protocol/gob/index.js";
import type { AnySchema } from "../../../protocol/schema/index.js";
import * as s from "../../../protocol/schema/index.js";
import { decode, encode, hex, through } from "./helpers.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });
const when = new Time({ unixSeconds: 5n, nanoseconds: 1, offsetSeconds: 3600 });

const types: [unknown, string, AnySchema, unknown?][] = [
  [true, "bool", s.bool()],
  ["x", "string", s.string()],
  [5, "int", s.int()],
  [-5, "int", s.int()],
  [0, "int", s.int()],
  [2 ** 53 - 1, "int", s.int()],
  [2 ** 53, "float64", s.float64()],
  [-0, "float64", s.float64()],
  [1.5, "float64", s.float64()],
  [Number.NaN, "float64", s.float64()],
  [Number.POSITIVE_INFINITY, "float64", s.float64()],
  [5n, "int64", s.int64()],
  [-(2n ** 63n), "int64", s.int64()],
  [2n ** 63n, "uint64", s.uint64()],
  [2n ** 64n - 1n, "uint64", s.uint64()],
  [new Uint8Array([1]), "[]uint8", s.bytes()],
  [[1, "x", null], "[]interface {}", s.slice(s.any())],
  [{ a: 1 }, "map[string]interface {}", s.record(s.any())],
  [new Map([["a", [1]]]), "map[string]interface {}", s.map(s.string(), s.any())],
  [new Map([[1, "one"]]), "map[interface {}]interface {}", s.map(s.any(), s.any())],
];
for (const [value, name, schema] of types) {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  test(`[GOB-53] ${typeof value} ${text} is sent as ${name}`, () => {
    const bytes = encode(s.any(), value);
    assert.equal(hex(bytes), hex(encode(s.any(), s.value(schema, value as never))));
    assert.equal(hex(bytes), hex(encode(s.any(), s.from(value))));
    assert.equal(decode(s.dynamic(), bytes)?.name, name);
  });
}

test("[GOB-53] from keeps what says its type, and refuses what has no rule", () => {
  assert.equal(s.from(null), null);
  assert.equal(s.from(undefined), null);
  const typed = s.value(s.int8(), 5);
  assert.equal(s.from(typed), typed);
  assert.deepEqual(through(s.any(), [typed, { a: typed }], s.dynamic())?.name, "[]interface {}");
  class Foo {}
  for (const value of [
    Symbol("x"),
    () => 1,
    new Foo(),
    new Set([1]),
    2n ** 64n,
    new Float64Array([1.5]),
    new Int8Array([-1]),
  ]) {
    assert.throws(() => s.from(value), { code: "bad-value", message: /^gob: no rule.*; got / });
    assert.throws(() => encode(s.any(), [value]), { code: "bad-value" });
  }
  const elsewhere: unknown = runInNewContext("new Uint8Array([1, 2])");
  for (const bytes of [Buffer.from([1, 2]), new DataView(Uint8Array.of(1, 2).buffer), elsewhere]) {
    assert.deepEqual(decode(s.any(), encode(s.any(), bytes)), Uint8Array.of(1, 2));
  }
});

const leaf = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.string(),
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  fc.uint8Array(),
);
const { js } = fc.letrec((tie) => ({
  js: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("js"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("js"), { maxKeys: 4, noNullPrototype: true }),
    fc
      .array(fc.tuple(fc.integer(), tie("js")), { minLength: 1, maxLength: 4 })
      .map((entries) => new Map(entries)),
  ),
}));

test("[GOB-53] plain is the way back from from, with and without the wire between", () => {
  fc.assert(
    fc.property(js as fc.Arbitrary<unknown>, (value) => {
      assert.deepEqual(s.plain(s.from(value)), value);
      const bytes = encode(s.dynamic(), s.from(value));
      const back = decode(s.dynamic(), bytes);
      assert.deepEqual(s.plain(back), value);
      assert.equal(hex(encode(s.dynamic(), back)), hex(bytes));
    }),
  );
});

test("[GOB-53] plain goes through all kinds of types", () => {
  const Deep = s.struct("Deep", {
    key: s.field("Key", s.dynamic()),
    P: s.optional(Point),
    Q: s.optional(Point),
    One: s.oneOf({ "main.Point": Point }),
    Reg: s.registered("main.Point", s.optional(Point)),
    Nil: s.optional(s.registered("main.Point", Point)),
    L: s.array(1, s.map(s.int8(), s.uint64())),
    E: s.empty(),
  });
  const value = s.value(s.named("main.Deep", Deep), {
    key: s.value(s.int64(), 1n),
    P: { X: 1, Y: 2 },
    One: { name: "main.Point", value: { X: 3, Y: 4 } },
    Reg: { X: 5, Y: 6 },
    L: [new Map([[1, 2n]])],
    E: undefined,
  });
  assert.deepEqual(s.plain([value, undefined]), [
    {
      key: 1n,
      P: { X: 1, Y: 2 },
      One: { X: 3, Y: 4 },
      Reg: { X: 5, Y: 6 },
      L: [new Map([[1, 2n]])],
    },
    null,
  ]);
  assert.equal(s.plain(s.value(duration(), 5n)), 5n);
  assert.equal(s.plain(when), when);
  assert.deepEqual(s.plain(s.value(s.record(s.int()), { __proto__: 1 } as never)), {});
  const hostile = JSON.parse('{"__proto__": 1}');
  assert.deepEqual(s.plain(s.from(hostile)), hostile);
  const twoKeys = s.value(
    s.map(s.dynamic(), s.string()),
    new Map([
      [s.value(s.int8(), 1), "a"],
      [s.value(s.int(), 1), "b"],
    ]) as never,
  );
  assert.throws(() => s.plain(twoKeys), { code: "bad-value", message: /^gob: two keys of a map/ });
  for (const [schema, wrong] of [
    [s.slice(s.int()), 5],
    [s.slice(s.int()), undefined],
    [s.record(s.int()), undefined],
    [s.map(s.int(), s.int()), "x"],
  ] as const) {
    const what = s.value(schema as AnySchema, wrong);
    assert.throws(() => s.plain(what), {
      code: "bad-value",
      message: /^gob: want a (list|map), got/,
    });
  }
  const loop: unknown[] = [];
  loop.push(loop);
  assert.throws(() => s.plain(loop), { code: "limit" });
  assert.throws(() => encode(s.any(), loop), { code: "limit" });
});

test("[GOB-53] what one interface gave goes into another with its type", () => {
  const registry = new Registry()
    .register("main.Point", Point)
    .register("*main.Box", s.optional(s.struct("Box", { V: s.any() })))
    .register("main.Pair", s.array(2, s.int8()))
    .register("main.Raw", s.named("main.Raw", s.bytes()));
  const given = [
    s.value(Point, { X: 1, Y: 2 }),
    s.value(s.named("main.Pair", s.array(2, s.int8())), [1, 2]),
    s.value(s.named("main.Raw", s.bytes()), new Uint8Array([1])),
    s.value(s.slice(s.string()), ["a"]),
    s.value(s.map(s.string(), s.int8()), new Map([["a", 1]])),
    s.value(s.map(s.any(), s.any()), new Map([["a", 1]])),
    s.value(s.complex128(), { re: 1, im: 2 }),
    s.value(basicError(), { Message: "bad" }),
    s.value(time(), when),
    s.value(s.named("main.Unknown", Point), { X: 3, Y: 4 }),
    [{ a: s.value(Point, { X: 5, Y: 6 }) }],
    5,
    1.5,
    "x",
    true,
    null,
  ];
  for (const value of given) {
    const bytes = encode(s.any(), value, { registry });
    const out: unknown = decode(s.any(), bytes, { registry });
    assert.equal(hex(encode(s.any(), out, { registry })), hex(bytes));
  }
  const point = decode(s.any(), encode(s.any(), given[0], { registry }), { registry });
  (point as { X: number }).X = 9;
  const changed = encode(s.any(), point, { registry });
  assert.deepEqual(decode(s.any(), changed, { registry }), { X: 9, Y: 2 });
});

test("[GOB-25] is asks for the type of a value, as a type assertion does", () => {
  const registry = new Registry()
    .register("main.Point", Point)
    .register("*main.Box", s.optional(s.struct("Box", { V: s.int() })))
    .register("main.Celsius", s.float64());
  const arrived = (value: unknown) =>
    decode(s.dynamic(), encode(s.any(), value, { registry }), { registry });
  const point = arrived(s.value(Point, { X: 1, Y: 2 }));
  assert.ok(is(Point, point));
  assert.equal(point.value.X + point.value.Y, 3);
  assert.ok(is(s.optional(Point), point));
  assert.ok(is(s.struct("Point", { X: s.int(), Y: s.int() }), point));
  assert.ok(is(s.named("main.Point", Point), point));
  assert.ok(!is(s.named("other.Point", Point), point));
  assert.ok(!is(s.struct("Point", { X: s.int() }), point));
  assert.ok(!is(s.struct("Point", { X: s.int(), Y: s.int8() }), point));
  assert.ok(!is(s.string(), point));

  const scalars: [AnySchema, unknown, boolean][] = [
    [s.int(), 5, true],
    [s.int({ as: "bigint" }), 5, false],
    [s.int({ as: "safe" }), 5, true],
    [s.int(), s.value(s.int({ as: "bigint" }), 2n ** 60n), false],
    [s.int({ as: "safe" }), s.value(s.int({ as: "bigint" }), 2n ** 60n), true],
    [s.int64(), s.value(s.int64(), 5n), true],
    [s.int64(), 5, false],
    [s.int8(), s.value(s.int8(), 5), true],
    [s.float64(), 1.5, true],
    [s.float64(), s.value(s.named("main.Celsius", s.float64()), 1), false],
    [s.named("main.Celsius", s.float64()), s.value(s.named("main.Celsius", s.float64()), 1), true],
    [s.slice(s.string()), s.value(s.slice(s.string()), ["a"]), true],
    [s.slice(s.string()), [], false],
    [s.slice(s.int()), s.value(s.slice(s.int()), [1, 2]), true],
    [s.slice(s.int()), s.value(s.slice(s.int({ as: "bigint" })), [2n ** 60n]), false],
    [s.slice(s.dynamic()), ["a"], true],
    [s.map(s.string(), s.dynamic()), { a: 1 }, true],
    [s.record(s.dynamic()), { a: 1 }, false],
    [bigInt(), s.value(s.string(), "x"), false],
  ];
  for (const [schema, value, want] of scalars) {
    assert.equal(is(schema, arrived(value)), want, `${JSON.stringify(schema)} ${String(value)}`);
  }
  assert.ok(is(s.int8(), s.value(s.int8(), 1)));
  assert.ok(is(time(), s.value(time(), when)));
  assert.ok(is(rawMessage(), s.value(rawMessage(), { a: 1 })));
  for (const other of [null, undefined, 5, {}, { kind: "value" }]) assert.ok(!is(s.int(), other));
});

test("[GOB-54] is takes a type and pointers to it for one type, whichever was registered", () => {
  const Celsius = s.named("main.Celsius", s.float64());
  const registry = new Registry()
    .register("*main.Celsius", s.optional(Celsius))
    .register("*main.Point", s.optional(s.named("main.Point", Point)));
  const arrived = (value: unknown) =>
    decode(s.dynamic(), encode(s.any(), value, { registry }), { registry });
  const celsius = arrived(s.value(s.optional(Celsius), 1.5));
  assert.equal(celsius?.name, "*main.Celsius");
  for (const schema of [Celsius, s.optional(Celsius), s.lazy(() => s.optional(Celsius))]) {
    assert.ok(is(schema, celsius));
  }
  assert.ok(!is(s.float64(), celsius));
  assert.ok(!is(s.optional(s.float64()), celsius));
  const point = arrived(s.value(s.optional(s.named("main.Point", Point)), { X: 1, Y: 2 }));
  for (const schema of [Point, s.optional(Point), s.named("main.Point", Point)]) {
    assert.ok(is(schema, point));
  }
  assert.ok(!is(s.named("other.Point", Point), point));
});

test("[GOB-51] is asks whether an interface can hold the value", () => {
  const registry = new Registry().register("main.Point", Point).register("main.C", s.float64());
  const arrived = (value: unknown) =>
    decode(s.dynamic(), encode(s.any(), value, { registry }), { registry });
  const point = arrived(s.value(Point, { X: 1, Y: 2 }));
  const celsius = arrived(s.value(s.named("main.C", s.float64()), 1));
  for (const value of [point, celsius, arrived(5)]) {
    assert.ok(is(s.any(), value) && is(s.dynamic(), value));
  }
  assert.ok(!is(s.any(), null));
  const held = s.registered("new.Point", Point, { aliases: ["main.Point"] });
  assert.ok(
    is(held, point) && is(s.optional(held), point) && is(s.named("main.Shape", held), point),
  );
  assert.ok(is(held, s.value(Point, { X: 1, Y: 2 })));
  assert.ok(!is(s.registered("new.Point", Point), point));
  assert.ok(is(s.registered("main.C", s.float64()), celsius));
  assert.ok(!is(s.registered("main.C", s.float64()), arrived(1.5)));
  assert.throws(() => is(s.oneOf({ "main.Point": Point }), point), {
    code: "bad-value",
    message: "gob: is: want a type, got oneOf",
  });
});
