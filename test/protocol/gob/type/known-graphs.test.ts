/** Streams that share what was compiled for equal definitions, and streams that only look alike. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Encoder, Registry } from "../../../../protocol/gob/index.js";
import { keepDefinition, settle } from "../../../../protocol/gob/type/known-graphs.js";
import { TypeTable } from "../../../../protocol/gob/type/type-table.js";
import { type WireType, wireType } from "../../../../protocol/gob/type/wire-type.js";
import * as s from "../../../../protocol/schema/index.js";
import { heldBytes } from "../../../helpers/memory.js";
import { decoderOf, whole } from "../helpers.js";

const structOf = (id: number, ...parts: number[]) =>
  wireType(
    keepDefinition(`${id} struct of ${parts}`, {
      kind: "struct",
      fields: parts.map((part, i) => ({ name: `F${i}`, id: part })),
    }),
    id,
  );

const INT = 2;
const STRING = 6;

function tableOf(...types: WireType[]): TypeTable {
  const table = new TypeTable();
  for (const type of types) table.add(type);
  return table;
}

test("a stream with the same definitions takes over the types of an earlier one, recursive types included", () => {
  const make = () => tableOf(structOf(64, 65, 64), structOf(65, INT));
  const earlier = make();
  const root = settle(earlier, earlier.get(64)!);
  const later = make();
  const stale = later.get(64)!;
  assert.equal(settle(later, stale), root);
  assert.equal(settle(later, stale), root);
  assert.equal(later.get(64), root);
  assert.equal(later.get(65), earlier.get(65));
});

test("a type below that differs makes another type, wherever it is", () => {
  const one = tableOf(structOf(70, 71), structOf(71, 72), structOf(72, INT));
  const other = tableOf(structOf(70, 71), structOf(71, 72), structOf(72, STRING));
  assert.notEqual(settle(one, one.get(70)!), settle(other, other.get(70)!));
  // The part alone is known before the type around it.
  const third = tableOf(structOf(70, 71), structOf(71, 72), structOf(72, STRING));
  settle(third, third.get(72)!);
  const root = settle(third, third.get(70)!);
  assert.notEqual(root, one.get(70));
  assert.equal(third.get(72)!.fields[0]!.id, STRING);
});

test("a type with a part that is not defined yet is not shared", () => {
  const one = tableOf(structOf(80, 81));
  assert.equal(settle(one, one.get(80)!).settled, 0);
  one.add(structOf(81, INT));
  assert.ok(settle(one, one.get(80)!).settled > 0);
});

test("[GOB-9] two streams use one id for different types, in turns", () => {
  const A = s.struct("T", { In: s.struct("In", { X: s.int() }) });
  const B = s.struct("T", { In: s.struct("In", { X: s.string() }) });
  const C = s.struct("T", { In: s.optional(s.struct("In", {})), Y: s.int() });
  const values = [
    [A, { In: { X: 5 } }],
    [B, { In: { X: "five" } }],
    [C, { In: {}, Y: 5 }],
  ] as const;
  for (let round = 0; round < 3; round++) {
    for (const [schema, value] of values) {
      const stream = new Encoder().encode(schema as s.AnySchema, value as never);
      assert.deepEqual(whole(decoderOf(stream).tryDecode(schema as s.AnySchema)), value);
      assert.deepEqual(whole(decoderOf(stream).tryDecodeAny()).value, value);
    }
  }
});

test("[GOB-28] two streams with different registries read the same definitions", () => {
  const Loud = s.codec({
    wire: s.string(),
    encode: (text: string) => text,
    decode: (text) => `${text}!`,
  });
  const Value = s.named("main.V", s.string());
  const stream = new Encoder().encode(s.slice(s.any()), [s.value(Value, "a")]);
  const plain = () => whole(decoderOf(stream).tryDecode(s.slice(s.dynamic())))[0];
  assert.equal(plain()?.value, "a");
  const registry = new Registry().register("main.V", Loud);
  assert.deepEqual(whole(decoderOf(stream, { registry }).tryDecode(s.slice(s.any()))), ["a!"]);
  assert.equal(plain()?.value, "a");
});

test("[GOB-33] a peer that defines types without end does not fill the memory", async () => {
  const run = (from: number) => {
    for (let i = from; i < from + 60_000; i++) {
      const table = tableOf(
        structOf(64, 65, 65 + (i % 3)),
        structOf(65, INT),
        structOf(66, INT),
        structOf(67, INT),
      );
      table.replace(wireType(keepDefinition(`64 number ${i}`, { kind: "slice", elem: 65 }), 64));
      settle(table, table.get(64)!);
    }
  };
  run(0);
  const before = await heldBytes();
  run(1_000_000);
  const after = await heldBytes();
  assert.ok(after.heap - before.heap < 15e6, `${after.heap - before.heap} bytes`);
});
