/** Values that are decoded and encoded again are the same: texts of any bytes, nil maps, times. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HOT_CALLS } from "../../../protocol/gob/generate.js";
import { Registry, Time, time } from "../../../protocol/gob/index.js";
import * as s from "../../../protocol/schema/index.js";
import { decode, decoderOf, encode, hex, unhex, whole } from "./helpers.js";

/** What comes out without a schema, encoded again. */
function relayed(bytes: Uint8Array): Uint8Array {
  const { schema, value } = whole(decoderOf(bytes).tryDecodeAny());
  return encode(schema as s.AnySchema, value as never);
}

const bytesOf = fc.uint8Array({ maxLength: 300 }).map((bytes) => Uint8Array.from(bytes));

test("[GOB-44] a string of any bytes passes through every schema", () => {
  const S = s.struct("S", { T: s.string(), L: s.slice(s.string()), M: s.map(s.string(), s.int()) });
  const raw = s.struct("S", {
    T: s.rawString(),
    L: s.slice(s.rawString()),
    M: s.map(s.rawString(), s.int()),
  });
  const R = s.struct("S", { M: s.record(s.int()), T: s.string(), L: s.slice(s.string()) });
  const A = s.struct("A", { V: s.any() });
  const D = s.struct("A", { V: s.dynamic() });
  fc.assert(
    fc.property(bytesOf, bytesOf, (one, two) => {
      const bytes = encode(raw, { T: one, L: [two, one], M: new Map([[one, 1]]) });
      assert.equal(hex(encode(S, decode(S, bytes))), hex(bytes));
      assert.equal(hex(relayed(bytes)), hex(bytes));
      const record = decode(R, bytes);
      assert.deepEqual(decode(raw, encode(R, record)), decode(raw, bytes));
      const behind = encode(A, { V: s.value(s.rawString(), one) });
      assert.equal(hex(relayed(behind)), hex(behind));
      assert.equal(hex(encode(A, decode(A, behind) as never)), hex(behind));
      assert.equal(hex(encode(D, decode(D, behind))), hex(behind));
    }),
    { numRuns: 300 },
  );
});

test("[GOB-44] keys that differ in a byte that is not UTF-8 stay two keys", () => {
  const bytes = encode(
    s.map(s.rawString(), s.int()),
    new Map([
      [unhex("ff"), 1],
      [unhex("fe"), 2],
    ]),
  );
  assert.equal(decode(s.map(s.string(), s.int()), bytes).size, 2);
  assert.equal(Object.keys(decode(s.record(s.int()), bytes)).length, 2);
});

test("[GOB-46] a nil map stays nil and an empty one empty, in a loop and in generated code", () => {
  const wire = s.struct("S", {
    M: s.optional(s.map(s.string(), s.int())),
    R: s.optional(s.record(s.int())),
    N: s.int(),
  });
  const S = s.struct("S", { M: s.map(s.string(), s.int()), R: s.record(s.int()), N: s.int() });
  const nil = encode(wire, { N: 1 });
  const empty = encode(wire, { M: new Map(), R: {}, N: 1 });
  for (let i = 0; i < HOT_CALLS + 2; i++) {
    assert.equal(hex(encode(S, decode(S, nil))), hex(nil));
    assert.equal(hex(encode(S, decode(S, empty))), hex(empty));
  }
  assert.equal(hex(relayed(nil)), hex(nil));
  assert.equal(hex(relayed(empty)), hex(empty));
  assert.deepEqual(decode(S, nil), decode(S, empty));
});

test("[GOB-46] what is put into a nil map is sent, and a map of the user's own is never nil", () => {
  const S = s.struct("S", { M: s.map(s.string(), s.int()), N: s.int() });
  const nil = decode(S, encode(s.struct("S", { N: s.int() }), { N: 1 }));
  nil.M.set("a", 1);
  assert.deepEqual(decode(S, encode(S, nil)).M, new Map([["a", 1]]));
  const own = encode(S, { M: new Map(), N: 1 });
  assert.ok("M" in decode(s.struct("S", { M: s.optional(S.fields.M) }), own));
});

test("[GOB-46] a nil map into which an empty one is merged is empty", () => {
  const S = s.struct("S", { M: s.map(s.string(), s.int()), N: s.int() });
  const value = decode(S, encode(s.struct("S", { N: s.int() }), { N: 1 }));
  const empty = encode(S, { M: new Map(), N: 1 });
  const decoder = decoderOf(empty);
  assert.equal(hex(encode(S, whole(decoder.tryDecode(S, value)))), hex(empty));
});

test("[GOB-45] a time is a Time behind an interface and in a struct that is not known here", () => {
  const at = new Time({ unixSeconds: 5n, nanoseconds: 6, offsetSeconds: -3600 });
  const zoned = at.in(-7230);
  const S = s.struct("S", { At: time(), P: s.optional(time()), L: s.slice(time()) });
  const registry = new Registry();
  const bytes = encode(
    s.dynamic(),
    s.value(s.named("main.S", S), { At: at, L: [zoned, Time.zero] }),
  );
  const unknown = decode(s.dynamic(), bytes) as s.TypedValue;
  assert.deepEqual(unknown.value as unknown, { At: at, L: [zoned, Time.zero] });
  // The names in the definitions may differ, which no receiver looks at. The value does not.
  registry.register("main.S", S);
  const back = encode(s.dynamic(), unknown);
  assert.deepEqual(decode(s.any(), back, { registry }), decode(s.any(), bytes, { registry }));
  assert.equal(hex(back).slice(-84), hex(bytes).slice(-84));
  const direct = encode(s.dynamic(), s.value(time(), zoned), { registry });
  const typed = decode(s.dynamic(), direct, { registry }) as s.TypedValue;
  assert.deepEqual(typed.value as unknown, zoned);
  assert.equal(hex(encode(s.dynamic(), typed)), hex(direct));
});

test("[GOB-45] bytes of another type called Time stay as they are", () => {
  const own = s.opaque("mine.Time");
  for (const text of ["01", "020000000e7791f70100000000ffff00", "0100", ""]) {
    const bytes = encode(s.dynamic(), s.value(own, unhex(text)));
    assert.equal(hex(relayed(bytes)), hex(bytes), text);
    const inside = encode(s.struct("S", { T: s.optional(own), N: s.int() }), {
      T: unhex(text),
      N: 1,
    });
    assert.equal(hex(relayed(inside)), hex(inside), text);
  }
});
