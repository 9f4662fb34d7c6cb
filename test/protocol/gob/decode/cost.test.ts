/** [GOB-33] What is counted for a value is near the memory that it takes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { charged, PARTS, readsOf, takenIf } from "../../../helpers/charged.js";

const COUNT = 10_000;
/** The same of values that are large themselves. */
const LARGE_COUNT = 300;
const FEW = 500;
/** The heap is never the same twice. This is the difference for each value of the list. */
const NOISE_BYTES = 40;
/** `benchmarks/charged.ts` prints the rest. */
const SHOWN =
  /^(bigint, l|complex|string of 40|bytes of 100|empty (list|map|record)|array of 4|map of 100|struct (of (1|10 .*)|with .*|in interface)|nil int|string in|int in dyn|time)/;

for (const part of PARTS.filter(({ name }) => SHOWN.test(name))) {
  test(`[GOB-33] counted and taken agree: ${part.name}`, async () => {
    const count = part.name.includes("1000") ? LARGE_COUNT : COUNT;
    const many = readsOf(part, count).get("gob")!;
    const got = charged(readsOf(part, FEW).get("gob")!) / FEW;
    const wanted = (bytes: number) => Math.max(0, bytes / count - part.content);
    const agree = (bytes: number) =>
      got >= 0.75 * wanted(bytes) - NOISE_BYTES && got <= 3.5 * wanted(bytes) + NOISE_BYTES;
    const bytes = await takenIf(many, agree);
    const facts = `${got.toFixed(0)} bytes counted, ${wanted(bytes).toFixed(0)} taken`;
    assert.ok(agree(bytes), facts);
  });
}
