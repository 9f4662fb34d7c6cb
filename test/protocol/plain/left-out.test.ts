/** [GOB-49] Keys that are left out, in msgpack and JSON: Go's libraries write all fields, zeros too. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { time, zero } from "../../../protocol/gob/index.js";
import { JsonDecoder, JsonEncoder } from "../../../protocol/json/stream.js";
import { MsgpackDecoder, MsgpackEncoder } from "../../../protocol/msgpack/stream.js";
import * as s from "../../../protocol/schema/index.js";

const Inner = s.struct("Inner", { A: s.int(), B: s.string() });
const T = s.struct("T", {
  Bool: s.bool(),
  Int: s.int(),
  F: s.float64(),
  S: s.string(),
  By: s.bytes(),
  L: s.slice(s.int()),
  Ar: s.array(2, s.int()),
  AB: s.array(2, s.uint8()),
  AI: s.array(1, Inner),
  M: s.map(s.string(), s.int()),
  I: s.any(),
  In: Inner,
  P: s.optional(Inner),
  E: s.empty(),
  Ti: time(),
});

/** What `json.Marshal` gives for the zero of that struct in Go. */
const GO_JSON =
  '{"Bool":false,"Int":0,"F":0,"S":"","By":null,"L":null,"Ar":[0,0],"AB":[0,0],"AI":[{"A":0,"B":""}],' +
  '"M":null,"I":null,"In":{"A":0,"B":""},"P":null,"E":{},"Ti":"0001-01-01T00:00:00Z"}';

const json = <S extends s.AnySchema>(schema: S, value: s.In<S>) =>
  new JsonEncoder().format(schema, value);

function throughMsgpack<S extends s.AnySchema>(schema: S, value: s.In<S>): unknown {
  const encoder = new MsgpackEncoder();
  encoder.append(schema, value);
  const decoder = new MsgpackDecoder();
  decoder.push(encoder.take());
  return decoder.tryDecode(schema);
}

test("[GOB-49] json: a struct of no keys has the text of Go's zero", () => {
  assert.equal(json(T, {}), GO_JSON);
  assert.equal(json(T, { Int: undefined, P: undefined }), GO_JSON);
  assert.equal(json(s.slice(Inner), [{}, { B: "x" }]), '[{"A":0,"B":""},{"A":0,"B":"x"}]');
  assert.deepEqual(new JsonDecoder().parse(T, GO_JSON), zero(T));
});

test("[GOB-49] msgpack: a struct of no keys arrives as the zero of each field", () => {
  assert.deepEqual(throughMsgpack(T, {}), zero(T));
  assert.deepEqual(throughMsgpack(T, { In: { B: "x" }, L: [1] }), {
    ...zero(T),
    In: { A: 0, B: "x" },
    L: [1],
  });
});

test("[GOB-49] a codec is not called for its zero, and one with a value for nil is required", () => {
  const loud = s.codec({
    wire: s.string(),
    encode: (text: string) => text.toUpperCase(),
    decode: (text) => text,
  });
  const id = s.codec({ wire: s.uint32(), absent: 0, encode: (n: number) => n, decode: (n) => n });
  const Box = s.struct("Box", { Loud: loud, Id: id, May: s.optional(id) });
  assert.equal(json(Box, { Id: 1 }), '{"Loud":"","Id":1,"May":0}');
  const refusal = { code: "bad-value", path: "Box.Id", message: /a value is required here/ };
  assert.throws(() => json(Box, {} as never), refusal);
  assert.throws(() => throughMsgpack(Box, {} as never), refusal);
  const Outer = s.struct("Outer", { Box });
  assert.throws(() => json(Outer, {}), { path: "Outer.Box.Id" });
});

test("[NETRPC-12] an optional key that arrives as nil is taken off a value to merge into", () => {
  const Box = s.struct("Box", { P: s.optional(Inner), N: s.int() });
  const parsed = new JsonDecoder().parse(Box, '{"P":null}', undefined, { P: { A: 1 }, N: 2 });
  assert.deepEqual(parsed, { N: 2 });
});
