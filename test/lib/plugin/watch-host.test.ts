/** When a plugin takes its host for gone. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { watchHost } from "../../../lib/plugin/watch-host.js";

/** A watch with nobody at the other end of stdout. */
function watched(t: TestContext) {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const seen = { connections: 0, gone: 0 };
  const end = watchHost({
    connectionCount: () => seen.connections,
    onHostGone: () => {
      seen.gone += 1;
    },
    hasReader: () => false,
  });
  const pass = (ms: number): void => t.mock.timers.tick(ms);
  return { seen, end, pass };
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
};

test("[PLUGIN-9] a plugin without a host and without a reader is told once", async (t) => {
  const { seen, pass } = watched(t);
  pass(1000);
  await turns();
  pass(5000);
  await turns();
  assert.equal(seen.gone, 1);
});

test("[PLUGIN-9] [YAMUX-58] a host whose connection waits to be accepted is not gone", async (t) => {
  const { seen, pass } = watched(t);
  pass(1000);
  // Accepted after the timers, because our own process was blocked.
  seen.connections = 1;
  await turns();
  assert.equal(seen.gone, 0);
});

test("[PLUGIN-9] nobody is told after the end of the watch", async (t) => {
  const { seen, end, pass } = watched(t);
  pass(1000);
  end();
  await turns();
  pass(5000);
  await turns();
  assert.equal(seen.gone, 0);
});
