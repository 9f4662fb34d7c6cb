import assert from "node:assert/strict";
import { test } from "node:test";
import { CodecError } from "../../../protocol/errors.js";
import { Encoder, Registry, TypeRegistry } from "../../../protocol/gob/index.js";
import type { AnySchema } from "../../../protocol/schema/index.js";
import * as s from "../../../protocol/schema/index.js";
import { decode, decoderOf, encode, hex, through, whole } from "./helpers.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });
const Inner = s.named("main.Inner", s.struct("Inner", { K: s.string() }));
const Holder = s.named("main.Holder", s.struct("Holder", { V: s.any() }));
const POINT = "1e7f03010105506f696e7401ff80000102010158010400010159010400000007ff80012c014200";

const refuses = (schema: AnySchema, value: unknown, want: Partial<CodecError>, text: RegExp) => {
  const encoder = new Encoder();
  assert.throws(
    () => encoder.append(schema, value as never),
    (error) => {
      assert.ok(error instanceof CodecError);
      assert.match(error.message, text);
      for (const [key, of] of Object.entries(want))
        assert.deepEqual(Reflect.get(error, key), of, key);
      return true;
    },
  );
  assert.equal(encoder.take().length, 0);
};

test("[GOB-9] a type is defined once per stream", () => {
  const encoder = new Encoder();
  assert.equal(hex(encoder.encode(Point, { X: 22, Y: 33 })), POINT);
  assert.equal(hex(encoder.encode(Point, { X: 1, Y: 0 })), "05ff80010200");
});

test("[GOB-9] the same type written as another schema is the same type", () => {
  const encoder = new Encoder();
  encoder.encode(s.slice(s.map(s.string(), Point)), []);
  const again = s.struct("Point", { X: s.int(), Y: s.int() });
  assert.equal(encoder.encode(s.slice(s.map(s.string(), again)), []).length, 5);
  assert.equal(encoder.encode(again, { X: 1, Y: 1 }).length, 8);
  const other = s.struct("Point", { X: s.int(), Y: s.uint() });
  assert.ok(encoder.encode(other, { X: 1, Y: 1 }).length > 20);
});

test("[GOB-9] recursive types written twice are defined once", () => {
  const make = () => {
    const tree: AnySchema = s.struct("Tree", {
      V: s.int(),
      get Kids() {
        return s.slice(tree);
      },
    } as object);
    return tree;
  };
  const encoder = new Encoder();
  encoder.encode(make(), { V: 1, Kids: [] } as never);
  assert.equal(encoder.encode(make(), { V: 1, Kids: [] } as never).length, 6);
});

test("[GOB-31] a value that fails leaves the pending bytes and the known types alone", () => {
  const encoder = new Encoder();
  encoder.append(s.int(), 1);
  assert.throws(() => encoder.append(Point, { X: 1, Y: 0.5 }), { code: "bad-value" });
  assert.throws(() => encoder.append(s.slice(Point), [{ X: 1, Y: 1 }, null as never]));
  encoder.append(Point, { X: 22, Y: 33 });
  assert.equal(hex(encoder.take()), `03040002${POINT}`);
  assert.equal(hex(encoder.encode(Point, { X: 1, Y: 0 })).length, 12);
});

test("[GOB-31] what failed is defined when it is tried again", () => {
  const encoder = new Encoder();
  assert.throws(() => encoder.append(Point, {} as never));
  assert.match(hex(encoder.encode(Point, { X: 22, Y: 33 })), /^1e7f0301/);
});

test("[GOB-31] discard drops pending bytes and the definitions in them, not those taken", () => {
  const encoder = new Encoder();
  encoder.encode(s.slice(s.int()), [1]);
  encoder.append(s.slice(s.int()), [2]);
  encoder.append(Point, { X: 1, Y: 1 });
  encoder.discard();
  assert.equal(encoder.take().length, 0);
  assert.equal(encoder.encode(s.slice(s.int()), [1]).length, 6);
  assert.ok(encoder.encode(Point, { X: 1, Y: 1 }).length > 30);
  encoder.discard();
});

