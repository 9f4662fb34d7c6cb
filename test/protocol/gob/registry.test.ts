/** Names of types behind interfaces. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "../../../protocol/gob/index.js";
import type { AnySchema } from "../../../protocol/schema/index.js";
import * as s from "../../../protocol/schema/index.js";
import { encode, hex, refusesValue } from "./helpers.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });

test("[GOB-28] a struct behind an interface needs a registered name", () => {
  const value = s.value(Point, { X: 1, Y: 2 });
  refusesValue(
    s.any(),
    value,
    { code: "not-registered" },
    /^gob: type not registered for interface: Point \(use named/,
  );
  refusesValue(
    s.any(),
    s.value(s.slice(Point), []),
    { code: "not-registered" },
    /interface: \[\]Point/,
  );
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
