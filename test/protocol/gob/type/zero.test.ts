/** The zeros of fields that did not arrive. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Decoder, Encoder } from "../../../../protocol/gob/index.js";
import type { AnySchema } from "../../../../protocol/schema/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { encode, refusesBytes, through, whole } from "../helpers.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });

test("[GOB-17] fields that do not arrive have the zero of their schema", () => {
  const Sender = s.struct("Sender", { A: s.int() });
  const Receiver = s.struct("Receiver", {
    A: s.int(),
    Bool: s.bool(),
    Big: s.uint64(),
    Float: s.float32(),
    Complex: s.complex64(),
    String: s.string(),
    Raw: s.rawString(),
    Bytes: s.bytes(),
    Slice: s.slice(s.int()),
    Array: s.array(2, s.array(2, s.bool())),
    Map: s.map(s.string(), s.int()),
    Record: s.record(s.int()),
    Optional: s.optional(s.int()),
    Any: s.any(),
    Dynamic: s.dynamic(),
    Nested: s.struct("", { X: s.int(), P: s.optional(Point), Q: Point }),
    Empty: s.empty(),
    Lazy: s.lazy(() => s.named("main.Strings", s.slice(s.string()))),
    Opaque: s.opaque("main.Opaque"),
  });
  const record: Record<string, number> = Object.create(null);
  assert.deepEqual(through(Sender, { A: 1 }, Receiver), {
    A: 1,
    Bool: false,
    Big: 0n,
    Float: 0,
    Complex: { re: 0, im: 0 },
    String: "",
    Raw: new Uint8Array(),
    Bytes: new Uint8Array(),
    Slice: [],
    Array: [
      [false, false],
      [false, false],
    ],
    Map: new Map(),
    Record: record,
    Any: null,
    Dynamic: null,
    Nested: { X: 0, Q: { X: 0, Y: 0 } },
    Empty: undefined,
    Lazy: [],
    Opaque: new Uint8Array(),
  });
});

test("[GOB-17] zeros are made anew for each value, and the same when fields are absent", () => {
  const Box = s.struct("Box", { L: s.slice(s.int()), M: s.map(s.string(), s.int()), N: s.int() });
  const encoder = new Encoder();
  const decoder = new Decoder();
  const seen = [];
  for (let i = 0; i < 150; i++) {
    decoder.push(encoder.encode(Box, { L: i % 2 === 0 ? [i] : [], M: new Map(), N: i }));
    seen.push(whole(decoder.tryDecode(Box)));
  }
  for (const [i, value] of seen.entries()) {
    assert.deepEqual(value, { L: i % 2 === 0 ? [i] : [], M: new Map(), N: i });
    value.L.push(-1);
    assert.deepEqual(Object.keys(value), ["L", "M", "N"]);
  }
});

test("a struct that contains itself is refused", () => {
  const Endless: AnySchema = s.struct("Endless", {
    get Next() {
      return Endless;
    },
  } as object);
  const bytes = encode(s.struct("Endless", { Next: s.struct("", {}) }), { Next: {} });
  refusesBytes(Endless, bytes, { code: "bad-value" }, /struct contains itself/);
});
