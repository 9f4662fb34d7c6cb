/** Structs that are used much get code of their own: it has to do what the loop over fields does. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { HOT_CALLS } from "../../../protocol/gob/generate.js";
import { Decoder, Encoder, time } from "../../../protocol/gob/index.js";
import * as s from "../../../protocol/schema/index.js";
import { hex, unhex, whole } from "./helpers.js";

const make = () => {
  const Inner = s.struct("Inner", { A: s.int(), B: s.optional(s.string()) });
  return s.struct("All", {
    Bool: s.bool(),
    Int: s.int(),
    Int8: s.int8(),
    Int64: s.int64(),
    Safe: s.int({ as: "safe" }),
    Uint: s.uint(),
    Uint16: s.uint16(),
    Uint64: s.uint64(),
    F32: s.float32(),
    F64: s.float64(),
    C: s.complex128(),
    Str: s.string(),
    raw: s.field("Raw", s.rawString()),
    Bytes: s.bytes(),
    L: s.slice(s.int()),
    M: s.map(s.string(), s.int()),
    Inner,
    P: s.optional(Inner),
    Opt: s.optional(s.int()),
    T: time(),
    I: s.any(),
    E: s.empty(),
  });
};

const safe = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };
const text = fc.string({ maxLength: 40 });
const bytes = fc.uint8Array({ maxLength: 50 });
const inner = fc.record(
  { A: fc.integer(safe), B: text.filter((of) => of !== "") },
  { requiredKeys: ["A"], noNullPrototype: true },
);
const values = fc.record(
  {
    Bool: fc.boolean(),
    Int: fc.integer(safe),
    Int8: fc.integer({ min: -128, max: 127 }),
    Int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    Safe: fc.integer(safe),
    Uint: fc.integer({ min: 0, max: safe.max }),
    Uint16: fc.integer({ min: 0, max: 65_535 }),
    Uint64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    F32: fc.float({ noNaN: true }).map((of) => of + 0),
    F64: fc.double({ noNaN: true }).map((of) => of + 0),
    C: fc.double({ noNaN: true }).map((re) => ({ re, im: 1 })),
    Str: text,
    raw: bytes,
    Bytes: bytes,
    L: fc.array(fc.integer(safe)),
    M: fc.array(fc.tuple(text, fc.integer(safe))).map((of) => new Map(of)),
    Inner: inner,
    P: inner,
    Opt: fc.integer({ min: 1, max: safe.max }),
    T: fc.constant(new Date(5)).map((of) => time().decode(time().encode(of))),
    I: fc.oneof(text, fc.boolean(), fc.constant(null)),
    E: fc.constant(undefined),
  },
  {
    requiredKeys: [
      "Bool",
      "Int",
      "Int8",
      "Int64",
      "Safe",
      "Uint",
      "Uint16",
      "Uint64",
      "F32",
      "F64",
      "C",
      "Str",
      "raw",
      "Bytes",
      "L",
      "M",
      "Inner",
      "T",
      "I",
      "E",
    ],
    noNullPrototype: true,
  },
);

const [sample] = fc.sample(values, { numRuns: 1, seed: 1 });

/** A schema whose code has been made, by use. */
function warm<S extends s.AnySchema>(
  schema: S,
  value: unknown = sample,
): { encoder: Encoder; decoder: Decoder } {
  const encoder = new Encoder();
  const decoder = new Decoder();
  for (let i = 0; i <= HOT_CALLS; i++) {
    decoder.push(encoder.encode(schema, value as never));
    whole(decoder.tryDecode(schema));
  }
  return { encoder, decoder };
}

test("[GOB-13] generated code writes and reads what the loop does", () => {
  const hot = make();
  const { encoder, decoder } = warm(hot);
  fc.assert(
    fc.property(values, (value) => {
      const message = encoder.encode(hot, value as never);
      // A schema of its own has never been used, so it is still interpreted.
      const cold = make();
      const first = new Encoder().encode(cold, value as never);
      assert.ok(hex(first).endsWith(hex(message).slice(8)));
      decoder.push(message);
      const out = whole(decoder.tryDecode(hot));
      const coldDecoder = new Decoder();
      coldDecoder.push(first);
      assert.deepEqual(out, whole(coldDecoder.tryDecode(make())));
      assert.deepEqual(out, value);
      assert.deepEqual(Object.keys(out), Object.keys(whole(decodeCold(first))));
    }),
    { numRuns: 60 },
  );
});

function decodeCold(bytes: Uint8Array) {
  const decoder = new Decoder();
  decoder.push(bytes);
  return decoder.tryDecode(make());
}

test("[GOB-1] [GOB-2] generated code writes and reads numbers of every size as the loop does", () => {
  const make = () =>
    s.struct("Sizes", { I: s.int(), I32: s.int32(), U: s.uint(), U32: s.uint32(), S: s.int16() });
  const hot = make();
  const { encoder, decoder } = warm(hot, { I: 1, I32: 1, U: 1, U32: 1, S: 1 });
  const edges = Array.from({ length: 54 }, (_, k) => [
    Math.max(2 ** k - 1, 1),
    2 ** k,
    2 ** k + 1,
  ]).flat();
  const clamp = (of: number, max: number) => Math.min(of, max);
  for (const edge of edges) {
    const U = clamp(edge, Number.MAX_SAFE_INTEGER);
    for (const sign of [1, -1]) {
      const value = {
        I: sign * U,
        I32: sign * clamp(edge, 2 ** 31 - 1),
        U,
        U32: clamp(edge, 2 ** 32 - 1),
        S: sign * clamp(edge, 2 ** 15 - 1),
      };
      const bytes = encoder.encode(hot, value);
      const cold = new Encoder();
      const fresh = make();
      cold.encode(fresh, value);
      // The types went ahead on both streams, under the same id.
      assert.deepEqual(bytes, cold.encode(fresh, value));
      decoder.push(bytes);
      assert.deepEqual(whole(decoder.tryDecode(hot)), value);
    }
  }
});

