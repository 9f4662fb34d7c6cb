/** A short fuzz of yamux sessions. test/long has the long one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzz } from "../../helpers/yamux/fuzz.js";

for (const seed of [1, 2, 3]) {
  test(`[YAMUX-44] 10,000 frames and a random user break no rule of the session, seed ${seed}`, async () => {
    const counts = await fuzz(seed, 10_000);
    assert.ok(counts.streams > 100 && counts.deliveredBytes > 100_000, JSON.stringify(counts));
  });
}