test("[GOB-29] definitions first met behind an interface go before the value", () => {
  const value = { V: s.value(Holder, { V: s.value(Inner, { K: "deep" }) }) };
  const bytes = encode(Holder, value);
  const decoder = decoderOf(bytes);
  assert.equal(decoder.trySkip(), true);
  const order = ["Holder", "Inner"].map((name) => decoder.describeTypes().indexOf(`type ${name}`));
  assert.ok(order[0]! < order[1]!);
  const lengths = [];
  for (let at = 0; at < bytes.length; at += 1 + bytes[at]!) lengths.push(bytes[at]);
  assert.equal(lengths.length, 3, "two definitions and one message for the value");
  const out = decode(Holder, bytes, { registry: new Registry().register("main.Holder", Holder) });
  assert.match(JSON.stringify(out), /deep/);
});

test("[GOB-29] [GOB-31] a failure behind an interface takes hoisted definitions back", () => {
  const encoder = new Encoder();
  const bad = s.value(Inner, { K: 5 as never });
  assert.throws(() => encoder.append(Holder, { V: bad }), /Holder\.V\.\(Inner\)\.K: want string/);
  const bytes = encoder.encode(Holder, { V: s.value(Inner, { K: "k" }) });
  assert.ok(hex(bytes).includes(Buffer.from("Inner").toString("hex")));
  const again = encoder.encode(Holder, { V: s.value(Inner, { K: "k" }) });
  assert.equal(again.length, 1 + 2 + 1 + 11 + 2 + 1 + 4 + 1);
});

test("[GOB-31] wrong values are refused with path, types and what they are", () => {
  const code = "bad-value";
  refuses(Point, { X: 1 }, { code, path: "Point.Y" }, /^gob: Point\.Y: want int, got undefined$/);
  refuses(Point, { X: "1", Y: 1 }, { code, typeName: "int" }, /Point\.X: want int, got string/);
  refuses(Point, { X: 1.5, Y: 1 }, { code }, /want int, got number 1\.5/);
  refuses(Point, { X: Number.NaN, Y: 1 }, { code }, /want int, got number NaN/);
  refuses(Point, 7, { code, path: undefined }, /^gob: want Point, got number 7$/);
  refuses(Point, [], { code }, /want Point, got array/);
  refuses(Point, null, { code }, /want Point, got null/);
  refuses(s.bool(), 1, { code }, /want bool, got number 1/);
  refuses(s.string(), 1n, { code }, /want string, got bigint 1/);
  refuses(s.bytes(), "x", { code }, /want \[\]uint8, got string/);
  refuses(s.float64(), "x", { code }, /want float64, got string/);
  refuses(s.float32(), undefined, { code }, /want float32, got undefined/);
  refuses(s.complex128(), { re: 1 }, { code }, /want complex128, got Object/);
  refuses(s.complex64(), 5, { code }, /want complex64, got number 5/);
  refuses(s.int64(), 5, { code }, /want int64 as bigint, got number 5/);
  refuses(s.int64(), 0, { code }, /want int64 as bigint, got number 0/);
  refuses(s.int(), 5n, { code }, /want int, got bigint 5/);
  refuses(s.slice(s.int()), new Map(), { code }, /want \[\]int, got Map/);
  refuses(s.slice(s.int()), [1, "2"], { code, path: "[1]" }, /^gob: \[1\]: want int, got string$/);
  refuses(s.slice(s.float64()), [1, null], { code }, /\[1\]: want float64, got null/);
  refuses(s.slice(s.string()), ["", 1], { code }, /\[1\]: want string/);
  refuses(s.slice(s.uint8()), [1, 256], { code }, /\[1\]: want uint8, got number 256/);
  refuses(s.slice(s.uint8()), "ab", { code }, /want \[\]uint8, got string/);
  refuses(s.array(2, s.int()), [1], { code }, /want \[2\]int, got 1 elements/);
  refuses(s.array(2, s.int()), "no", { code }, /want \[2\]int, got string/);
  refuses(s.map(s.string(), s.int()), { a: 1 }, { code }, /want map\[string\]int, got Object/);
  refuses(s.record(s.int()), new Map(), { code }, /want map\[string\]int, got Map/);
  refuses(s.record(s.int()), [], { code }, /want map\[string\]int, got array/);
  refuses(s.record(s.int()), { a: "b" }, { code, path: '["a"]' }, /\["a"\]: want int/);
  refuses(s.map(s.int(), s.int()), new Map([[5, "x"]]), { code }, /\[5\]: want int/);
  refuses(s.map(Point, s.int()), new Map([[{}, 1]]), { code }, /\[key\]\.X: want int/);
});

