/** UUIDs, JSON in bytes, and go-plugin's BasicError. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { basicError, rawMessage, uuid } from "../../../../protocol/gob/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { encode, through, unhex } from "../helpers.js";

test("[GOB-36] UUIDs are texts", () => {
  const id = "00010203-0405-0607-0809-0a0b0c0d0e0f";
  assert.equal(through(uuid(), id, uuid()), id);
  assert.equal(through(uuid(), id.toUpperCase(), uuid()), id);
  assert.equal(uuid("a.UUID"), uuid("a.UUID"));
  const zero = "00000000-0000-0000-0000-000000000000";
  const S = s.struct("S", { ID: uuid(), N: s.int() });
  assert.deepEqual(through(S, { ID: zero, N: 1 }, S), { ID: zero, N: 1 });
  assert.equal(encode(S, { ID: zero, N: 1 }).length, encode(S, { ID: id, N: 1 }).length - 18);
  assert.throws(() => encode(uuid(), "no"), { code: "bad-value", message: /not a UUID: "no"/ });
  assert.throws(() => uuid().decode(unhex("01")), { code: "corrupt" });
});

test("JSON in bytes is a value", () => {
  const value = { a: [1, null, "x"] };
  assert.deepEqual(through(rawMessage(), value, rawMessage()), value);
  assert.equal(
    Buffer.from(through(rawMessage(), value, s.bytes())).toString(),
    '{"a":[1,null,"x"]}',
  );
  assert.equal(through(rawMessage(), undefined, rawMessage()), undefined);
  assert.equal(through(rawMessage(), null, rawMessage()), null);
  assert.throws(() => encode(rawMessage(), () => 1), { code: "bad-value" });
  assert.throws(() => through(s.bytes(), unhex("7b"), rawMessage()), { code: "codec-failed" });
});

test("a BasicError is data in a field, and an error behind an interface", () => {
  const Reply = s.struct("Reply", { Val: s.string(), Error: s.optional(basicError()) });
  assert.deepEqual(through(Reply, { Val: "v" }, Reply), { Val: "v" });
  const failed = { Val: "", Error: { Message: "bad" } };
  assert.deepEqual(through(Reply, failed, Reply), failed);
  const bytes = Buffer.from(encode(s.any(), s.value(basicError(), { Message: "bad" })));
  assert.ok(bytes.includes("*plugin.BasicError"));
});
