/** What a peer may make a decoder hold. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CodecError } from "../../../../protocol/errors.js";
import { Decoder, Encoder } from "../../../../protocol/gob/index.js";
import type { AnySchema } from "../../../../protocol/schema/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { decode, decoderOf, encode, hex, unhex } from "../helpers.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });

/** Defines Point as type 65. */
const POINT_DEF = "1fff8103010105506f696e7401ff820001020101580104000101590104000000";

test("[GOB-18] [GOB-33] a wrong count allocates nothing", () => {
  const counts = ["fb0fffffffff", "f91fffffffffffff", "fcffffffff"];
  const schemas: AnySchema[] = [
    s.slice(s.int()),
    s.slice(s.uint({ as: "safe" })),
    s.slice(s.float64()),
    s.slice(s.string()),
    s.slice(Point),
    s.slice(s.empty()),
    s.slice(s.slice(s.bool())),
    s.slice(s.any()),
    s.map(s.string(), s.int()),
    s.bytes(),
    s.string(),
    s.opaque("main.T"),
  ];
  for (const schema of schemas) {
    const empty = schema.kind === "map" ? new Map() : schema.kind === "slice" ? [] : "";
    const value = schema.kind === "bytes" || schema.kind === "marshaler" ? unhex("") : empty;
    const good = hex(encode(schema, value as never));
    for (const count of counts) {
      // The value message ends in its count, 00.
      const at = good.lastIndexOf("ff", good.length - 4);
      const start = at > 0 && schema.kind !== "string" && schema.kind !== "bytes" ? at - 2 : 0;
      const body = `${good.slice(start + 2, -2)}${count}0202`;
      const length = (body.length / 2).toString(16).padStart(2, "0");
      const bytes = unhex(good.slice(0, start) + length + body);
      const before = process.memoryUsage().heapUsed;
      assert.throws(() => decode(schema, bytes), CodecError, `${schema.kind} ${count}`);
      assert.throws(() => decoderOf(bytes).trySkip(), CodecError);
      assert.ok(process.memoryUsage().heapUsed - before < 50e6);
    }
  }
});

test("[GOB-33] definitions are limited in number and size", () => {
  const many = new Encoder();
  for (let length = 0; length < 5; length++) {
    many.append(s.array(length, s.int()), new Array(length).fill(0));
  }
  const decoder = new Decoder({ maxTypes: 4 });
  decoder.push(many.take());
  for (let i = 0; i < 4; i++) decoder.trySkip();
  assert.throws(() => decoder.trySkip(), {
    code: "limit",
    message: /more types than maxTypes \(4\)/,
  });
  const few = decoderOf(unhex(POINT_DEF), { maxFields: 1 });
  const want = { code: "limit", message: /struct of 2 fields is beyond maxFields \(1\)/ };
  assert.throws(() => few.tryDecode(Point), want);
});

test("[GOB-33] values nest as deep as maxDepth, and types as well", () => {
  const List: AnySchema = s.struct("List", {
    V: s.int(),
    get Next() {
      return s.optional(List);
    },
  } as object);
  let list: object | undefined;
  for (let i = 0; i < 1000; i++) list = { V: 1, Next: list };
  const bytes = encode(List, list as never);
  const want = { code: "limit", message: /maxDepth \(999\).*invalid nesting depth/ };
  assert.throws(() => decode(List, bytes, { maxDepth: 999 }), want);
  assert.throws(() => decoderOf(bytes, { maxDepth: 999 }).trySkip(), want);
  assert.ok(decode(List, bytes, { maxDepth: 1000 }));
  assert.ok(decoderOf(bytes, { maxDepth: 1000 }).trySkip());
});

test("[GOB-33] a value too deep for the stack is an error, and the stream goes on", () => {
  const Deep: AnySchema = s.named("main.Deep", s.slice(s.lazy(() => Deep)));
  const depth = 3_000_000;
  const head = hex(encode(Deep, [] as never)).slice(0, -10);
  const body = Buffer.concat([unhex("ff8000"), Buffer.alloc(depth, 1), unhex("00")]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const bytes = Buffer.concat([unhex(head), unhex("fc"), length, body, unhex("03040006")]);
  for (const maxDepth of [10_000, 5_000_000]) {
    const decoder = decoderOf(bytes, { maxDepth });
    assert.throws(() => decoder.tryDecode(Deep), { code: "limit", message: /maxDepth/ });
    assert.equal(decoder.tryDecode(s.int()), 3);
  }
});
