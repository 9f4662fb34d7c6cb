/** One Go type written as several schemas. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Encoder } from "../../../../protocol/gob/index.js";
import type { AnySchema } from "../../../../protocol/schema/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { largeType, largeValue, ROLLOUT_TYPES } from "../../../helpers/large-type.js";
import { workOf } from "../../../helpers/work.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });

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

test("[GOB-9] a type of 188 structs that is written twice is defined once", () => {
  const encoder = new Encoder();
  const value = largeValue(ROLLOUT_TYPES) as never;
  const first = encoder.encode(largeType(ROLLOUT_TYPES), value);
  const again = encoder.encode(largeType(ROLLOUT_TYPES), value);
  assert.ok(first.length > 20_000);
  assert.ok(again.length < 300, `${again.length} bytes`);
});

test("[GOB-9] types that differ deep inside are two types, and unnamed ones as well", () => {
  const chain = (end: AnySchema) => {
    let schema = end;
    for (let i = 0; i < 10; i++) schema = s.struct("Link", { Next: s.slice(schema) });
    return schema;
  };
  const encoder = new Encoder();
  encoder.encode(chain(s.int()), { Next: [] } as never);
  const other = encoder.encode(chain(s.string()), { Next: [] } as never);
  assert.ok(other.length > 200);
  assert.ok(encoder.encode(chain(s.string()), { Next: [] } as never).length < 10);
});

test("[GOB-9] many types that are nearly equal are not compared without end", () => {
  const nearly = (i: number) => {
    let schema: AnySchema = s.struct(`End${i}`, { X: s.int() });
    for (let depth = 0; depth < 100; depth++) schema = s.struct("Link", { Next: s.slice(schema) });
    return schema;
  };
  const encoder = new Encoder();
  const work = [0, 1, 2, 3, 4].map((round) =>
    workOf(() => {
      for (let i = 0; i < 8; i++) encoder.encode(nearly(10 * round + i), { Next: [] } as never);
    }),
  );

  assert.ok(Math.max(...work) < 20_000_000, work.join(", "));
});
