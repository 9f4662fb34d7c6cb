/** The timer behind all time limits, with a faked clock. */
import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { Timer, whenArrivalsHandled } from "../../../protocol/async/timer.js";
import { clock } from "../../helpers/clock.js";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A timer of 100 ms, and how often it fired. */
function timed(t: TestContext) {
  const time = clock(t);
  let fired = 0;
  const timer = new Timer(100, () => {
    fired += 1;
  });
  return { ...time, timer, fired: () => fired };
}

test("what has arrived is handled within two turns of the event loop", async () => {
  const order: string[] = [];
  whenArrivalsHandled((what) => order.push(what), "verdict");
  for (const name of ["first", "second"]) {
    await turn();
    order.push(name);
  }
  await turn();
  assert.deepEqual(order, ["first", "verdict", "second"]);
});

test("a timer that fires in time fires once, after two turns", async (t) => {
  const { timer, fired } = timed(t);
  t.mock.timers.tick(100);
  assert.equal(fired(), 0);
  for (let turns = 0; turns < 3; turns++) await turn();
  assert.equal(fired(), 1);
  timer.clear();
  t.mock.timers.tick(1000);
  for (let turns = 0; turns < 3; turns++) await turn();
  assert.equal(fired(), 1);
});

test("a timer that is cleared in those two turns does not fire", async (t) => {
  const { timer, fired } = timed(t);
  t.mock.timers.tick(100);
  timer.clear();
  for (let turns = 0; turns < 3; turns++) await turn();
  assert.equal(fired(), 0);
});

test("a timer that is late gives the lost time back, once", async (t) => {
  const { pass, stop, fired } = timed(t);
  stop(40);
  await pass(100);
  assert.equal(fired(), 0);
  await pass(39);
  assert.equal(fired(), 0);
  stop(1000);
  await pass(1);
  assert.equal(fired(), 1, "late for the second time");
});

test("a timer that is very late gives back its own time at most", async (t) => {
  const { pass, stop, fired } = timed(t);
  stop(1_000_000);
  await pass(100);
  await pass(99);
  assert.equal(fired(), 0);
  await pass(1);
  assert.equal(fired(), 1);
});

test("a timer that was cleared while it gives time back does not fire", async (t) => {
  const { pass, stop, timer, fired } = timed(t);
  stop(50);
  await pass(100);
  timer.clear();
  await pass(1000);
  assert.equal(fired(), 0);
});

test("a timer that is started anew has its whole time again, also while it looks at what has arrived", async (t) => {
  const { pass, timer, fired } = timed(t);
  await pass(99);
  timer.restart();
  t.mock.timers.tick(100);
  timer.restart();
  for (let turns = 0; turns < 3; turns++) await turn();
  assert.equal(fired(), 0);
  await pass(99);
  assert.equal(fired(), 0);
  await pass(1);
  assert.equal(fired(), 1);
});
