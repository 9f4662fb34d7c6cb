/** Names of types behind interfaces. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Decoder, Encoder, NEED_MORE, Registry } from "../../../protocol/gob/index.js";
import type { AnySchema } from "../../../protocol/schema/index.js";
import * as s from "../../../protocol/schema/index.js";
import { decode, encode, hex, refusesValue } from "./helpers.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });

test("[GOB-28] a struct behind an interface needs a registered name", () => {
  const value = s.value(Point, { X: 1, Y: 2 });
  refusesValue(
    s.any(),
    value,
    { code: "not-registered" },
    /^gob: type not registered for interface: Point \(use named/,
  );
  refusesValue(
    s.any(),
    s.value(s.slice(Point), []),
    { code: "not-registered" },
    /interface: \[\]Point/,
  );
  const registry = new Registry().register("main.Point", Point);
  const bytes = encode(s.any(), value, { registry });
  assert.ok(hex(bytes).includes(Buffer.from("main.Point").toString("hex")));
  const lazily = s.value(
    s.lazy(() => s.optional(s.field("P", Point))),
    { X: 1, Y: 2 },
  );
  assert.equal(hex(encode(s.any(), lazily, { registry })), hex(bytes));
});

test("[GOB-28] unnamed types of known parts go by Go's spelling", () => {
  const names: [AnySchema, unknown, string][] = [
    [s.slice(s.any()), [], "[]interface {}"],
    [s.map(s.string(), s.any()), new Map(), "map[string]interface {}"],
    [s.slice(s.uint8()), [1], "[]uint8"],
    [s.array(2, s.optional(s.int8())), [1, 2], "[2]*int8"],
    [
      s.struct("", { A: s.int(), B: s.slice(s.string()) }),
      { A: 1, B: [] },
      "struct { A int; B []string }",
    ],
    [s.empty(), undefined, "struct {}"],
    [s.codec({ wire: s.int16(), encode: (n: number) => n, decode: (n) => n }), 3, "int16"],
  ];
  for (const [schema, value, name] of names) {
    const bytes = encode(s.any(), s.value(schema, value as never));
    assert.ok(Buffer.from(bytes).includes(name), name);
  }
});

test("[GOB-54] a registry refuses what Go refuses, with Go's text", () => {
  const registry = new Registry().register("main.Point", Point).register("main.Point", Point);
  const refuses = (name: string, schema: AnySchema, message: string) =>
    assert.throws(() => registry.register(name, schema), { code: "bad-value", message });
  refuses("", s.int(), "gob: attempt to register empty name");
  const types = "gob: registering duplicate types for";
  refuses("main.Point", s.int(), `${types} "main.Point": Point != int`);
  refuses("int", s.string(), `${types} "int": int != string`);
  refuses("[]string", s.slice(s.int()), `${types} "[]string": slice != slice`);
  const names = "gob: registering duplicate names for Point:";
  refuses("x", Point, `${names} "main.Point" != "x"`);
  refuses("*main.Point", s.optional(Point), `${names} "main.Point" != "*main.Point"`);
  refuses(
    "y",
    undefined as never,
    'gob: register "y": want a schema, got undefined: one that is defined later needs a getter or lazy',
  );
  // What was refused has left nothing behind.
  assert.equal(registry.isKnown("x"), false);
  // An equal schema is the same type, as in Go, and so is another form of a predeclared one.
  registry.register("main.L", s.slice(Point)).register("main.L", s.slice(Point));
  registry.register("int64", s.int64({ as: "number" }));
  // Scalars are shared, so they may have any number of names.
  registry.register("main.Celsius", s.float64()).register("main.Kelvin", s.float64());
  registry.register("main.Raw", s.bytes()).register("main.Nothing", s.empty());
  assert.ok(contains(encode(s.any(), new Uint8Array([1]), { registry }), "[]uint8"));
  assert.ok(contains(encode(s.any(), s.value(s.empty(), undefined), { registry }), "struct {}"));
});

const contains = (bytes: Uint8Array, text: string) => Buffer.from(bytes).includes(text);

test("[GOB-54] a pointer and its type have one name, whichever was registered", () => {
  const values = [s.value(Point, { X: 1, Y: 2 }), s.value(s.optional(Point), { X: 1, Y: 2 })];
  const registrations: [string, AnySchema][] = [
    ["*main.Point", s.optional(Point)],
    ["main.Point", Point],
    ["*main.Point", s.lazy(() => s.optional(Point))],
    ["**main.Point", s.optional(s.lazy(() => s.optional(Point)))],
  ];
  for (const [name, schema] of registrations) {
    const registry = new Registry().register(name, schema);
    for (const value of [...values, s.value(schema, { X: 1, Y: 2 } as never)]) {
      const bytes = encode(s.any(), value, { registry });
      assert.equal(decode(s.dynamic(), bytes, { registry })?.name, name);
      assert.deepEqual(decode(s.any(), bytes, { registry }), { X: 1, Y: 2 });
    }
  }
});

test("[GOB-54] a registered name goes before one that the schema brings along", () => {
  const Celsius = s.named("main.Celsius", s.float64());
  const IDs = s.named("main.IDs", s.slice(s.string()));
  const Table = s.named("main.Table", s.map(s.string(), s.int()));
  const Pair = s.named("main.Pair", s.array(2, s.int()));
  const cases: [AnySchema, unknown][] = [
    [Celsius, 1.5],
    [IDs, ["a"]],
    [Table, new Map([["a", 1]])],
    [Pair, [1, 2]],
  ];
  for (const [schema, value] of cases) {
    const registry = new Registry().register("other.Name", schema);
    const bytes = encode(s.any(), s.value(schema, value as never), { registry });
    assert.ok(contains(bytes, "other.Name"), schema.kind);
    assert.deepEqual(decode(s.any(), bytes, { registry }), value);
  }
});

test("[GOB-54] a type that moved is read by its old name and sent by its new one", () => {
  const registry = new Registry().register("new/p.Point", Point, { aliases: ["old/p.Point"] });
  const old = new Registry().register("old/p.Point", Point);
  const value = s.value(Point, { X: 1, Y: 2 });
  const bytes = encode(s.any(), value, { registry: old });
  assert.deepEqual(decode(s.any(), bytes, { registry }), { X: 1, Y: 2 });
  assert.ok(contains(encode(s.any(), value, { registry }), "new/p.Point"));
  const dynamic = decode(s.dynamic(), bytes, { registry });
  assert.equal(dynamic?.name, "old/p.Point");
  assert.equal(hex(encode(s.any(), dynamic, { registry })), hex(bytes));
  assert.throws(() => registry.register("x.P", s.int8(), { aliases: ["old/p.Point"] }), {
    message: /duplicate types for "old\/p\.Point": Point != int8/,
  });
  assert.equal(registry.isKnown("x.P"), false);
});

test("[GOB-54] a registry follows references when they are needed, and not before", () => {
  let resolved = 0;
  const lazy: AnySchema = s.lazy(() => {
    resolved++;
    return Later;
  });
  const Outer = s.struct("Outer", {
    get Later() {
      return s.slice(Later);
    },
  });
  const registry = new Registry().register("main.Later", lazy).register("main.Outer", Outer);
  assert.equal(resolved, 0);
  const Later: AnySchema = s.struct("Later", { N: s.int() });
  const bytes = encode(s.any(), s.value(Later, { N: 1 }), { registry });
  assert.deepEqual(decode(s.any(), bytes, { registry }), { N: 1 });
  assert.equal(resolved, 1);

  const early = s.lazy(() => notYet);
  const broken = new Registry().register("main.Broken", early);
  const want = {
    code: "bad-value",
    message: "gob: schema: lazy has no schema yet: Cannot access 'notYet' before initialization",
  };
  assert.throws(() => encode(s.any(), s.value(Point, { X: 1, Y: 2 }), { registry: broken }), want);
  const notYet = Point;
  assert.ok(encode(s.any(), s.value(notYet, { X: 1, Y: 2 }), { registry: broken }).length > 0);

  const twice = new Registry().register("main.P", Point).register(
    "main.Q",
    s.lazy(() => Point),
  );
  assert.throws(() => encode(s.any(), s.value(Point, { X: 1, Y: 2 }), { registry: twice }), {
    message: /duplicate names for Point: "main\.P" != "main\.Q"/,
  });
  const nothing = s.lazy(() => undefined as never);
  assert.throws(() => encode(nothing, 1 as never), {
    message: /lazy returned no schema \(undefined\)/,
  });
});

test("[GOB-54] what is registered late counts from then on", () => {
  const registry = new Registry();
  let runs = 0;
  const counted = s.codec({
    wire: Point,
    encode: (value: s.In<typeof Point>) => value,
    decode: (value) => {
      runs++;
      return value;
    },
  });
  const list = s.slice(s.any());
  const encoder = new Encoder({ order: "go" });
  const decoder = new Decoder({ registry });
  const point = s.value(s.named("main.Point", Point), { X: 1, Y: 2 });
  const other = s.value(s.named("main.Other", s.struct("Other", { A: s.int() })), { A: 1 });
  decoder.push(encoder.encode(list, [1]));
  assert.deepEqual(decoder.tryDecode(list), [1]);
  registry.register("main.Point", counted);
  // The definition of the second type divides the value, so the first part is looked at twice.
  const bytes = encoder.encode(list, [point, other]);
  for (const byte of bytes) {
    decoder.push(Uint8Array.of(byte));
    decoder.retain();
    const value = decoder.tryDecode(list);
    if (value !== NEED_MORE) assert.deepEqual(value[0], { X: 1, Y: 2 });
  }
  assert.equal(runs, 1);
});
