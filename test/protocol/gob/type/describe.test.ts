/** Types as Go source: those of a schema, and those of a stream. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { describe, duration, Encoder, ipNet, time } from "../../../../protocol/gob/index.js";
import type { AnySchema } from "../../../../protocol/schema/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { decoderOf, unhex } from "../helpers.js";

const Point = s.struct("main.Point", { X: s.int(), Y: s.int() });

const points = Array.from({ length: 20 }, (_, i) => ({ X: i, Y: -1 - i }));

test("a schema is described as Go source", () => {
  const Node: AnySchema = s.struct("main.Node", {
    Id: s.int64(),
    Celsius: s.named("main.Celsius", s.float32()),
    Next: s.optional(s.lazy(() => Node)),
    Points: s.map(s.string(), s.slice(Point)),
    Any: s.any(),
    Raw: s.bytes(),
    When: time(),
    For: duration(),
    Mask: ipNet(),
    Inline: s.struct("", { A: s.array(2, s.bool()) }),
    None: s.empty(),
    Twin: s.struct("other.Point", { Z: s.int8() }),
  });
  const source = [
    "type Node struct {",
    "\tId      int64",
    "\tCelsius Celsius",
    "\tNext    *Node",
    "\tPoints  map[string][]Point",
    "\tAny     any",
    "\tRaw     []byte",
    "\tWhen    time.Time",
    "\tFor     time.Duration",
    "\tMask    net.IPNet",
    "\tInline  Anonymous",
    "\tNone    struct{}",
    "\tTwin    Point2",
    "}",
    "",
    "type Celsius float32",
    "",
    "type Point struct {",
    "\tX int",
    "\tY int",
    "}",
    "",
    "type Anonymous struct {",
    "\tA [2]bool",
    "}",
    "",
    "type Point2 struct {",
    "\tZ int8",
    "}",
    "",
  ];
  assert.equal(describe(Node), source.join("\n"));
  assert.equal(
    describe(s.map(s.string(), s.slice(s.optional(s.uint16())))),
    "map[string][]*uint16",
  );
  assert.throws(() => describe({ kind: "nonsense" }), /not a schema/);
});

test("the types of a stream are described as Go source", () => {
  const encoder = new Encoder();
  encoder.append(s.slice(Point), points);
  encoder.append(s.struct("Point", { Z: s.map(s.string(), time()), E: s.empty() }), {
    Z: new Map(),
    E: undefined,
  });
  encoder.append(s.named("main.Pair", s.array(2, s.any())), [null, null]);
  const decoder = decoderOf(encoder.take());
  assert.equal(decoder.describeTypes(), "");
  while (decoder.bufferedBytes > 0) decoder.trySkip();
  const text = decoder.describeTypes();
  for (const part of [
    "// 65: []Point",
    "// 64\ntype Point struct {\n\tX int\n\tY int\n}",
    "type Point_66 struct {\n\tZ map[string]Type67\n\tE Type69\n}",
    "type Type67 struct{} // brings its own bytes: GobEncode",
    "type Pair [2]any",
    "type Type69 struct{}",
  ]) {
    assert.ok(text.includes(part), `${part}\n--\n${text}`);
  }
});

test("types that are not defined, or without end, are described as far as they go", () => {
  const decoder = decoderOf(
    unhex("0dff81020102ff820001ffd00000 0dff83020102ff840001ff840000 0aff8503010102412d00"),
  );
  assert.throws(() => decoder.trySkip());
  assert.match(decoder.describeTypes(), /undefined type 104/);
  assert.match(decoder.describeTypes(), /…/);
});
