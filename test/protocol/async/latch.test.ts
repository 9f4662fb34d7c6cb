/** Deferreds and latches: the first call counts, before and after somebody waits. */
import assert from "node:assert/strict";
import test from "node:test";
import { Deferred } from "../../../protocol/async/deferred.js";
import { Latch } from "../../../protocol/async/latch.js";

test("a deferred is settled by its first call", async () => {
  const resolved = new Deferred<number>();
  resolved.resolve(1);
  resolved.reject(new Error("too late"));
  assert.equal(await resolved.promise, 1);
  const rejected = new Deferred<number>();
  rejected.reject(new Error("no"));
  rejected.resolve(1);
  await assert.rejects(rejected.promise, /no/);
});

test("a latch tells those who asked before and those who ask after", async () => {
  const latch = new Latch<string>();
  const before = latch.promise;
  assert.equal(latch.isSet, false);
  latch.set("now");
  assert.equal(latch.isSet, true);
  assert.deepEqual(await Promise.all([before, latch.promise]), ["now", "now"]);
  assert.equal(before, latch.promise);
});

test("a latch that was set before anybody asked keeps its value", async () => {
  const latch = new Latch<string | undefined>();
  latch.set(undefined);
  assert.equal(latch.isSet, true);
  assert.equal(await latch.promise, undefined);
  assert.equal(latch.promise, latch.promise);
});

test("a latch is set once: the first value stays", async () => {
  const latch = new Latch<number>();
  latch.set(1);
  latch.set(2);
  assert.equal(await latch.promise, 1);
});