test("[GOB-31] generated code refuses what the loop refuses, in the same words", () => {
  const hot = make();
  const { encoder } = warm(hot);
  const [good] = fc.sample(values, { numRuns: 1, seed: 2 });
  const wrong: Record<string, unknown[]> = {
    Bool: [1, null],
    Int: ["1", 0.5, 2 ** 53, 5n, null, Number.NaN],
    Int8: [128, -129, 1n, 0.5],
    Int64: [5, 0],
    Safe: [2n ** 63n, "1"],
    Uint: [-1, 2 ** 53, 1.5, 5n],
    Uint16: [65_536, -1, 1n],
    F32: [1e39, "x", 5n, Symbol("x"), { valueOf: () => 1 }],
    F64: ["x", null, 5n],
    Str: [1, null],
    L: [{}, [1, "2"]],
    Inner: [null, [], { A: "x" }],
    P: [5],
    I: [Symbol("x"), () => 1],
  };
  for (const [key, list] of Object.entries(wrong)) {
    for (const of of list) {
      const value = { ...(good as object), [key]: of } as never;
      const message = messageOf(() => encoder.append(hot, value));
      assert.match(message, new RegExp(`^gob: All\\.${key}`));
      assert.equal(
        message,
        messageOf(() => new Encoder().append(make(), value)),
      );
    }
  }
  for (const of of [null, undefined, 5, [], "x"]) {
    assert.equal(
      messageOf(() => encoder.append(hot, of as never)),
      messageOf(() => new Encoder().append(make(), of as never)),
    );
  }
  const bytes = encoder.encode(hot, good as never);
  assert.ok(bytes.length > 0);
});

function messageOf(run: () => void): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return "no error";
}

test("[GOB-24] generated code merges and skips as the loop does", () => {
  const From = s.struct("S", {
    X: s.int(),
    Skip: s.slice(s.string()),
    Y: s.int(),
    L: s.slice(s.int()),
  });
  const To = s.struct("S", { X: s.int(), Y: s.int(), Z: s.slice(s.int()), L: s.slice(s.int()) });
  const encoder = new Encoder();
  const decoder = new Decoder();
  for (let i = 0; i < HOT_CALLS + 20; i++) {
    decoder.push(encoder.encode(From, { X: i % 3, Skip: ["a"], Y: 0, L: i % 2 === 0 ? [] : [i] }));
    const into = i % 5 === 0 ? { X: 50, Y: 60, Z: [7], L: [] } : undefined;
    const fresh = { X: i % 3, Y: 0, Z: [], L: i % 2 === 0 ? [] : [i] };
    const merged = { X: i % 3 || 50, Y: 60, Z: [7], L: i % 2 === 0 ? [] : [i] };
    assert.deepEqual(whole(decoder.tryDecode(To, into)), into === undefined ? fresh : merged);
  }
});

test("[GOB-13] generated code refuses fields out of bounds", () => {
  const Point = s.struct("Point", { X: s.int(), Y: s.int() });
  const encoder = new Encoder();
  const decoder = new Decoder();
  for (let i = 0; i <= HOT_CALLS; i++) {
    decoder.push(encoder.encode(Point, { X: 1, Y: 1 }));
    whole(decoder.tryDecode(Point));
  }
  decoder.push(unhex("05ff80032c00"));
  assert.throws(() => decoder.tryDecode(Point), /Point\.field 2|field numbers out of bounds/);
  decoder.push(unhex("07ff80010201040003ff8000"));
  assert.throws(() => decoder.tryDecode(s.int()), { code: "type-mismatch" });
  assert.deepEqual(decoder.tryDecode(Point), { X: 0, Y: 0 });
});

test("structs of very many fields stay with the loop", () => {
  const fields = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`F${i}`, s.int()]));
  const Wide = s.struct("Wide", fields);
  const value = Object.fromEntries(Object.keys(fields).map((key, i) => [key, i]));
  const encoder = new Encoder();
  const decoder = new Decoder();
  for (let i = 0; i < HOT_CALLS + 5; i++) {
    decoder.push(encoder.encode(Wide, value as never));
    assert.deepEqual(whole(decoder.tryDecode(Wide)), value);
  }
});

test("where code generation is disallowed the loop stays", () => {
  const flags = ["--disallow-code-generation-from-strings", "--import", "tsx"];
  const script = fileURLToPath(new URL("no-eval.ts", import.meta.url));
  const run = spawnSync(process.execPath, [...flags, script], { encoding: "utf8" });
  assert.equal(run.stderr.replaceAll(/^npm warn.*$/gm, "").trim(), "");
  assert.equal(run.stdout.trim(), "300 points");
});