test("[GOB-2] [GOB-3] numbers out of range are refused", () => {
  const code = "out-of-range";
  refuses(s.int8(), 128, { code }, /128 is out of range for int8/);
  refuses(s.uint16(), -1, { code }, /-1 is out of range for uint16/);
  refuses(s.int(), 2 ** 53, { code }, /out of range for int/);
  refuses(s.uint64(), -1n, { code }, /-1 is out of range for uint64/);
  refuses(s.int64(), 2n ** 63n, { code }, /out of range for int64/);
  refuses(s.int({ as: "safe" }), 2n ** 63n, { code }, /out of range for int/);
  refuses(s.float32(), 1e39, { code }, /1e\+39 is out of range for float32/);
  assert.equal(
    through(s.float32(), Number.POSITIVE_INFINITY, s.float32()),
    Number.POSITIVE_INFINITY,
  );
});

test("[GOB-31] nil is refused where Go refuses it", () => {
  const code = "bad-value";
  const ptr = s.optional(Point);
  refuses(ptr, undefined, { code }, /^gob: cannot encode nil pointer of type \*Point$/);
  refuses(s.slice(ptr), [undefined], { code }, /\[0\]: nil element: .*nil pointer of type \*Point/);
  refuses(s.map(s.string(), ptr), new Map([["a", undefined]]), { code }, /\["a"\]: nil element/);
  refuses(
    s.any(),
    s.value(s.named("*main.Point", ptr), undefined),
    { code },
    /^gob: gob: cannot encode nil pointer of type \*Point inside interface$/,
  );
});

test("[GOB-25] what goes into an interface says its Go type", () => {
  refuses(s.any(), 5, { code: "bad-value" }, /gob\.value\(gob\.int32\(\), 5\)/);
  refuses(s.any(), 5n, { code: "bad-value" }, /a number must say its Go type/);
  refuses(s.any(), { a: 1 }, { code: "bad-value" }, /gob\.value\(schema, value\); got Object/);
  refuses(s.any(), { kind: "value" }, { code: "bad-value" }, /gob\.value/);
  assert.equal(hex(encode(s.any(), null)), "03100000");
  assert.equal(hex(encode(s.any(), undefined)), "03100000");
  assert.equal(
    hex(encode(s.any(), s.value(s.any(), s.value(s.int(), 5)))),
    "0a100003696e740402000a",
  );
});

