/** [GOB-38] Keys in msgpack and JSON that a schema makes one: all entries survive, or decoding fails by name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { JsonDecoder } from "../../../protocol/json/stream.js";
import { MsgpackDecoder } from "../../../protocol/msgpack/stream.js";
import * as s from "../../../protocol/schema/index.js";

function msgpack(schema: s.AnySchema, hex: string): unknown {
  const decoder = new MsgpackDecoder();
  decoder.push(Buffer.from(hex, "hex"));
  return decoder.tryDecode(schema);
}
const json = (schema: s.AnySchema, text: string) => new JsonDecoder().parse(schema, text);

const REFUSED = { code: "type-mismatch", reason: "keys" };
const lower = s.codec({
  wire: s.string(),
  encode: (of: string) => of,
  decode: (of) => of.toLowerCase(),
});
const byInt = s.map(s.int(), s.bool());

const TWINS: readonly (readonly [what: string, schema: s.AnySchema, hex: string])[] = [
  ['1 and "1"', byInt, "8201c3a131c2"],
  ["int 1 and uint 1", byInt, "8201c3cc01c2"],
  ["int 1 and float 1.0", byInt, "8201c3cb3ff0000000000000c2"],
  ["float32 and float64", s.map(s.float64(), s.bool()), "82ca3f800000c3cb3ff0000000000000c2"],
  [
    "doubles that are one float32",
    s.map(s.float32(), s.bool()),
    "82cb3fb999999999999ac3cb3fb999999999999bc2",
  ],
  ["NaN and NaN", s.map(s.float64(), s.bool()), "82cb7ff8000000000000c3cb7ff8000000000000c2"],
  ["texts that a codec makes one", s.map(lower, s.bool()), "82a141c3a161c2"],
  ["1 and 1.0 without a schema", s.any(), "8201c3cb3ff0000000000000c2"],
];
for (const [what, schema, hex] of TWINS) {
  test(`[GOB-38] [NETRPC-33] msgpack keys ${what} are refused`, () => {
    assert.throws(() => msgpack(schema, hex), REFUSED);
    const list = s.slice(schema);
    assert.throws(() => msgpack(list, `91${hex}`), { ...REFUSED, path: /^\[0\]/ });
    assert.equal((msgpack(s.map(s.dynamic(), s.bool()), hex) as Map<unknown, unknown>).size, 2);
  });
}

test("[NETRPC-33] keys that are the same on the wire are no loss: the last one counts, as in Go", () => {
  assert.deepEqual(msgpack(byInt, "8201c301c2"), new Map([[1, false]]));
  assert.deepEqual(msgpack(byInt, "82cc01c3cc01c2"), new Map([[1, false]]));
  assert.deepEqual(
    { ...(msgpack(s.record(s.bool()), "82a161c3c40161c2") as object) },
    { a: false },
  );
  assert.deepEqual(json(s.map(s.string(), s.int()), '{"a":1,"a":2}'), new Map([["a", 2]]));
});

test("[GOB-38] JSON keys that are one integer are refused", () => {
  assert.throws(() => json(byInt, '{"1":true,"01":false}'), REFUSED);
  assert.deepEqual(
    json(byInt, '{"1":true,"2":false}'),
    new Map([
      [1, true],
      [2, false],
    ]),
  );
});

test("[GOB-38] no name of a key is special", () => {
  const record = msgpack(
    s.record(s.int()),
    "83a95f5f70726f746f5f5f01a8746f537472696e670200a13103".replace("0200", "02"),
  );
  assert.deepEqual(Object.keys(record as object), ["1", "__proto__", "toString"]);
});
