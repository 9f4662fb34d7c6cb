/** Lists: counts that are wrong, elements that are corrupt. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnySchema } from "../../../../protocol/schema/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { decoderOf, encode, refusesBytes, unhex } from "../helpers.js";

test("[GOB-18] an element that is corrupt is named by its place", () => {
  const lists: [AnySchema, unknown][] = [
    [s.slice(s.int()), [1, 1]],
    [s.slice(s.int8()), [1, 1]],
    [s.slice(s.uint()), [1, 1]],
    [s.slice(s.float64()), [1, 0]],
    [s.slice(s.string()), ["a", ""]],
    [s.slice(s.bool()), [true, true]],
    [s.array(2, s.uint()), [1, 1]],
  ];
  for (const [schema, value] of lists) {
    const bytes = Uint8Array.from(encode(schema, value as never));
    bytes[bytes.length - 1] = 0x80;
    refusesBytes(schema, bytes, { code: "corrupt", path: "[1]" }, /unsigned integer out of range/);
  }
});

test("[GOB-18] an array whose count is not its length is refused", () => {
  const bytes = "0eff81010102ff820001040104000007ff820003162c42";
  refusesBytes(
    s.array(2, s.int()),
    bytes,
    { code: "corrupt" },
    /^gob: length mismatch in decodeArray/,
  );
  const skip = decoderOf(unhex(bytes));
  assert.throws(() => skip.trySkip(), { message: /^gob: length mismatch in ignoreArray/ });
});
