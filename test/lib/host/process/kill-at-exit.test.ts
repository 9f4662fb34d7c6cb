/** What ends plugins with our process, where more than one copy of the package is loaded. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { killAtExit } from "../../../../lib/host/process/kill-at-exit.js";

test("two copies of the package share one handler, and do not wait for each other", async () => {
  const copy = "../../../../lib/host/process/kill-at-exit.js?second";
  const second: { killAtExit: typeof killAtExit } = await import(copy);
  assert.notEqual(second.killAtExit, killAtExit);
  const counts = () => ["exit", "SIGINT", "SIGTERM"].map((name) => process.listenerCount(name));
  const before = counts();
  const nothing = () => {};
  const forgets = [killAtExit(nothing), second.killAtExit(() => {}), killAtExit(() => {})];
  const during = before.map((count) => count + 1);
  assert.deepEqual(counts(), during);
  for (const [index, forget] of forgets.entries()) {
    forget();
    assert.deepEqual(counts(), index < 2 ? during : before);
    forget();
  }
});
