/** Types of users that bring their own bytes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as s from "../../../protocol/schema/index.js";
import { encode, through, unhex } from "./helpers.js";

test("[GOB-16] marshaler types of users carry their bytes", () => {
  const version = s.marshaler({
    name: "main.Version",
    form: "binary",
    encode: (of: string) =>
      unhex(
        of
          .split(".")
          .map((part) => part.padStart(2, "0"))
          .join(""),
      ),
    decode: (bytes) => [...bytes].join("."),
    zero: () => "0",
    isZero: (of) => of === "0",
  });
  const S = s.struct("S", { V: version, P: s.optional(version), L: s.slice(version) });
  const value = { V: "1.2", P: "0", L: ["3"] };
  assert.deepEqual(through(S, value, S), value);
  assert.deepEqual(through(S, { V: "0", L: [] }, S), { V: "0", L: [] });
  const raw = s.struct("S", { V: s.opaque("main.Version", "binary"), N: s.optional(s.int()) });
  assert.deepEqual(through(S, value, raw), { V: unhex("0102") });
  assert.deepEqual(through(raw, { V: unhex("0102") }, S).V, "1.2");
  assert.deepEqual(through(raw, { V: unhex("") }, S).V, "0");
  const broken = s.marshaler({
    name: "main.B",
    encode: () => "x" as never,
    decode: () => 1,
    zero: () => 1,
  });
  assert.throws(() => encode(broken, 1), {
    code: "codec-failed",
    message: /main\.B did not encode to bytes/,
  });
});
