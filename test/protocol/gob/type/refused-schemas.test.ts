/** Schemas that stand for no Go type. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnySchema } from "../../../../protocol/schema/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { encode, refusesValue } from "../helpers.js";

test("[GOB-14] names that Go does not export are refused, with a hint", () => {
  const hint = /Go does not export userId; name it: field\("UserId", …\)/;
  refusesValue(s.struct("Job", { userId: s.int() }), { userId: 1 }, { code: "bad-value" }, hint);
  refusesValue(
    s.struct("Job", { A: s.int(), b: s.field("A", s.int()) }),
    {},
    { code: "bad-value" },
    /two fields of one Go name/,
  );
});

test("[GOB-31] objects that are not schemas are refused", () => {
  refusesValue(
    { kind: "nonsense" },
    1,
    { code: "bad-value" },
    /not a schema that gob knows: nonsense/,
  );
  const loop: AnySchema = s.lazy(() => loop);
  refusesValue(loop, 1, { code: "bad-value" }, /schema refers only to itself/);
  const pointer: AnySchema = s.optional(s.lazy(() => pointer));
  refusesValue(pointer, 1, { code: "bad-value" }, /can't represent recursive pointer type/);
});

test("[GOB-31] a schema that was refused is refused again, also as a part of another", () => {
  const inner: AnySchema = s.struct("Inner", { Up: s.optional(s.lazy(() => outer)) });
  const outer: AnySchema = s.struct("Outer", { In: inner, bad: s.int() });
  for (const schema of [outer, inner, outer]) {
    assert.throws(() => encode(schema, { In: {}, bad: 1 } as never), { code: "bad-value" });
  }
});
