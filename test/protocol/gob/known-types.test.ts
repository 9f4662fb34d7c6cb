/** Interfaces of known types: `registered` and `oneOf`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HOT_CALLS } from "../../../protocol/gob/generate.js";
import { describe, Registry, zero } from "../../../protocol/gob/index.js";
import * as s from "../../../protocol/schema/index.js";
import { decode, decoderOf, encode, hex, refusesBytes, refusesValue, through } from "./helpers.js";

const RunArgs = s.struct("RunArgs", { Name: s.string(), N: s.int() });
const run = s.registered("step.RunArgs", RunArgs);
const Circle = s.struct("Circle", { Radius: s.float64() });
const Square = s.struct("Square", { Side: s.float64() });
const shape = s.oneOf({ "main.Circle": Circle, "*main.Square": s.optional(Square) });
const args = { Name: "x", N: 3 };

test("[GOB-51] a registered type is a plain value on both sides, with its name on the wire", () => {
  const bytes = encode(run, args);
  assert.equal(hex(bytes), hex(encode(s.any(), s.value(s.named("step.RunArgs", RunArgs), args))));
  assert.deepEqual(decode(run, bytes), args);
  const many = s.slice(run);
  assert.deepEqual(through(many, [args, { Name: "", N: 0 }], many), [args, { Name: "", N: 0 }]);
  assert.equal(through(s.any(), s.value(run, args), s.dynamic())?.name, "step.RunArgs");
});

test("[GOB-51] one of several types comes with its name", () => {
  const list = s.slice(shape);
  const shapes: s.In<typeof shape>[] = [
    { name: "*main.Square", value: { Side: 2 } },
    { name: "main.Circle", value: { Radius: 1 } },
  ];
  assert.deepEqual(through(list, shapes, list), shapes);
  const code = "bad-value";
  const text = /want \{ name, value \} with one of the names main\.Circle, \*main\.Square; got/;
  refusesValue(shape, { name: "main.Oval", value: {} }, { code }, /got "main\.Oval"$/);
  refusesValue(shape, 5, { code }, text);
  refusesValue(shape, undefined, { code }, text);
});

test("[GOB-51] other types are refused with Go's text, and the stream goes on", () => {
  const named = (name: string) => encode(s.any(), s.value(s.named(name, Circle), { Radius: 1 }));
  const code = "type-mismatch";
  refusesBytes(
    run,
    named("main.Circle"),
    { code, typeName: "step.RunArgs", got: "main.Circle", reason: "other-type" },
    /^gob: name not registered for interface: "main\.Circle" \(want step\.RunArgs\) \(offset \d+\)$/,
  );
  refusesBytes(
    run,
    encode(s.any(), s.value(s.int(), 5)),
    { code, got: "int", reason: "other-type" },
    /^gob: interface conversion: interface \{\} is int, not step\.RunArgs \(offset/,
  );
  refusesBytes(
    s.oneOf({ "main.Circle": Circle, "*main.Square": Square }, { go: "main.Shape" }),
    encode(s.any(), "text"),
    { code },
    /^gob: string is not assignable to type main\.Shape \(want main\.Circle or \*main\.Square\)/,
  );
  const registry = new Registry().register("example.com/full/p.Circle", Circle);
  assert.throws(() => decode(run, named("example.com/full/p.Circle"), { registry }), {
    message: /interface \{\} is p\.Circle, not step\.RunArgs/,
  });
  refusesBytes(run, encode(RunArgs, args), { code }, /received concrete type RunArgs/);

  const decoder = decoderOf(Buffer.concat([encode(s.any(), "text"), encode(run, args)]));
  assert.throws(() => decoder.tryDecode(run), { code });
  assert.deepEqual(decoder.tryDecode(run), args);
});

test("[GOB-51] nil only fits under optional", () => {
  const Holder = s.struct("Holder", { Args: run, N: s.int() });
  const code = "type-mismatch";
  const text = /interface conversion: interface \{\} is nil, not step\.RunArgs \(use optional/;
  refusesBytes(run, "03100000", { code, got: "nil", reason: "nil" }, text);
  refusesBytes(s.slice(run), encode(s.slice(s.any()), [null]), { code, path: "[0]" }, text);
  const Nil = s.struct("Holder", { Args: s.any(), N: s.int() });
  const Without = s.struct("Holder", { N: s.int() });
  const filled = encode(Nil, { Args: s.value(run, args), N: 1 });
  // After some values generated code takes over. It has to say the same.
  for (let i = 0; i < 2 * HOT_CALLS; i++) {
    refusesBytes(Holder, encode(Nil, { Args: null, N: 1 }), { code, path: "Holder.Args" }, text);
    refusesBytes(Holder, encode(Without, { N: 1 }), { code, path: "Holder.Args" }, text);
    assert.deepEqual(decode(Holder, filled), { Args: args, N: 1 });
  }
  refusesValue(Holder, { N: 1 }, { code: "bad-value" }, /Holder\.Args/);
  assert.throws(() => zero(Holder), {
    code: "bad-value",
    path: "Args",
    message: "gob: Args: no zero for step.RunArgs; use optional",
  });
  assert.deepEqual(zero(s.struct("Maybe", { Args: s.optional(run), N: s.int() })), { N: 0 });

  const maybe = s.optional(run);
  assert.equal(hex(encode(maybe, undefined)), "03100000");
  assert.equal(through(s.any(), null, maybe), undefined);
  const maybes = s.slice(maybe);
  assert.deepEqual(through(maybes, [undefined, args], maybes), [undefined, args]);
  const Maybe = s.struct("Maybe", {
    A: maybe,
    B: s.optional(s.named("main.Shape", shape)),
    N: s.int(),
  });
  assert.deepEqual(through(Maybe, { N: 1 }, Maybe), { N: 1 });
  const both = { N: 1, A: args, B: { name: "main.Circle", value: { Radius: 1 } } } as const;
  assert.deepEqual(through(Maybe, both, Maybe), both);
});

test("[GOB-51] an alias is read and not sent", () => {
  const old = s.registered("old/p.RunArgs", RunArgs);
  const moved = s.registered("new/p.RunArgs", RunArgs, { aliases: ["old/p.RunArgs"] });
  assert.deepEqual(through(old, args, moved), args);
  assert.ok(Buffer.from(encode(moved, args)).includes("new/p.RunArgs"));
  const shapes = s.oneOf(
    { "new/p.Circle": Circle },
    { aliases: { "main.Circle": "new/p.Circle" } },
  );
  const circle = { name: "main.Circle", value: { Radius: 1 } } as const;
  assert.deepEqual(through(shape, circle, shapes), { ...circle, name: "new/p.Circle" });
});

test("[GOB-51] what an interface cannot hold is refused where it is written", () => {
  const cases: [() => unknown, string][] = [
    [() => s.registered("", Circle), "registered: a name is empty"],
    [() => s.registered("p.T", Circle, { aliases: [""] }), "registered: a name is empty"],
    [
      () => s.registered("p.T", s.any()),
      "registered p.T: an interface holds a value of a type, not of an interface",
    ],
    [
      () => s.oneOf({ "p.T": s.named("p.Shape", run) }),
      "oneOf p.T: an interface holds a value of a type, not of an interface",
    ],
    [() => s.oneOf({}), "oneOf: want at least one type"],
    [
      () => s.oneOf({ a: Circle, b: Square }, { aliases: { b: "a" } }),
      'oneOf: two types by the name "b"',
    ],
    [
      () => s.oneOf({ a: Circle }, { aliases: { old: "A" } }),
      'oneOf: the alias "old" stands for "A", which is not there',
    ],
    [
      () => s.registered("p.T", s.int as never),
      "registered p.T: want a schema, got a function: call it, as in int()",
    ],
  ];
  for (const [make, text] of cases) {
    assert.throws(make, { name: "CodecError", code: "bad-value", message: `gob: ${text}` });
  }
  assert.equal(s.registered("p.T", Circle, { aliases: ["p.T", "old"] }).types.length, 1);
});

test("[GOB-51] a type may contain itself behind an interface", () => {
  const Node = s.struct("Node", {
    V: s.int(),
    get Next() {
      return s.optional(s.registered("main.Node", Node));
    },
  });
  const list: s.In<typeof Node> = { V: 1, Next: { V: 2, Next: { V: 3 } } };
  assert.deepEqual(through(Node, list, Node), list);
  assert.equal(describe(Node), "type Node struct {\n\tV    int\n\tNext any\n}\n");
});

test("[GOB-51] a value of several messages runs users' codecs once", () => {
  let runs = 0;
  const counted = s.codec({
    wire: RunArgs,
    encode: (value: s.In<typeof RunArgs>) => value,
    decode: (value) => {
      runs++;
      return value;
    },
  });
  const list = s.slice(s.registered("step.RunArgs", counted));
  const bytes = encode(list, [args, args], { order: "go" });
  assert.deepEqual(decode(list, bytes), [args, args]);
  assert.equal(runs, 2);
});

test("[GOB-51] a registry adopts the types that schemas name", () => {
  const registry = new Registry().adopt([s.struct("H", { A: run, B: s.slice(shape) })]);
  const value = decode(s.any(), encode(s.any(), s.value(RunArgs, args), { registry }), {
    registry,
  });
  assert.deepEqual(value, args);
  const other = s.struct("Other", { Name: s.string() });
  const own = new Registry().register("step.RunArgs", other).adopt([run]);
  assert.equal(own.typeOf("step.RunArgs", "plain")?.schema, other);
});
