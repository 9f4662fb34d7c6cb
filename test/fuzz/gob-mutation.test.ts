/** A short run of the mutation fuzz. test/long has the long one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runMutations } from "./mutation.js";

const INPUTS = 30_000;
const MAX_HEAP_BYTES = 256 << 20;

test("[GOB-32] [GOB-33] mutated streams are refused with a CodecError, without much work and memory", (t) => {
  const report = runMutations(1, INPUTS);
  t.diagnostic(`${report.taken} taken, at most ${report.mostWork} blocks of code for a batch`);
  assert.deepEqual(report.failures, []);
  assert.ok(report.heapBytes < MAX_HEAP_BYTES, `${report.heapBytes} bytes of heap`);
  assert.ok(report.taken > INPUTS / 50, `only ${report.taken} inputs were taken`);
});
