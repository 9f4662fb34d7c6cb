/** [GOB-38] Keys that are several in Go. In JavaScript all their entries survive, or decoding fails by name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CodecError } from "../../../../protocol/errors.js";
import { Registry } from "../../../../protocol/gob/index.js";
import { Time, time } from "../../../../protocol/gob/wellknown/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { goTest } from "../../../helpers/go.js";
import { goFacts } from "../go-facts.js";
import { decode, decoderOf, encode, unhex, whole } from "../helpers.js";

const pair = s.struct("pair", { A: s.float64(), B: s.float64() });
const named = s.named("main.named", s.int());
const text = (key: s.AnySchema): s.AnySchema => s.map(key, s.string());
const send = (key: s.AnySchema, map: Map<unknown, string>) => encode(text(key), map as never);

/** A schema, and how many entries arrive, or that decoding fails. */
type Want = readonly [key: s.AnySchema | "any type", entries: number | "fails"];

/** By the names that gob-facts gives to its maps. */
const WANTED: Readonly<Record<string, readonly Want[]>> = {
  "integers in interfaces": [
    [s.any(), "fails"],
    [s.dynamic(), 5],
    ["any type", 5],
  ],
  "floats in interfaces": [
    [s.any(), "fails"],
    [s.dynamic(), 2],
    ["any type", 2],
  ],
  "NaN in interfaces": [
    [s.any(), "fails"],
    [s.dynamic(), 3],
    ["any type", 3],
  ],
  "minus zero in interfaces": [
    [s.any(), "fails"],
    [s.dynamic(), 2],
  ],
  "texts in interfaces": [
    [s.any(), 2],
    [s.dynamic(), 2],
    ["any type", 2],
  ],
  "different kinds": [
    [s.any(), 4],
    [s.dynamic(), 4],
    ["any type", 4],
  ],
  NaN: [
    [s.float64(), "fails"],
    [s.float32(), "fails"],
    ["any type", "fails"],
  ],
  "one NaN": [
    [s.float64(), 2],
    ["any type", 2],
  ],
  "minus zero": [[s.float64(), 2]],
  "near floats": [
    [s.float64(), 2],
    [s.float32(), "fails"],
  ],
  texts: [
    [s.string(), 2],
    [s.rawString(), 2],
    [s.named("main.S", s.string()), 2],
  ],
  "long texts": [
    [s.string(), 2],
    [s.rawString(), 2],
  ],
  "one wide text": [
    [s.string(), 3],
    [s.rawString(), 3],
    ["any type", 3],
  ],
  pointers: [
    [s.int(), 1],
    [s.optional(s.int()), "fails"],
  ],
  "NaN in structs": [
    [pair, 2],
    ["any type", 2],
  ],
  "near times": [
    [time(), 2],
    ["any type", 2],
  ],
  proto: [
    [s.string(), 3],
    ["any type", 3],
  ],
};

const registry = new Registry()
  .register("main.named", named)
  .register("[2]int", s.array(2, s.int()));

function entriesOf(stream: Uint8Array, key: Want[0]): number | "fails" {
  const decoder = decoderOf(stream, { registry });
  try {
    const map =
      key === "any type"
        ? whole(decoder.tryDecodeAny()).value
        : whole(decoder.tryDecode(text(key)));
    return (map as unknown as Map<unknown, unknown>).size;
  } catch (error) {
    assert.ok(error instanceof CodecError);
    assert.equal(error.code, "type-mismatch");
    assert.equal(error.reason, "keys");
    assert.match(error.message, /two keys of the map are the same in JavaScript, but not in Go/);
    return "fails";
  }
}

goTest(
  "[GOB-38] maps that Go wrote keep all their entries, or decoding fails by name",
  async (t) => {
    const facts = await goFacts<{ readonly name: string; readonly hex: string }>(t, "keys");
    assert.deepEqual(new Set(facts.map(({ name }) => name)), new Set(Object.keys(WANTED)));
    for (const { name, hex } of facts) {
      for (const [key, want] of WANTED[name]!) {
        const kind = key === "any type" ? key : key.kind;
        assert.equal(entriesOf(unhex(hex), key), want, `${name} as ${kind}`);
      }
    }
  },
);

test("[GOB-38] [GOB-44] a record keeps all entries, whatever their names are", () => {
  const names = ["\xff", "\xfe", "1", "__proto__"];
  const sent = send(
    s.rawString(),
    new Map(names.map((name) => [Buffer.from(name, "latin1"), name])),
  );
  assert.deepEqual(Object.values(decode(s.record(s.string()), sent)).sort(), names.sort());
});

test("[GOB-19] [GOB-38] keys that are equal in Go are no loss: the last one wins", () => {
  const twice = (key: s.AnySchema, hex: string) => {
    const one = Buffer.from(send(key, new Map()));
    const entries = Buffer.from(`02${hex}0161${hex}0162`, "hex");
    const body = Buffer.concat([one.subarray(-4, -1), entries]);
    return Buffer.concat([one.subarray(0, -5), Buffer.from([body.length]), body]);
  };
  for (const [key, hex] of [
    [s.int(), "0a"],
    [s.string(), "0178"],
    [s.float64(), "fef03f"],
    [s.rawString(), "01ff"],
    [time(), "0f010000000e7791f70100000001ffff"],
  ] as const) {
    const map = decode(text(key as s.AnySchema), twice(key as s.AnySchema, hex)) as Map<
      unknown,
      string
    >;
    assert.deepEqual([...map.values()], ["b"], key.kind);
  }
});

test("[GOB-38] two wire values that a codec or marshaler makes one are refused", () => {
  const lower = s.codec({
    wire: s.string(),
    encode: (of: string) => of,
    decode: (of) => of.toLowerCase(),
  });
  const sent = send(
    s.string(),
    new Map([
      ["A", "1"],
      ["a", "2"],
    ]),
  );
  assert.throws(() => decode(text(lower), sent), { code: "type-mismatch", reason: "keys" });
  const year = s.marshaler({
    name: "time.Time",
    encode: () => new Uint8Array(0),
    decode: (bytes) => bytes[8] as number,
    zero: () => 0,
  });
  const times = send(time(), new Map([0, 1].map((ms) => [Time.fromDate(new Date(ms)), "x"])));
  assert.throws(() => decode(text(year), times), { code: "type-mismatch", reason: "keys" });
});
