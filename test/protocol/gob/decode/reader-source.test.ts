/** Generated code as text: what is really compiled, and what the doc comments show of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { generateStructReader } from "../../../../protocol/gob/decode/generate-reader.js";
import { asciiSource } from "../../../../protocol/gob/decode/short-text.js";
import { planStruct, type StructPlan } from "../../../../protocol/gob/decode/struct-plan.js";
import { type WireField, wireType } from "../../../../protocol/gob/type/wire-type.js";
import * as s from "../../../../protocol/schema/index.js";
import { bare, type KnownSchema } from "../../../../protocol/schema/known.js";
import { docExample } from "../doc-example.js";

/** How the fields of a schema are read from those of a peer's struct. */
function planOf(schema: s.AnySchema, fields: readonly WireField[]): StructPlan {
  const known: KnownSchema = bare(schema);
  assert.ok(known.kind === "struct");
  return planStruct(known, wireType({ kind: "struct", fields }, 64), () => ({
    read: () => undefined,
  }));
}

/** The text of the function that is really made. */
const madeFrom = (plan: StructPlan): string => String(generateStructReader(plan, () => undefined));

const POINT = `\
(r, into) => {
  if (into !== undefined && into !== null) return interpret(r, into);
  let key0 = 0;
  let key1 = "";
  let field = -1, x = 0, bytes, pos, end;
  r.enter();
  r.charge(104);
  try {
    bytes = r.bytes; pos = r.pos; end = r.end;
    for (;;) {
      x = pos < end ? bytes[pos] : 0x80;
      if (x < 0x80) pos++;
      else { r.pos = pos; x = r.uint(); pos = r.pos; }
      if (x === 0) break;
      field += x;
      switch (field) {
        case 0:
          x = pos < end ? bytes[pos] : 0x80;
          if (x < 0x80) { pos++; key0 = (x >> 1) ^ -(x & 1); }
          else { r.pos = pos; key0 = r.int(); pos = r.pos; }
          break;
        case 1:
          r.pos = pos; key1 = r.string(); pos = r.pos;
          break;
        default:
          r.pos = pos;
          failOutOfBounds(r);
      }
    }
    r.pos = pos;
  } catch (error) {
    throw atField(error, steps, field);
  }
  r.depth--;
  const out = { "X": key0, "Name": key1 };
  return out;
}`;

test("[GOB-13] the reader of a struct of two fields has this text, and its doc comment shows it", () => {
  const Point = s.struct("Point", { X: s.int(), Name: s.string() });
  const plan = planOf(Point, [
    { name: "X", id: 2 },
    { name: "Name", id: 6 },
  ]);
  assert.equal(madeFrom(plan), POINT);
  assert.equal(docExample("protocol/gob/decode/reader-source.ts"), POINT);
});

const ALL_WAYS = `\
(r, into) => {
  if (into !== undefined && into !== null) return interpret(r, into);
  let key0 = undefined;
  let key2 = 0n;
  let late0;
  let has2 = false;
  let field = -1, x = 0, bytes, pos, end;
  r.enter();
  r.charge(304);
  try {
    bytes = r.bytes; pos = r.pos; end = r.end;
    for (;;) {
      x = pos < end ? bytes[pos] : 0x80;
      if (x < 0x80) pos++;
      else { r.pos = pos; x = r.uint(); pos = r.pos; }
      if (x === 0) break;
      field += x;
      switch (field) {
        case 0:
          r.charge(24);
          r.pos = pos; late0 = r.float(); pos = r.pos;
          break;
        case 1:
          r.pos = pos; skipField(r, 6); bytes = r.bytes; pos = r.pos; end = r.end;
          break;
        case 2:
          r.pos = pos; key0 = decoder2.read(r, undefined);
          bytes = r.bytes; pos = r.pos; end = r.end;
          has2 = true;
          break;
        case 3:
          r.pos = pos; key2 = r.bigInt(); pos = r.pos;
          break;
        default:
          r.pos = pos;
          failOutOfBounds(r);
      }
    }
    r.pos = pos;
    if (!has2) { field = 2; r.charge(48); key0 = zero2(r.context); }
  } catch (error) {
    throw atField(error, steps, field);
  }
  r.depth--;
  const out = { "List": key0, "Lacking": new1(r.context), "Big": key2 };
  if (late0 !== undefined) setKey(out, "Opt", late0);
  return out;
}`;

test("[GOB-17] [GOB-30] fields that are optional, skipped, late or missing have this text", () => {
  const schema = s.struct("S", {
    List: s.slice(s.int()),
    Opt: s.optional(s.float64()),
    Lacking: s.bytes(),
    Big: s.int64(),
  });
  const plan = planOf(schema, [
    { name: "Opt", id: 4 },
    { name: "Unknown", id: 6 },
    { name: "List", id: 65 },
    { name: "Big", id: 2 },
  ]);
  assert.equal(madeFrom(plan), ALL_WAYS);
});

test("names that a peer chose are never code", () => {
  const name = 'X"; throw 1; //\n\u2028*/`';
  const schema = s.struct("S", { [name]: s.field("X", s.int()) });
  const text = madeFrom(planOf(schema, [{ name: "X", id: 2 }]));
  assert.ok(
    text.endsWith(`const out = { ${JSON.stringify(name)}: key0 };\n  return out;\n}`),
    text,
  );
});

test("[GOB-5] the reader of a short string has the text that its doc comment shows", () => {
  const text = `\
const b0 = bytes[start + 0];
const b1 = bytes[start + 1];
if ((b0 | b1) > 0x7f) return undefined;
return String.fromCharCode(b0, b1);`;
  assert.equal(asciiSource(2), text);
  assert.equal(docExample("protocol/gob/decode/short-text.ts"), text);
});
