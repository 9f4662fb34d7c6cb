/** What users' codecs throw while a value is decoded. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CodecError } from "../../../../protocol/errors.js";
import { Encoder } from "../../../../protocol/gob/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { decoderOf, encode, refusesBytes, unhex } from "../helpers.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });

test("what a codec throws on decoding is kept, and concerns one value", () => {
  const cause = new TypeError("bad date");
  const date = s.codec({
    wire: s.string(),
    encode: (of: string) => of,
    decode: (of): string => {
      if (of === "bad") throw cause;
      return of;
    },
  });
  const S = s.struct("S", { D: date });
  const encoder = new Encoder();
  encoder.append(S, { D: "bad" });
  encoder.append(S, { D: "good" });
  const decoder = decoderOf(encoder.take());
  assert.throws(() => decoder.tryDecode(S), {
    code: "codec-failed",
    message: "gob: S.D: bad date",
    cause,
  });
  assert.deepEqual(decoder.tryDecode(S), { D: "good" });
  const inner = new CodecError("corrupt", "gob: not a time");
  const failing = s.marshaler({
    name: "main.T",
    encode: () => unhex("01"),
    decode: () => {
      throw inner;
    },
    zero: () => 0,
  });
  refusesBytes(
    s.slice(failing),
    encode(s.slice(failing), [1]),
    { code: "corrupt", path: "[0]" },
    "gob: [0]: not a time",
  );
  refusesBytes(
    s.map(Point, failing),
    encode(s.map(Point, failing), new Map([[{ X: 1, Y: 1 }, 1]])),
    { code: "corrupt" },
    /\[key\]: not a time/,
  );
});
