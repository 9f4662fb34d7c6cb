/** [NETRPC-17] Values of another kind than the schema's, in msgpack and JSON: the error says what was wanted and what came. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CodecError } from "../../../protocol/errors.js";
import { JsonDecoder } from "../../../protocol/json/stream.js";
import { MsgpackDecoder, MsgpackEncoder } from "../../../protocol/msgpack/stream.js";
import * as s from "../../../protocol/schema/index.js";

const Wanted = s.struct("Wanted", {
  List: s.slice(s.struct("In", { N: s.int() })),
  Pair: s.array(2, s.int()),
});
const CASES = [
  [
    s.struct("W", { List: s.slice(s.struct("In", { N: s.string() })), Pair: s.slice(s.int()) }),
    { List: [{ N: "x" }], Pair: [1, 2] },
    { path: "Wanted.List[0].N", reason: "kind", typeName: "int", got: "string" },
  ],
  [
    s.struct("W", { List: s.slice(s.int()), Pair: s.slice(s.int()) }),
    { List: [5], Pair: [1, 2] },
    { path: "Wanted.List[0]", reason: "kind", typeName: "In", got: "number 5" },
  ],
  [
    s.struct("W", { List: s.slice(s.int()), Pair: s.slice(s.int()) }),
    { List: [], Pair: [1] },
    { path: "Wanted.Pair", reason: "length", typeName: "array", got: "1 elements" },
  ],
] as const;

for (const [sent, value, want] of CASES) {
  const check = (error: unknown): true => {
    assert.ok(error instanceof CodecError);
    const { path, reason, typeName, got, code } = error;
    assert.equal(code, "type-mismatch");
    assert.deepEqual({ path, reason, typeName, got }, want);
    return true;
  };
  test(`[NETRPC-17] ${want.got} at ${want.path}: ${want.reason}`, () => {
    const encoder = new MsgpackEncoder();
    encoder.append(sent, value);
    const decoder = new MsgpackDecoder();
    decoder.push(encoder.take());
    assert.throws(() => decoder.tryDecode(Wanted), check);
    assert.throws(() => new JsonDecoder().parse(Wanted, JSON.stringify(value)), check);
  });
}
