/** Bytes that no encoder writes. Where Go refuses them we do too, and nothing worse than a CodecError happens. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isCodecError } from "../../protocol/errors.js";
import { Decoder } from "../../protocol/gob/index.js";
import { bigInt, time } from "../../protocol/gob/wellknown/index.js";
import type { AnySchema } from "../../protocol/schema/index.js";
import { type Refused, readVectors, toBytes, toSchema, toValue } from "./notation.js";

// Where we differ from Go. A case that is listed here but gives the same as in Go fails.

/** Refused by both, but our text differs: it says how much was wanted and where. */
const OWN_WORDS = new Set([
  "count-1gb-no-data",
  "field-delta-huge-2^63",
  "field-delta-2^63-1",
  "second-delta-2^64-1",
  "empty-wiretype-skipped",
  "slice-count-beyond-buffer",
  "slice-count-5-2-elems",
  "string-len-beyond-buffer",
  "bytes-len-beyond-buffer",
  "string-len-2^64-1",
  "gobdecoder-len-too-large",
  "slice-of-e-1e9-elems-no-data",
  "slice-of-e-3-elems-missing-last-terminators",
]);
/** Taken by Go and refused by us: no encoder leaves these out, or sends them twice. */
const STRICTER = new Set(["struct-no-terminator", "wiretype-array-and-slice"]);
/** Refused by Go and taken by us: Go itself writes wrong lengths inside interfaces [GOB-25]. */
const LENIENT = new Set(["iface-wrong-inner-length-skipped"]);

/** Marshaler types that check their bytes. */
const MARSHALERS: Readonly<Record<string, AnySchema>> = {
  "time.Time": time(),
  "big.Int": bigInt(),
};

for (const entry of readVectors<Refused>("gob/refused.json")) {
  const { id, clause, into, type } = entry;
  const goTakes = entry.error === undefined;
  const weTake = (goTakes && !STRICTER.has(id)) || LENIENT.has(id);

  test(`[${clause}] ${id} into ${into} is ${weTake ? "taken" : "refused"}`, () => {
    const decoder = new Decoder();
    decoder.push(toBytes(entry.hex));
    decoder.end();
    const schema = type === undefined ? undefined : (MARSHALERS[into] ?? toSchema(type));
    const decode = () => (schema === undefined ? decoder.trySkip() : decoder.tryDecode(schema));
    if (weTake) {
      const value = decode();
      if (id === "bigint-empty") assert.equal(value, 0n);
      else if (type !== undefined) {
        assert.deepStrictEqual(value, toValue({ type, value: entry.value }, "out"));
      }
      return;
    }
    assert.throws(decode, (thrown) => {
      assert.ok(isCodecError(thrown), `want a CodecError, got ${thrown}`);
      if (entry.error !== undefined) {
        const isGoText = thrown.message.includes(entry.error);
        const text = `Go says ${entry.error}, we say ${thrown.message}`;
        assert.equal(isGoText, !OWN_WORDS.has(id), text);
      }
      return true;
    });
  });
}
