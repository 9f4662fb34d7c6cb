/** [GOB-33] What is counted for a value is near the memory that it takes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { charged, PARTS, readsOf, taken } from "../../../helpers/charged.js";

const COUNT = 10_000;
const FEW = 500;
/** The heap is never the same twice. This is the difference for each value of the list. */
const NOISE_BYTES = 40;
/** `benchmarks/charged.ts` prints the rest. */
const SHOWN =
  /^(bigint, l|complex|string of 40|bytes of 100|empty (list|map|record)|array of 4|map of 100|struct (of (1|10 .*)|with .*|in interface)|nil int|string in|int in dyn|time)/;

for (const part of PARTS.filter(({ name }) => SHOWN.test(name))) {
  test(`[GOB-33] counted and taken agree: ${part.name}`, async () => {
    const many = readsOf(part, COUNT).get("gob")!;
    const want = Math.max(0, (await taken(many)) / COUNT - part.content);
    const got = charged(readsOf(part, FEW).get("gob")!) / FEW;
    const facts = `${got.toFixed(0)} bytes counted, ${want.toFixed(0)} taken`;
    assert.ok(got >= 0.75 * want - NOISE_BYTES, facts);
    assert.ok(got <= 3.5 * want + NOISE_BYTES, facts);
  });
}
