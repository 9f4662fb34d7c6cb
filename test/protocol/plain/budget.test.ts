/** [NETRPC-18] The values that a schema makes of a message count, as well as its parsed nodes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NEED_MORE } from "../../../protocol/bytes/need-more.js";
import { JsonDecoder } from "../../../protocol/json/stream.js";
import { MsgpackDecoder, MsgpackEncoder } from "../../../protocol/msgpack/stream.js";
import * as s from "../../../protocol/schema/index.js";
import { charged, PARTS, readsOf, takenIf } from "../../helpers/charged.js";

const LIMIT = { code: "limit", message: /maxValueBytes 1000000 of memory/ };
const bools = s.slice(s.bool());
const many = new Array<boolean>(50_000).fill(true);

test("[NETRPC-18] msgpack: values with their types count more than plain ones, and the stream goes on", () => {
  const encoder = new MsgpackEncoder();
  encoder.append(bools, many);
  encoder.append(bools, many);
  const decoder = new MsgpackDecoder({ maxValueBytes: 1_000_000 });
  decoder.push(encoder.take());
  assert.throws(() => decoder.tryDecode(s.dynamic()), LIMIT);
  assert.deepEqual(decoder.tryDecode(s.any()), many);
  assert.equal(decoder.isBroken, false);
});

test("[NETRPC-18] JSON: texts that become bytes count, and the stream goes on", () => {
  const decoder = new JsonDecoder({ maxValueBytes: 1_000_000 });
  const line = JSON.stringify({ v: new Array(5000).fill("") });
  decoder.push(Buffer.from(`${line}\n${line}\n`));
  const next = (schema: s.AnySchema) => {
    const members = decoder.tryMembers();
    assert.notEqual(members, NEED_MORE);
    return decoder.parse(schema, (members as Map<string, string>).get("v"));
  };
  assert.throws(() => next(s.slice(s.bytes())), LIMIT);
  assert.equal((next(s.slice(s.string())) as unknown[]).length, 5000);
});

const SHOWN =
  /^(bool|float64|empty (bytes|list|map|record)|map of 100|struct of 10 (ints|absent bytes|structs)|string of 8)/;
for (const part of PARTS.filter(({ name }) => SHOWN.test(name))) {
  test(`[NETRPC-18] at least what is taken is counted: ${part.name}`, async () => {
    const few = readsOf(part, 300);
    for (const [how, read] of readsOf(part, 3000)) {
      if (how.startsWith("gob")) continue;
      const got = charged(few.get(how)!) / 300;
      const wanted = (bytes: number) => bytes / 3000 - part.content;
      const isEnough = (bytes: number) => got > 0.75 * wanted(bytes) - 100;
      const bytes = await takenIf(read, isEnough);
      const facts = `${got.toFixed(0)} bytes counted, ${wanted(bytes).toFixed(0)} taken`;
      assert.ok(isEnough(bytes), `${how}: ${facts}`);
    }
  });
}
