/** What Go 1.19 wrote, where the first type id is 65. Ids from 64 are in test/spec. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Decoder, Encoder, inspect, NEED_MORE, TypeRegistry } from "../../../protocol/gob/index.js";
import { goValues } from "./go-values.js";
import { decoderOf, hex, unhex } from "./helpers.js";

interface Vector {
  readonly id: string;
  readonly go: string;
  readonly hex: string;
}

const path = new URL("vectors-go119.json", import.meta.url);
const vectors = JSON.parse(readFileSync(path, "utf8")) as Vector[];

/** Their bytes come out otherwise, and why. */
const NOT_EXACT: Readonly<Record<string, string>> = {
  "string-badutf8": "a JavaScript string holds Unicode",
  dupname: "a schema does not say that a field is embedded, which shows in a type's spelling",
};

for (const { id, go, hex: want } of vectors) {
  if (!(id in NOT_EXACT)) {
    test(`[GOB-11] ${id} encodes to Go's bytes from id 65: ${go.slice(0, 50)}`, () => {
      const types = new TypeRegistry({ firstId: 65 });
      const encoder = new Encoder({ order: "go", types });
      for (const { schema, value } of goValues[id] ?? []) encoder.append(schema, value as never);
      assert.equal(hex(encoder.take()), want);
    });
  }

  test(`[GOB-8] ${id} decodes without a schema, and encodes to the same values`, () => {
    const values = allOf(unhex(want));
    const encoder = new Encoder();
    for (const { schema, value } of values) encoder.append(schema, value);
    const again = allOf(encoder.take());
    assert.deepEqual(plain(again), plain(values));
  });

  test(`${id} can be inspected to its last byte`, () => {
    const dump = inspect(unhex(want));
    assert.doesNotMatch(dump, /error|unused|rest of/);
  });
}

/** Schemas hold functions, which are made anew; their names are what counts. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return new Map([...value].map(([key, of]) => [key, plain(of)]));
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, of]) => [key, key === "schema" ? of.name : plain(of)]),
  );
}

function allOf(bytes: Uint8Array) {
  const decoder = decoderOf(bytes);
  const values = [];
  while (decoder.bufferedBytes > 0) {
    const value = decoder.tryDecodeAny();
    assert.notEqual(value, NEED_MORE);
    if (value !== NEED_MORE) values.push(value);
  }
  return values;
}

test("[GOB-11] one registry for two encoders goes on counting, as one Go process does", () => {
  const types = new TypeRegistry({ firstId: 65 });
  const [first, second] = [new Encoder({ types }), new Encoder({ types })];
  const [step] = goValues["slice-int"]!;
  const [other] = goValues.point!;
  assert.match(hex(first.encode(step!.schema, step!.value as never)), /^0cff81/);
  assert.match(hex(second.encode(other!.schema, other!.value as never)), /^1fff83/);
  assert.match(hex(second.encode(step!.schema, step!.value as never)), /^0cff81/);
});

test("[GOB-5] a string of other bytes passes as raw string", async () => {
  const { rawString } = await import("../../../protocol/schema/index.js");
  const bytes = unhex("080c000561fffe807a");
  const value = new Decoder();
  value.push(bytes);
  const raw = value.tryDecode(rawString());
  assert.deepEqual(raw, unhex("61fffe807a"));
  assert.equal(hex(new Encoder().encode(rawString(), raw as Uint8Array)), hex(bytes));
});
