/** One Go type written as several schemas. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Encoder } from "../../../../protocol/gob/index.js";
import type { AnySchema } from "../../../../protocol/schema/index.js";
import * as s from "../../../../protocol/schema/index.js";

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
