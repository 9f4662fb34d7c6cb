/** Embedded structs: what a name selects, and what gob makes of promoted fields. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HOT_CALLS } from "../../../protocol/gob/generate.js";
import { describe } from "../../../protocol/gob/index.js";
import * as s from "../../../protocol/schema/index.js";
import { selectorsOf } from "../../../protocol/schema/selectors.js";
import { decode, decoderOf, encode, hex, refusesBytes, whole } from "./helpers.js";

const Base = s.struct("Base", { ID: s.int(), Tag: s.string() });
const User = s.struct("User", { Base: s.embedded(Base), Name: s.string() });
const Pointer = s.struct("Pointer", { Base: s.embedded(s.optional(Base)), Name: s.string() });
const Flat = s.struct("Flat", { ID: s.int(), Tag: s.string() });

test("[GOB-14] an embedded struct is sent as a field named after its type", () => {
  const plain = s.struct("User", { Base, Name: s.string() });
  const value = { Base: { ID: 1, Tag: "t" }, Name: "n" };
  assert.equal(hex(encode(User, value)), hex(encode(plain, value)));
  assert.deepEqual(decode(User, encode(plain, value)), value);
  assert.deepEqual(decode(Pointer, encode(Pointer, { Name: "n" })), { Name: "n" });
});

test("[GOB-47] a sender's field fills the promoted one, again and again", () => {
  const bytes = encode(Flat, { ID: 7, Tag: "t" });
  for (let i = 0; i < HOT_CALLS + 2; i++) {
    assert.deepEqual(decode(User, bytes), { Base: { ID: 7, Tag: "t" }, Name: "" });
  }
  const empty = encode(Flat, { ID: 0, Tag: "" });
  assert.deepEqual(decode(User, empty), { Base: { ID: 0, Tag: "" }, Name: "" });
});

test("[GOB-47] a nil pointer on the way is made where a promoted field arrives, and only there", () => {
  const filled = decode(Pointer, encode(Flat, { ID: 0, Tag: "t" }));
  assert.deepEqual(filled, { Base: { ID: 0, Tag: "t" }, Name: "" });
  assert.deepEqual(decode(Pointer, encode(Flat, { ID: 0, Tag: "" })), { Name: "" });
});

test("[GOB-47] a promoted field and the embedded struct itself are merged in the order of the wire", () => {
  const Reversed = s.struct("R", { ID: s.int(), Base });
  const both = decode(User, encode(Reversed, { ID: 7, Base: { ID: 1, Tag: "a" } }));
  assert.deepEqual(both.Base, { ID: 1, Tag: "a" });
  const kept = decode(User, encode(Reversed, { ID: 7, Base: { ID: 0, Tag: "a" } }));
  assert.deepEqual(kept.Base, { ID: 7, Tag: "a" });
});

test("[GOB-24] [GOB-47] promoted fields are merged into a value that is there", () => {
  const into = { Base: { ID: 1, Tag: "old" }, Name: "n" };
  const decoder = decoderOf(encode(Flat, { ID: 2, Tag: "" }));
  assert.deepEqual(whole(decoder.tryDecode(User, into)), {
    Base: { ID: 2, Tag: "old" },
    Name: "n",
  });
});

test("[GOB-23] [GOB-47] a promoted field of another type is refused, and so is a type without any", () => {
  refusesBytes(
    User,
    encode(s.struct("T", { ID: s.string() }), { ID: "x" }),
    { code: "type-mismatch" },
    /^gob: wrong type \(int\) for received field T\.ID/,
  );
  refusesBytes(
    User,
    encode(s.struct("T", { Q: s.int() }), { Q: 1 }),
    { code: "type-mismatch" },
    /no fields matched/,
  );
});

test("[GOB-47] a struct that is not exported is not sent, and its fields are promoted", () => {
  const Hidden = s.struct("Hidden", {
    base: s.embedded(s.struct("base", { ID: s.int() })),
    Name: s.string(),
  });
  const sent = encode(Hidden, { base: { ID: 4 }, Name: "n" });
  assert.deepEqual(decode(Hidden, sent), { base: { ID: 0 }, Name: "n" });
  const bytes = encode(Flat, { ID: 4, Tag: "" });
  assert.deepEqual(decode(Hidden, bytes), { base: { ID: 4 }, Name: "" });
});

test("[GOB-47] the field that is the least deep is selected, and of two none", () => {
  const Other = s.struct("Other", { ID: s.int(), Z: s.int() });
  const Deep = s.struct("Deep", { Base: s.embedded(Base), Z: s.string() });
  const All = s.struct("All", {
    Deep: s.embedded(Deep),
    Other: s.embedded(Other),
    Name: s.string(),
  });
  const found = Array.from(selectorsOf(All as never), ([name, { through, isAmbiguous }]) => {
    return [name, through.map(({ go }) => go).join("."), isAmbiguous];
  });
  assert.deepEqual(found, [
    ["Deep", "", false],
    ["Other", "", false],
    ["Name", "", false],
    ["Base", "Deep", false],
    ["Z", "Deep", true],
    ["ID", "Other", false],
    ["Tag", "Deep.Base", false],
  ]);
  const read = decode(All, encode(Other, { ID: 1, Z: 2 }));
  assert.deepEqual(read.Other, { ID: 1, Z: 0 });
});

test("[GOB-47] a struct may embed a pointer to itself", () => {
  interface Ring extends s.AnySchema {}
  const Ring: Ring = s.struct("Ring", {
    get Ring() {
      return s.embedded(s.optional(Ring));
    },
    N: s.int(),
  });
  assert.deepEqual(
    decode(Ring, encode(Flat, { ID: 1, Tag: "" }) && encode(Ring, { N: 1 } as never)),
    {
      N: 1,
    },
  );
  assert.equal(selectorsOf(Ring as never).size, 2);
});

test("an embedded struct is described and spelled without a name", () => {
  assert.equal(
    describe(Pointer),
    "type Pointer struct {\n\t*Base\n\tName string\n}\n\ntype Base struct {\n\tID  int\n\tTag string\n}\n",
  );
});

test("the types of an embedded struct are nested, and a pointer's key may be missing", () => {
  const out: s.Out<typeof Pointer> = { Name: "n" };
  const into: s.In<typeof User> = { Base: { ID: 1, Tag: "" }, Name: "" };
  const renamed = s.struct("R", { base: s.field("Base", s.embedded(s.optional(Base))) });
  const none: s.Out<typeof renamed> = {};
  // @ts-expect-error the fields are not promoted in TypeScript
  const flat: s.In<typeof User> = { ID: 1, Tag: "", Name: "" };
  assert.deepEqual(decode(renamed, encode(Flat, { ID: 1, Tag: "" })), { base: { ID: 1, Tag: "" } });
  assert.ok(out && into && none && flat);
});
