/** Ids and names of types, as Go gives them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TypeRegistry } from "../../../../protocol/gob/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { encode, hex } from "../helpers.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });

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
