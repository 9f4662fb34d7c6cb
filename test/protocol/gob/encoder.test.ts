/** What an encoder remembers of its stream, and what it forgets when a value fails. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Encoder, Registry } from "../../../protocol/gob/index.js";
import * as s from "../../../protocol/schema/index.js";
import { decode, decoderOf, encode, hex } from "./helpers.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });

const Inner = s.named("main.Inner", s.struct("Inner", { K: s.string() }));

const Holder = s.named("main.Holder", s.struct("Holder", { V: s.any() }));

const POINT = "1e7f03010105506f696e7401ff80000102010158010400010159010400000007ff80012c014200";

test("[GOB-9] a type is defined once per stream", () => {
  const encoder = new Encoder();
  assert.equal(hex(encoder.encode(Point, { X: 22, Y: 33 })), POINT);
  assert.equal(hex(encoder.encode(Point, { X: 1, Y: 0 })), "05ff80010200");
});

test("[GOB-31] a value that fails leaves the pending bytes and the known types alone", () => {
  const encoder = new Encoder();
  encoder.append(s.int(), 1);
  assert.throws(() => encoder.append(Point, { X: 1, Y: 0.5 }), { code: "bad-value" });
  assert.throws(() => encoder.append(s.slice(Point), [{ X: 1, Y: 1 }, null as never]));
  encoder.append(Point, { X: 22, Y: 33 });
  assert.equal(hex(encoder.take()), `03040002${POINT}`);
  assert.equal(hex(encoder.encode(Point, { X: 1, Y: 0 })).length, 12);
});

test("[GOB-31] what failed is defined when it is tried again", () => {
  const encoder = new Encoder();
  assert.throws(() => encoder.append(Point, { X: null } as never));
  assert.match(hex(encoder.encode(Point, { X: 22, Y: 33 })), /^1e7f0301/);
});

test("[GOB-31] discard drops pending bytes and the definitions in them, not those taken", () => {
  const encoder = new Encoder();
  encoder.encode(s.slice(s.int()), [1]);
  encoder.append(s.slice(s.int()), [2]);
  encoder.append(Point, { X: 1, Y: 1 });
  encoder.discard();
  assert.equal(encoder.take().length, 0);
  assert.equal(encoder.encode(s.slice(s.int()), [1]).length, 6);
  assert.ok(encoder.encode(Point, { X: 1, Y: 1 }).length > 30);
  encoder.discard();
});

test("[GOB-29] definitions first met behind an interface go before the value", () => {
  const value = { V: s.value(Holder, { V: s.value(Inner, { K: "deep" }) }) };
  const bytes = encode(Holder, value);
  const decoder = decoderOf(bytes);
  assert.equal(decoder.trySkip(), true);
  const order = ["Holder", "Inner"].map((name) => decoder.describeTypes().indexOf(`type ${name}`));
  assert.ok(order[0]! < order[1]!);
  const lengths = [];
  for (let at = 0; at < bytes.length; at += 1 + bytes[at]!) lengths.push(bytes[at]);
  assert.equal(lengths.length, 3, "two definitions and one message for the value");
  const out = decode(Holder, bytes, { registry: new Registry().register("main.Holder", Holder) });
  assert.match(JSON.stringify(out), /deep/);
});

test("[GOB-29] [GOB-31] a failure behind an interface takes hoisted definitions back", () => {
  const encoder = new Encoder();
  const bad = s.value(Inner, { K: 5 as never });
  assert.throws(() => encoder.append(Holder, { V: bad }), /Holder\.V\.\(Inner\)\.K: want string/);
  const bytes = encoder.encode(Holder, { V: s.value(Inner, { K: "k" }) });
  assert.ok(hex(bytes).includes(Buffer.from("Inner").toString("hex")));
  const again = encoder.encode(Holder, { V: s.value(Inner, { K: "k" }) });
  assert.equal(again.length, 1 + 2 + 1 + 11 + 2 + 1 + 4 + 1);
});

test("[GOB-33] types per stream are limited", () => {
  const encoder = new Encoder({ maxTypes: 3 });
  for (let length = 0; length < 3; length++) {
    encoder.append(s.array(length, s.int()), new Array(length).fill(0));
  }
  const want = { code: "limit", message: /more types than maxTypes \(3\); create schemas once/ };
  assert.throws(() => encoder.append(s.array(3, s.int()), [0, 0, 0]), want);
  encoder.append(s.array(2, s.int()), [0, 0]);
});
