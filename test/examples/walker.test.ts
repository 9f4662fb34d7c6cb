/** The walker example: a schema is data that a user can walk, typed by `kind`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gob, lent } from "goplug";
import { jsonSchema } from "../../examples/walker/json-schema.js";
import { readText } from "../../scripts/files.js";

test("the example makes the JSON Schema that its README shows", () => {
  const tree = gob.struct("Tree", {
    Value: gob.int8(),
    get Kids() {
      return gob.slice(tree);
    },
  });
  const [, shown] = /```json\n(.*)\n```/.exec(readText("examples/walker/README.md")) ?? [];
  assert.equal(JSON.stringify(jsonSchema(tree)), shown);
});

test("every kind of schema can be walked", () => {
  const inner = gob.struct("Inner", { A: gob.field("Aa", gob.bool()) });
  const all = gob.struct("", {
    Uint: gob.uint64(),
    Float: gob.float32(),
    Text: gob.string(),
    Bytes: gob.bytes(),
    Array: gob.array(2, inner),
    Map: gob.record(gob.int()),
    Pointer: gob.optional(gob.named("main.Inner", inner)),
    Any: gob.any(),
    Time: gob.time(),
    Lazy: gob.lazy(() => inner),
    Reader: lent.reader(),
    Empty: gob.empty(),
  });
  const ref = { $ref: "#/$defs/Inner" };
  assert.deepEqual(jsonSchema(all), {
    type: "object",
    properties: {
      Uint: { type: "integer", description: "uint64" },
      Float: { type: "number", description: "float32" },
      Text: { type: "string" },
      Bytes: { type: "string", contentEncoding: "base64" },
      Array: { type: "array", items: ref, minItems: 2, maxItems: 2 },
      Map: { type: "object", additionalProperties: { type: "integer", description: "int" } },
      Pointer: { anyOf: [ref, { type: "null" }] },
      Any: {},
      Time: { type: "string", description: "time.Time" },
      Lazy: ref,
      Reader: { type: "integer", description: "uint32" },
      Empty: { type: "object", properties: {} },
    },
    $defs: { Inner: { type: "object", properties: { Aa: { type: "boolean" } } } },
  });
  assert.throws(() => jsonSchema(gob.complex64()), /JSON has no form for complex/);
});

test("what is not a schema is refused by name", () => {
  const facts = { name: "CodecError", code: "bad-value" };
  assert.throws(() => gob.known({ kind: "made-up" }), { ...facts, message: /kind "made-up"/ });
  assert.throws(() => gob.known(gob.string as never), { ...facts, message: /as in string\(\)/ });
  assert.throws(() => gob.known(undefined as never), facts);
});

test("the fields of a struct are looked up once, getters too", () => {
  let looks = 0;
  const ring = gob.struct("Ring", {
    get Next() {
      looks++;
      return gob.optional(ring);
    },
  });
  const schema = gob.known(ring);
  assert.equal(schema.kind, "struct");
  const [first] = gob.fieldsOf(schema as gob.KnownStruct);
  assert.equal(gob.fieldsOf(schema as gob.KnownStruct)[0]?.schema, first?.schema);
  assert.deepEqual([looks, first?.go, first?.isOptional], [1, "Next", true]);
});
