/** Waits for which being late is an answer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { settled } from "../../lib/settled.js";

const never = new Promise<never>(() => {});

test("settled gives the value, undefined when it is late, and the error of the promise", async () => {
  assert.equal(await settled(Promise.resolve("value"), 2 ** 31 - 1), "value");
  assert.equal(await settled(never, 0), undefined);
  const error = new Error("failed");
  await assert.rejects(settled(Promise.reject(error), 2 ** 31 - 1), error);
});

test("settled gives undefined when its signal fires, or has fired before", async () => {
  const controller = new AbortController();
  const waiting = settled(never, 2 ** 31 - 1, controller.signal);
  controller.abort();
  assert.equal(await waiting, undefined);
  assert.equal(await settled(never, 2 ** 31 - 1, controller.signal), undefined);
});
