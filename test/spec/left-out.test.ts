/** [GOB-49] Go's literals leave zero fields out, and so may our values: the bytes are the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { Encoder, TypeRegistry, zero } from "../../protocol/gob/index.js";
import { fieldsOf } from "../../protocol/schema/fields.js";
import type { AnySchema } from "../../protocol/schema/index.js";
import { bare } from "../../protocol/schema/known.js";
import { GOB_FILES, readVectors, toBytes, toSchema, toValue } from "./notation.js";
import { BYTES_DIFFER, registryOf } from "./streams.js";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** The value without the keys of structs that are zero. `count` is told about each. */
function withoutZeros(schema: AnySchema, value: unknown, count: () => void): unknown {
  const known = bare(schema);
  const part = (of: AnySchema, item: unknown) => withoutZeros(of, item, count);
  switch (known.kind) {
    case "optional":
      return value === undefined ? value : part(known.elem, value);
    case "slice":
    case "array":
      return (value as unknown[]).map((item) => part(known.elem, item));
    case "map":
      return new Map(
        [...(value as Map<unknown, unknown>)].map(([key, item]) => [key, part(known.elem, item)]),
      );
    case "struct": {
      const kept = fieldsOf(known).flatMap(({ key, schema: of }) => {
        const item = (value as Record<string, unknown>)[key];
        if (item === undefined) return [];
        if (!isZero(of, item)) return [[key, part(of, item)] as const];
        count();
        return [];
      });
      return Object.fromEntries(kept);
    }
    default:
      return value;
  }
}

const isZero = (schema: AnySchema, value: unknown): boolean =>
  bare(schema).kind !== "optional" && isDeepStrictEqual(zero(schema), value);

let leftOut = 0;
for (const file of GOB_FILES) {
  for (const vector of readVectors(file)) {
    if (vector.id in BYTES_DIFFER) continue;
    const before = leftOut;
    const values = vector.values.map((typed) => {
      const schema = toSchema(typed.type);
      const value = withoutZeros(schema, toValue(typed, "in"), () => leftOut++);
      return { schema, value };
    });
    if (leftOut === before) continue;
    test(`[GOB-49] ${vector.id} without its ${leftOut - before} zero keys has Go's bytes`, () => {
      const options = { registry: registryOf(vector), order: "go" } as const;
      // The second encoder uses the code that was generated for a struct that is written often.
      for (const times of [1, 150]) {
        let last = "";
        for (let i = 0; i < times; i++) {
          const encoder = new Encoder({ ...options, types: new TypeRegistry({ firstId: 64 }) });
          for (const { schema, value } of values) encoder.append(schema, value as never);
          last = hex(encoder.take());
        }
        assert.equal(last, hex(toBytes(vector.hex)));
      }
    });
  }
}

test("many vectors have zero keys to leave out", () => {
  assert.ok(leftOut > 100, String(leftOut));
});
