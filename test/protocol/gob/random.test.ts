/** Schemas and values made at random, and bytes that are nothing at all. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Decoder, Encoder, inspect, NEED_MORE } from "../../../protocol/gob/index.js";
import type { AnySchema } from "../../../protocol/schema/index.js";
import * as s from "../../../protocol/schema/index.js";
import { decode, decoderOf, encode, hex, inChunks, unhex, whole } from "./helpers.js";

/** A schema and values of it, in the form in which they come out. */
interface Kind {
  readonly schema: AnySchema;
  readonly values: fc.Arbitrary<unknown>;
}

const kind = (schema: AnySchema, values: fc.Arbitrary<unknown>): Kind => ({ schema, values });
const safe = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };
const scalars: readonly Kind[] = [
  kind(s.bool(), fc.boolean()),
  kind(s.int(), fc.integer(safe)),
  kind(s.int16(), fc.integer({ min: -32_768, max: 32_767 })),
  kind(s.uint64(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  kind(s.float64(), fc.double()),
  kind(s.string(), fc.string({ unit: "grapheme", maxLength: 60 })),
  kind(s.bytes(), fc.uint8Array({ maxLength: 200 })),
];

function kinds(depth: number): fc.Arbitrary<Kind> {
  const scalar = fc.constantFrom(...scalars);
  if (depth === 0) return scalar;
  const inner = kinds(depth - 1);
  return fc.oneof(
    scalar,
    inner.map(({ schema, values }) => kind(s.slice(schema), fc.array(values, { maxLength: 5 }))),
    fc
      .tuple(inner, fc.integer({ min: 0, max: 3 }))
      .map(([of, length]) =>
        kind(
          s.array(length, of.schema),
          fc.array(of.values, { minLength: length, maxLength: length }),
        ),
      ),
    inner.map(({ schema, values }) =>
      kind(
        s.map(s.string(), schema),
        fc.array(fc.tuple(fc.string(), values), { maxLength: 4 }).map((of) => new Map(of)),
      ),
    ),
    fc.array(inner, { minLength: 1, maxLength: 5 }).map(structOf),
    inner.map(behind),
  );
}

/** Go knows no interface in an interface. */
function behind({ schema, values }: Kind): Kind {
  if (schema.kind === "interface") return { schema, values };
  const typed = values.map((of) => s.value(s.named("main.Dyn", schema), of as never));
  return kind(s.dynamic(), fc.option(typed));
}

function structOf(parts: readonly Kind[]): Kind {
  const entries = parts.map((part, i) => [`F${i}`, part] as const);
  const schemas = Object.fromEntries(entries.map(([key, { schema }]) => [key, schema]));
  const values = Object.fromEntries(entries.map(([key, of]) => [key, of.values]));
  return kind(s.struct("main.S", schemas), fc.record(values, { noNullPrototype: true }));
}

const cases = kinds(3).chain((of) =>
  fc.tuple(fc.constant(of.schema), fc.array(of.values, { minLength: 1, maxLength: 3 })),
);

/** -0 is left out of structs; behind an interface there are no widths, so small integers are numbers. */
function plain(value: unknown): unknown {
  if (value === 0) return 0;
  if (typeof value === "bigint" && value < 2n ** 53n) return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return new Map([...value].map(([key, of]) => [key, plain(of)]));
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  const { kind: of, value: inner } = value as { kind?: string; value?: unknown };
  if (of === "value") return { behind: plain(inner) };
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}

for (const order of ["hoisted", "go"] as const) {
  test(`[GOB-29] any value of any schema comes back, definitions ${order}`, () => {
    fc.assert(
      fc.property(cases, ([schema, values]) => {
        const encoder = new Encoder({ order });
        for (const value of values) encoder.append(schema, value as never);
        const bytes = encoder.take();
        const want = values.map(plain);
        const decoder = decoderOf(bytes);
        const out = values.map(() => whole(decoder.tryDecode(schema)));
        assert.deepEqual(out.map(plain), want);
        assert.deepEqual(inChunks(schema, bytes, 1).map(plain), want);
        const skipper = decoderOf(bytes);
        for (const _ of values) assert.ok(skipper.trySkip());
        assert.equal(skipper.bufferedBytes, 0);
        assert.doesNotMatch(inspect(bytes), /error:/);
      }),
      { numRuns: 150 },
    );
  });
}

test("[GOB-28] any value encodes again to the same bytes without its schema", () => {
  fc.assert(
    fc.property(cases, ([schema, [value]]) => {
      const bytes = encode(schema, value as never);
      const typed = whole(decoderOf(bytes).tryDecodeAny());
      const again = encode(typed.schema, typed.value);
      assert.deepEqual(plain(decode(schema, again)), plain(decode(schema, bytes)));
    }),
    { numRuns: 150 },
  );
});

test("[GOB-37] random bytes give values or errors of ours, and nothing hangs", () => {
  // Behind some types that are well-formed, so that more of the bytes mean something.
  const types = unhex(
    "1fff8103010105506f696e7401ff8200010201015801040001015901100000000cff83020102ff8400011000000fff85040102ff8600010c01ff820000",
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom(0, 1, 2), (noise, way) => {
      const bytes = Buffer.concat([types, Uint8Array.of(noise.length), noise]);
      inspect(bytes);
      const decoder = decoderOf(bytes);
      for (let rounds = 0; rounds < 100; rounds++) {
        try {
          const take = [
            () => decoder.tryDecodeAny(),
            () => decoder.tryDecode(s.any()),
            () => decoder.trySkip(),
          ];
          assert.notEqual(take[way]?.(), NEED_MORE);
        } catch (error) {
          assert.equal((error as Error).name, "CodecError", String((error as Error).stack));
          if (decoder.isBroken || (error as { code: string }).code === "eof") return;
        }
      }
      assert.fail("no end");
    }),
    { numRuns: 2000 },
  );
});

test("[GOB-7] the marker of a value that is not a struct must be 0", () => {
  assert.throws(() => decode(s.int(), "03040106"), {
    code: "corrupt",
    message: /^gob: decode: corrupted data: non-zero delta for singleton/,
  });
  assert.throws(() => decode(s.any(), "0a100003696e740402010a"), /non-zero delta for singleton/);
  assert.equal(hex(encode(s.int(), 3)), "03040006");
});

test("[GOB-19] of equal keys the last counts, and keys may be anything", () => {
  const M = s.map(s.string(), s.int());
  assert.deepEqual(
    decode(M, "0eff81040102ff8200010c010400000aff820002016102016104"),
    new Map([["a", 2]]),
  );
  const Key = s.struct("Key", { A: s.string(), B: s.array(2, s.uint8()) });
  const byStruct = new Map([
    [{ A: "a", B: [1, 200] }, 5],
    [{ A: "b", B: [0, 0] }, 6],
  ]);
  const decoder = new Decoder();
  decoder.push(encode(s.map(Key, s.int()), byStruct));
  assert.deepEqual(decoder.tryDecode(s.map(Key, s.int())), byStruct);
});
