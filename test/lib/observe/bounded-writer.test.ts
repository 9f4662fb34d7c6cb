/** A plugin's output on its way to a slow stream of the host's user. */
import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { test } from "node:test";
import { BoundedWriter } from "../../../lib/observe/bounded-writer.js";

const MIB = 1 << 20;

/** A stream that takes a chunk only when it is told to, and a source that remembers whether it waits. */
function slow(hasSource: boolean) {
  const pending: (() => void)[] = [];
  const to = new Writable({
    highWaterMark: 1,
    write: (_chunk, _encoding, done) => void pending.push(done),
  });
  const dropped: number[] = [];
  const state = { isPaused: false };
  const source = {
    pause: () => {
      state.isPaused = true;
    },
    resume: () => {
      state.isPaused = false;
    },
  };
  const onDropped = (bytes: number) => void dropped.push(bytes);
  const writer = new BoundedWriter(to, { onDropped, ...(hasSource ? { source } : {}) });
  const takeOne = async () => {
    pending.shift()?.();
    await new Promise(setImmediate);
  };
  const takeAll = async () => {
    while (pending.length > 0) await takeOne();
  };
  return { to, writer, dropped, state, takeOne, takeAll };
}

test("[PLUGIN-13] a source that can wait waits for a slow reader, and nothing is dropped", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { writer, dropped, state, takeOne, takeAll } = slow(true);
  writer.write(Buffer.alloc(MIB));
  assert.equal(state.isPaused, false);
  writer.write(Buffer.alloc(1));
  assert.equal(state.isPaused, true);
  // As long as the reader takes something, it is waited for.
  t.mock.timers.tick(9_999);
  await takeOne();
  t.mock.timers.tick(9_999);
  assert.equal(state.isPaused, true);
  await takeAll();
  assert.equal(state.isPaused, false);
  assert.deepEqual(dropped, []);
});

test("[PLUGIN-13] a reader that takes nothing for 10 s holds the plugin up no longer, and the loss is told", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { to, writer, dropped, state, takeAll } = slow(true);
  writer.write(Buffer.alloc(2 * MIB));
  t.mock.timers.tick(10_000);
  assert.equal(state.isPaused, false);
  writer.write(Buffer.alloc(1000));
  writer.write(Buffer.alloc(24));
  assert.equal(state.isPaused, false);
  assert.equal(to.writableLength, 2 * MIB);
  await takeAll();
  assert.deepEqual(dropped, [1024]);
  writer.write(Buffer.alloc(2 * MIB));
  assert.equal(state.isPaused, true);
  to.destroy();
  await new Promise(setImmediate);
  assert.equal(state.isPaused, false);
});

test("without a source that can wait, what a slow reader does not take is dropped and told", async () => {
  const { writer, dropped, takeAll } = slow(false);
  writer.write(Buffer.alloc(2 * MIB));
  writer.write(Buffer.alloc(7));
  await takeAll();
  assert.deepEqual(dropped, [7]);
  writer.write(Buffer.alloc(2 * MIB));
  writer.write(Buffer.alloc(8));
  writer.end();
  assert.deepEqual(dropped, [7, 8]);
});

test("a stream of many plugins gets no listener more while it takes everything", () => {
  const to = new Writable({ write: (_chunk, _encoding, done) => done() });
  const writer = new BoundedWriter(to, { onDropped: () => {} });
  writer.write(Buffer.alloc(10));
  assert.equal(to.listenerCount("drain"), 0);
});
