/** Schemas in msgpack and JSON: round trips and refusals that calls seldom reach. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CodecError } from "../../../protocol/errors.js";
import { JsonDecoder, JsonEncoder } from "../../../protocol/json/stream.js";
import { MsgpackDecoder, MsgpackEncoder } from "../../../protocol/msgpack/stream.js";
import * as s from "../../../protocol/schema/index.js";

interface Format {
  encode(schema: s.AnySchema, value: unknown): Uint8Array;
  decode(schema: s.AnySchema, bytes: Uint8Array): unknown;
}

const msgpack: Format = {
  encode(schema, value) {
    const encoder = new MsgpackEncoder();
    encoder.append(schema, value);
    return encoder.take();
  },
  decode(schema, bytes) {
    const decoder = new MsgpackDecoder();
    decoder.push(bytes);
    return decoder.tryDecode(schema);
  },
};

const json: Format = {
  encode: (schema, value) => Buffer.from(new JsonEncoder().format(schema, value)),
  decode: (schema, bytes) => new JsonDecoder().parse(schema, Buffer.from(bytes).toString()),
};

const loud = s.codec({
  wire: s.string(),
  encode: (text: string) => text.toUpperCase(),
  decode: (text: string) => text.toLowerCase(),
});
const lent = s.codec({
  wire: s.uint32(),
  absent: 0,
  encode: (of: { id: number }) => of.id,
  decode: (id: number) => ({ id }),
});
const bytesOf = (...values: number[]) => Uint8Array.from(values);

const ROUND: readonly (readonly [what: string, of: s.AnySchema, value: unknown])[] = [
  ["a codec", loud, "quiet"],
  ["a codec under a pointer", s.optional(lent), { id: 7 }],
  ["a codec's own nil", s.optional(lent), undefined],
  ["an array of bytes", s.array(3, s.uint8()), [1, 2, 255]],
  ["an array", s.array(2, s.string()), ["a", "b"]],
  ["a renamed field", s.struct("T", { id: s.field("ID", s.int()) }), { id: 4 }],
  ["a pointer in a struct", s.struct("T", { A: s.optional(s.int()) }), { A: 1 }],
  [
    "a map of maps",
    s.map(s.string(), s.map(s.int(), s.bool())),
    new Map([["x", new Map([[3, true]])]]),
  ],
  ["a record", s.record(s.int()), { a: 1, __proto: 2 }],
  ["numbers of every width", s.slice(s.int8()), [-128, 0, 127]],
  ["bigints", s.slice(s.uint64()), [0n, 2n ** 64n - 1n]],
  ["a slice of bytes as numbers", s.slice(s.uint8()), [1, 2, 255]],
  ["a bool behind an interface", s.any(), true],
  ["a text behind an interface", s.any(), "text"],
  ["nothing behind an interface", s.any(), null],
  ["numbers and lists behind an interface", s.any(), new Map([["a", [1, 2.5, "b"]]])],
  ["a registered type", s.registered("main.T", s.struct("T", { A: s.int() })), { A: 1 }],
  ["nothing of a registered type", s.optional(s.registered("main.T", s.int())), undefined],
  ["floats", s.slice(s.float32()), [0.5, -1.5]],
  ["what every object inherits", s.struct("T", { toString: s.string() }), { toString: "own" }],
  ["a list of nothing", s.slice(s.string()), []],
];

const REFUSED: readonly (readonly [what: string, of: s.AnySchema, value: unknown, code: string])[] =
  [
    ["a number as a struct", s.struct("T", { A: s.int() }), 5, "bad-value"],
    ["a list as a struct", s.struct("T", { A: s.int() }), [], "bad-value"],
    ["a text as bytes", s.bytes(), "text", "bad-value"],
    ["an array of another length", s.array(2, s.int()), [1], "bad-value"],
    ["an array of bytes of another length", s.array(2, s.uint8()), bytesOf(1), "bad-value"],
    ["an object of a class in an interface", s.any(), new WeakMap(), "bad-value"],
    ["a bigint beyond 64 bits in an interface", s.any(), 2n ** 64n, "bad-value"],
    ["a list of floats in an interface", s.any(), new Float64Array([1.5]), "bad-value"],
    [
      "nothing where a registered type has to be",
      s.registered("main.T", s.int()),
      null,
      "bad-value",
    ],
    ["an interface of several types", s.oneOf({ "main.T": s.int() }), 5, "bad-value"],
    ["an int8 of 128", s.int8(), 128, "out-of-range"],
    ["a uint64 of -1", s.uint64(), -1n, "out-of-range"],
    ["half an int", s.int(), 0.5, "bad-value"],
    ["a float32 beyond its range", s.float32(), 1e300, "out-of-range"],
    ["a text as a bool", s.bool(), "true", "bad-value"],
    ["a number as a text", s.string(), 5, "bad-value"],
    ["a text as a float", s.float64(), "0.5", "bad-value"],
    ["a bigint as a float32", s.float32(), 5n, "bad-value"],
    ["a bigint as an int", s.int(), 5n, "bad-value"],
    ["a number as a bigint", s.int64(), 5, "bad-value"],
    ["a bigint beyond int64", s.int64({ as: "safe" }), 2n ** 63n, "out-of-range"],
    ["an object as a slice", s.slice(s.int()), { length: 1 }, "bad-value"],
    ["a text as a slice of bytes", s.slice(s.uint8()), "text", "bad-value"],
    ["a byte of 256", s.slice(s.uint8()), [1, 256], "out-of-range"],
    ["an object as a map", s.map(s.string(), s.int()), {}, "bad-value"],
    ["a list as a record", s.record(s.int()), [], "bad-value"],
    ["a Map as a record", s.record(s.int()), new Map([["a", 1]]), "bad-value"],
    ["complex numbers", s.complex128(), { re: 1, im: 2 }, "bad-value"],
    [
      "two fields of one name",
      s.struct("T", { a: s.field("A", s.int()), A: s.int() }),
      { a: 1, A: 2 },
      "bad-value",
    ],
    [
      "a codec that throws",
      s.codec({
        wire: s.int(),
        encode: (): number => {
          throw new Error("no");
        },
        decode: (n: number) => n,
      }),
      1,
      "codec-failed",
    ],
    [
      "a codec that throws something else than an error",
      s.codec({
        wire: s.int(),
        encode: (): number => {
          throw "no";
        },
        decode: (n: number) => n,
      }),
      1,
      "codec-failed",
    ],
    [
      "a value that contains itself",
      ((): s.AnySchema => {
        const ring: s.AnySchema = s.struct("Ring", { Next: s.optional(s.lazy(() => ring)) });
        return ring;
      })(),
      ((): object => {
        const ring: { Next?: object } = {};
        ring.Next = ring;
        return ring;
      })(),
      "limit",
    ],
  ];

for (const [name, format] of Object.entries({ msgpack, json })) {
  for (const [what, of, value] of ROUND) {
    test(`[NETRPC-19] [NETRPC-23] ${name}: ${what} survives a round trip`, () => {
      const back = format.decode(of, format.encode(of, value));
      const plain = back instanceof Uint8Array ? [...back] : back;
      assert.deepEqual(
        plain && typeof plain === "object" && !Array.isArray(plain) && !(plain instanceof Map)
          ? { ...plain }
          : plain,
        value,
      );
    });
  }
  for (const [what, of, value, code] of REFUSED) {
    test(`[NETRPC-12] ${name}: ${what} is refused, again and again`, () => {
      for (let i = 0; i < 2; i++) {
        assert.throws(
          () => format.encode(of, value),
          (error: CodecError) => {
            assert.equal(error.name, "CodecError");
            assert.equal(error.code, code, error.message);
            return true;
          },
        );
      }
    });
  }

  test(`[NETRPC-8] ${name}: a received value that does not fit is refused with its place`, () => {
    const sent = format.encode(s.struct("T", { A: s.slice(s.int()) }), { A: [1, 300] });
    const wanted = s.struct("T", { A: s.slice(s.int8()) });
    assert.throws(() => format.decode(wanted, sent), { code: "out-of-range", path: "T.A[1]" });
    const list = format.encode(s.slice(s.slice(s.int())), [[1], [1, 300]]);
    assert.throws(() => format.decode(s.slice(s.slice(s.int8())), list), { path: "[1][1]" });
    const text = format.encode(s.string(), "text");
    for (const of of [s.int(), s.bool(), s.slice(s.int()), s.map(s.string(), s.int()), wanted]) {
      assert.throws(() => format.decode(of, text), { name: "CodecError" });
    }
    const numbers = format.encode(s.slice(s.int()), [1, 256]);
    assert.throws(() => format.decode(s.array(2, s.uint8()), numbers), { code: "out-of-range" });
    assert.throws(() => format.decode(s.complex64(), numbers), { code: "bad-value" });
  });

  test(`${name}: a schema with a refused part stays refused, also inside itself`, () => {
    const tree: s.AnySchema = s.struct("Tree", {
      Kids: s.slice(s.lazy(() => tree)),
      C: s.complex128(),
    });
    for (let i = 0; i < 2; i++) {
      assert.throws(() => format.encode(tree, { Kids: [], C: { re: 0, im: 0 } }), {
        code: "bad-value",
      });
      assert.throws(() => format.decode(tree, format.encode(s.record(s.int()), {})), {
        code: "bad-value",
      });
    }
  });
}

test("a value that arrived with its type has a name, which is empty", () => {
  for (const format of [msgpack, json]) {
    const bytes = format.encode(s.any(), { a: [1, "x", null] });
    const value = format.decode(s.dynamic(), bytes) as s.DynamicValue;
    assert.equal(value.name, "");
    const inner = (value.value as Map<string, s.DynamicValue>).get("a");
    assert.equal(inner?.name, "");
    assert.deepEqual(format.encode(s.any(), value), bytes);
    assert.deepEqual(s.plain(value), { a: [1n, "x", null] });
  }
});
