/** The code generated for a struct is what the doc comment of its source maker shows. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compileEncoder } from "../../../../protocol/gob/encode/compile-encoder.js";
import { generateStructWriter } from "../../../../protocol/gob/encode/generate-writer.js";
import { structFields } from "../../../../protocol/gob/type/struct-fields.js";
import { type AnySchema, field, int, string, struct } from "../../../../protocol/schema/index.js";
import type { KnownStruct } from "../../../../protocol/schema/known.js";
import { docExample } from "../doc-example.js";

const POINT = `\
(e, value) => {
  if (typeof value !== "object" || value === null || isArray(value)) return interpret(e, value);
  let field = 0, delta = 1, x, y = 0, bytes, pos;
  e.enter();
  try {
    e.reserve(30); bytes = e.bytes; pos = e.pos;
    field = 0; x = value["X"];
    if (x === 0) delta++;
    else if (typeof x === "number" && (x | 0) === x) {
      bytes[pos++] = delta; delta = 1;
      y = ((x << 1) ^ (x >> 31)) >>> 0;
      if (y < 128) bytes[pos++] = y; else { e.pos = pos; e.words(0, y); pos = e.pos; }
    } else if (typeof x === "number" && x >= -9007199254740991 && x <= 9007199254740991 && isInteger(x)) {
      bytes[pos++] = delta; delta = 1;
      e.pos = pos; e.int(x); pos = e.pos;
    } else if (x === undefined) delta++;
    else {
      e.pos = pos; delta = encoder0.writeField(e, x, delta) ? 1 : delta + 1;
      e.reserve(30); bytes = e.bytes; pos = e.pos;
    }
    field = 1; x = value["Name"];
    if (x === "") delta++;
    else if (typeof x === "string") {
      bytes[pos++] = delta; delta = 1;
      e.pos = pos; e.string(x);
      e.reserve(30); bytes = e.bytes; pos = e.pos;
    } else if (x === undefined) delta++;
    else {
      e.pos = pos; delta = encoder1.writeField(e, x, delta) ? 1 : delta + 1;
      e.reserve(30); bytes = e.bytes; pos = e.pos;
    }
  } catch (error) {
    throw at(error, names[field]);
  }
  e.depth--;
  bytes[pos] = 0;
  e.pos = pos + 1;
}`;

const interpret = (): never => assert.fail("the loop over fields is not needed here");

/** The source of the function that was compiled. */
function writerOf(schema: AnySchema): string {
  const fields = structFields(schema as KnownStruct);
  const encoders = fields.map((of) => compileEncoder(of.schema));
  return String(generateStructWriter(fields, encoders, interpret));
}

test("[GOB-13] the writer of a struct of two fields", () => {
  assert.equal(writerOf(struct("Point", { X: int(), Name: string() })), POINT);
});

test("the doc comment of writer-source.ts shows that writer", () => {
  assert.equal(docExample("protocol/gob/encode/writer-source.ts"), POINT);
});

test("a key is in the code as a string literal only", () => {
  const key = '"]; process.exit(1); //\n';
  const source = writerOf(struct("S", { [key]: field("A", int()) }));
  assert.ok(source.includes(`x = value[${JSON.stringify(key)}];`), source);
});

test("a key that every object inherits is read where the user set it", () => {
  const source = writerOf(struct("S", { toString: field("A", int()) }));
  assert.ok(source.includes('x = hasOwn(value, "toString") ? value["toString"] : undefined;'));
});
