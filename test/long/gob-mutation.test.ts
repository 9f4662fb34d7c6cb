/** The long mutation fuzz of the gob decoder: a million inputs, in slices that can be repeated by their seeds. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runMutations } from "../fuzz/mutation.js";

const SLICES = 20;
const INPUTS_PER_SLICE = 50_000;
const MAX_HEAP_BYTES = 256 << 20;

for (let seed = 100; seed < 100 + SLICES; seed++) {
  test(`[GOB-32] ${INPUTS_PER_SLICE} mutated streams cause at worst a CodecError: seed ${seed}`, (t) => {
    const report = runMutations(seed, INPUTS_PER_SLICE);
    t.diagnostic(`${report.taken} taken, at most ${report.mostWork} blocks of code for a batch`);
    t.diagnostic(`${(report.heapBytes / 2 ** 20).toFixed(0)} MiB of heap`);
    assert.deepEqual(report.failures, []);
    assert.ok(report.heapBytes < MAX_HEAP_BYTES, `${report.heapBytes} bytes of heap`);
  });
}
