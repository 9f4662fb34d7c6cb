/** Gob streams inside the bytes of another. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeGob, encodeGob, gobBytes } from "../../../protocol/gob/index.js";
import * as s from "../../../protocol/schema/index.js";
import { hex, through } from "./helpers.js";

const Point = s.struct("main.Point", { X: s.int(), Y: s.int() });

test("a gob stream travels inside bytes", () => {
  const wrapped = gobBytes(Point);
  assert.deepEqual(through(wrapped, { X: 1, Y: 2 }, wrapped), { X: 1, Y: 2 });
  const inner = through(wrapped, { X: 1, Y: 2 }, s.bytes());
  assert.equal(hex(inner), hex(encodeGob(Point, { X: 1, Y: 2 })));
  assert.deepEqual(decodeGob(Point, inner), { X: 1, Y: 2 });
  assert.throws(() => decodeGob(Point, Buffer.concat([inner, inner])), {
    code: "corrupt",
    message: /bytes follow the value/,
  });
  assert.throws(() => decodeGob(Point, inner.subarray(0, -1)), { code: "unexpected-eof" });
  assert.throws(() => decodeGob(Point, new Uint8Array()), { code: "eof" });
});