test("[GOB-28] a struct behind an interface needs a registered name", () => {
  const value = s.value(Point, { X: 1, Y: 2 });
  refuses(
    s.any(),
    value,
    { code: "not-registered" },
    /^gob: type not registered for interface: Point \(use named/,
  );
  refuses(s.any(), s.value(s.slice(Point), []), { code: "not-registered" }, /interface: \[\]Point/);
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

test("[GOB-28] a registry refuses what Go refuses", () => {
  const registry = new Registry().register("main.Point", Point).register("main.Point", Point);
  assert.throws(() => registry.register("", s.int()), /attempt to register empty name/);
  assert.throws(
    () => registry.register("main.Point", s.int()),
    /duplicate types for "main\.Point"/,
  );
  assert.throws(() => registry.register("x", Point), /"main\.Point" != "x"/);
  // Scalars are shared, so they may have any number of names.
  registry.register("main.Celsius", s.float64()).register("main.Kelvin", s.float64());
});

test("[GOB-14] names that Go does not export are refused, with a hint", () => {
  const hint = /Go does not export userId; name it: field\("UserId", …\)/;
  refuses(s.struct("Job", { userId: s.int() }), { userId: 1 }, { code: "bad-value" }, hint);
  refuses(
    s.struct("Job", { A: s.int(), b: s.field("A", s.int()) }),
    {},
    { code: "bad-value" },
    /two fields of one Go name/,
  );
});

test("[GOB-31] schemas that are none are refused", () => {
  refuses({ kind: "nonsense" }, 1, { code: "bad-value" }, /not a schema that gob knows: nonsense/);
  const loop: AnySchema = s.lazy(() => loop);
  refuses(loop, 1, { code: "bad-value" }, /schema refers only to itself/);
  const pointer: AnySchema = s.optional(s.lazy(() => pointer));
  refuses(pointer, 1, { code: "bad-value" }, /can't represent recursive pointer type/);
});

test("[GOB-31] a schema that was refused is refused again, in whatever it is part of", () => {
  const inner: AnySchema = s.struct("Inner", { Up: s.optional(s.lazy(() => outer)) });
  const outer: AnySchema = s.struct("Outer", { In: inner, bad: s.int() });
  for (const schema of [outer, inner, outer]) {
    assert.throws(() => encode(schema, { In: {}, bad: 1 } as never), { code: "bad-value" });
  }
});

test("[GOB-33] values that contain themselves are refused, not followed", () => {
  const Loop: AnySchema = s.struct("Loop", {
    get Next() {
      return s.optional(Loop);
    },
  } as object);
  const loop: { Next?: unknown } = {};
  loop.Next = loop;
  refuses(Loop, loop, { code: "limit" }, /maxDepth/);
  const encoder = new Encoder({ maxDepth: 50 });
  assert.throws(() => encoder.append(Loop, loop as never), /deeper than maxDepth \(50\)/);
});

test("[GOB-33] types per stream are limited", () => {
  const encoder = new Encoder({ maxTypes: 3 });
  for (let length = 0; length < 3; length++) {
    encoder.append(s.array(length, s.int()), new Array(length).fill(0));
  }
  const want = { code: "limit", message: /more types than maxTypes \(3\); create schemas once/ };
  assert.throws(() => encoder.append(s.array(3, s.int()), [0, 0, 0]), want);
  encoder.append(s.array(2, s.int()), [0, 0]);
});

test("codecs get the context, and what they throw is kept", () => {
  const cause = new Error("no broker");
  const lent = s.codec({
    wire: s.uint32(),
    encode: (of: string, context) => {
      if (context === undefined) throw cause;
      return of.length + (context as number);
    },
    decode: (id, context) => `${id}/${context}`,
  });
  const Job = s.struct("Job", { Log: lent });
  const encoder = new Encoder();
  const bytes = encoder.encode(Job, { Log: "abc" }, 4);
  const decoder = decoderOf(bytes);
  assert.deepEqual(whole(decoder.tryDecode(Job, undefined, "ctx")), { Log: "7/ctx" });
  assert.throws(() => encoder.append(Job, { Log: "abc" }), {
    code: "codec-failed",
    message: "gob: Job.Log: no broker",
    cause,
  });
});

test("a codec may be optional, and its zero goes through decode", () => {
  const seen: unknown[] = [];
  const plain = s.codec({
    wire: s.int(),
    encode: (of: number) => of,
    decode: (of) => {
      seen.push(of);
      return of + 100;
    },
  });
  const marked = { ...plain, optional: true } as const;
  const Both = s.struct("Both", { A: plain, B: marked as AnySchema });
  assert.deepEqual(through(Both, { A: 0 } as never, Both) as unknown, { A: 100 });
  assert.deepEqual(seen, [0]);
  assert.deepEqual(through(Both, { A: 1, B: 2 } as never, Both) as unknown, { A: 101, B: 102 });
});

test("[GOB-13] inherited properties are not values that somebody passed", () => {
  const Odd = s.struct("Odd", { toString: s.field("ToString", s.optional(s.string())) });
  assert.deepEqual(through(Odd, {} as never, Odd), {});
  const out = through(Odd, { toString: "mine" } as never, Odd);
  assert.equal(out.toString, "mine");
});

test("[GOB-12] generic and qualified names lose their package on the wire", () => {
  const cases: [string, string][] = [
    ["main.Point", "Point"],
    ["p.G[example.com/full/p.T1]", "G[example.com/full/p.T1]"],
    ["Plain", "Plain"],
  ];
  for (const [name, wire] of cases) {
    const bytes = Buffer.from(encode(s.struct(name, { A: s.int() }), { A: 1 }));
    assert.ok(
      bytes.includes(Buffer.from(`\u0001${String.fromCharCode(wire.length)}${wire}`)),
      name,
    );
  }
});

test("[GOB-11] a registry of types may start at 65", () => {
  const types = new TypeRegistry({ firstId: 65 });
  assert.match(hex(encode(Point, { X: 22, Y: 33 }, { types })), /^1fff8103010105506f696e7401ff82/);
});
