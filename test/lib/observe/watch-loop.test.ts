/** A blocked event loop is noticed and reported. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gob } from "goplug";
import { memoryPair } from "../../../lib/net/memory-pair.js";
import { watchLoop } from "../../../lib/observe/watch-loop.js";
import { Session } from "../../../mux/session.js";
import { RpcClient } from "../../../protocol/netrpc/index.js";
import { clock } from "../../helpers/clock.js";

test("[YAMUX-43] a call that failed because our own event loop was blocked says so", async (t) => {
  const { pass, stop } = clock(t);
  const [near] = memoryPair();
  const session = Session.client(near, { keepAliveIntervalMs: 5, connectionWriteTimeoutMs: 20 });
  const client = new RpcClient(await session.open());
  const call = client.call("Plugin.Double", { args: gob.int(), reply: gob.int() }, 1);
  const failed = assert.rejects(call, {
    code: "unexpected-eof",
    message: /keepalive timeout .*this process' own event loop was blocked meanwhile/,
  });
  await pass(5);
  // Blocked while the answer to the first ping is due. The other end never answers.
  stop(100);
  await pass(20);
  await pass(20);
  await failed;
});

test("every watcher learns that the event loop was blocked longer than a peer waits", async (t) => {
  const { pass, stop } = clock(t);
  const told: number[] = [];
  const ends = [1, 2].map(() => watchLoop((blockedMs) => told.push(blockedMs)));
  for (let second = 0; second < 60; second++) await pass(1000);
  stop(9_999);
  await pass(1000);
  assert.deepEqual(told, []);
  stop(12_000);
  await pass(1000);
  assert.deepEqual(told, [12_000, 12_000]);
  ends[0]?.();
  stop(40_000);
  await pass(1000);
  assert.deepEqual(told.slice(2), [40_000]);
  ends[1]?.();
  stop(40_000);
  await pass(1000);
  assert.equal(told.length, 3);
});
