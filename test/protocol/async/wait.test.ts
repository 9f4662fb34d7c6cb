/** Waits that time or a signal ends, with a faked clock. No timer and no listener stays. */
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import test, { type TestContext } from "node:test";
import { MAX_TIMER_MS } from "../../../protocol/async/timer.js";
import {
  Bound,
  type GiveUpReason,
  Wait,
  type WaitOptions,
  within,
} from "../../../protocol/async/wait.js";

/** Time stands still but for what this returns. */
function clock(t: TestContext): (ms: number) => Promise<void> {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  return async (ms) => {
    t.mock.timers.tick(ms);
    // A time limit counts when what has arrived was handled, which takes two turns.
    for (let turns = 0; turns < 3; turns++) await new Promise(setImmediate);
  };
}

const listeners = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

/** Timers that hold the process now. */
const timers = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;

/** A bound, and how often and why it gave up. */
function bounded(options: WaitOptions) {
  const given: unknown[] = [];
  const bound = new Bound(options, (reason, cause) => given.push([reason, cause]));
  return { bound, given };
}

const giveUp = (reason: GiveUpReason, cause?: unknown): Error => new Error(reason, { cause });

/** For assert.rejects: what {@link giveUp} makes. */
const gaveUp = (reason: GiveUpReason, cause?: unknown) => (error: unknown) => {
  assert.ok(error instanceof Error);
  assert.equal(error.message, reason);
  assert.equal(error.cause, cause);
  return true;
};

// Bound

test("a bound gives up when the time is over, and takes its listener off", async (t) => {
  const tick = clock(t);
  const { signal } = new AbortController();
  const { given } = bounded({ signal, timeoutMs: 100 });
  await tick(99);
  assert.deepEqual(given, []);
  assert.equal(listeners(signal), 1);
  await tick(1);
  assert.deepEqual(given, [["timeout", undefined]]);
  assert.equal(listeners(signal), 0);
});

test("a bound gives up when the signal fires, and its time no longer counts", async (t) => {
  const tick = clock(t);
  const controller = new AbortController();
  const { given } = bounded({ signal: controller.signal, timeoutMs: 100 });
  controller.abort("enough");
  await tick(1000);
  assert.deepEqual(given, [["aborted", "enough"]]);
  assert.equal(listeners(controller.signal), 0);
});

test("a timeout that is longer than Node's timers take does not fire at once", async (t) => {
  const tick = clock(t);
  const { given } = bounded({ timeoutMs: 1e12 });
  await tick(MAX_TIMER_MS - 1);
  assert.deepEqual(given, []);
  await tick(1);
  assert.deepEqual(given, [["timeout", undefined]]);
});

for (const timeoutMs of [2 ** 31, Number.POSITIVE_INFINITY]) {
  test(`a timeout of ${timeoutMs} ms is a timer that Node takes as it is`, async () => {
    const { bound, given } = bounded({ timeoutMs });
    // Node warns of a timer that is too long, which fails the test, and fires it after 1 ms.
    const end = performance.now() + 5;
    while (performance.now() < end) await new Promise(setImmediate);
    assert.deepEqual(given, []);
    bound.release();
  });
}

test("a timeout of 0 fires with the next timers", async (t) => {
  const tick = clock(t);
  const { given } = bounded({ timeoutMs: 0 });
  assert.deepEqual(given, []);
  await tick(1);
  assert.deepEqual(given, [["timeout", undefined]]);
});

test("a bound without limits never gives up", async (t) => {
  const tick = clock(t);
  const { given } = bounded({});
  await tick(MAX_TIMER_MS);
  assert.deepEqual(given, []);
});

test("a bound does not notice a signal that fired before", async (t) => {
  const tick = clock(t);
  const { given } = bounded({ signal: AbortSignal.abort("early"), timeoutMs: 100 });
  assert.deepEqual(given, []);
  await tick(100);
  assert.deepEqual(given, [["timeout", undefined]]);
});

test("release leaves no timer and no listener, however often it is called", async (t) => {
  const tick = clock(t);
  const controller = new AbortController();
  const { bound, given } = bounded({ signal: controller.signal, timeoutMs: 100 });
  bound.release();
  bound.release();
  assert.equal(listeners(controller.signal), 0);
  await tick(1000);
  controller.abort();
  assert.deepEqual(given, []);
});

test("a bound holds the process until it is released, unless told not to", () => {
  const before = timers();
  const holding = new Bound({ timeoutMs: 60_000 }, () => {});
  const idle = new Bound({ timeoutMs: 60_000 }, () => {}, false);
  assert.equal(timers(), before + 1);
  holding.release();
  idle.release();
  assert.equal(timers(), before);
});

// Wait

test("a wait resolves with what its owner gives, and leaves nothing behind", async (t) => {
  const tick = clock(t);
  const { signal } = new AbortController();
  const wait = new Wait<string>({ signal, timeoutMs: 100 }, () => assert.fail());
  wait.resolve("here");
  assert.equal(listeners(signal), 0);
  await tick(1000);
  assert.equal(await wait.promise, "here");
});

test("a wait rejects with what its owner gives, and leaves nothing behind", async (t) => {
  const tick = clock(t);
  const { signal } = new AbortController();
  const wait = new Wait<string>({ signal, timeoutMs: 100 }, () => assert.fail());
  wait.reject(new Error("gone"));
  const gone = assert.rejects(wait.promise, /gone/);
  assert.equal(listeners(signal), 0);
  await tick(1000);
  await gone;
});

test("a wait that took too long rejects with its owner's error, and what comes later is dropped", async (t) => {
  const tick = clock(t);
  const wait = new Wait<string>({ timeoutMs: 100 }, giveUp);
  const late = assert.rejects(wait.promise, gaveUp("timeout"));
  await tick(100);
  wait.resolve("late");
  await late;
});

test("a wait whose signal fires rejects with its owner's error and the signal's reason", async () => {
  const controller = new AbortController();
  const wait = new Wait<string>({ signal: controller.signal }, giveUp);
  controller.abort("enough");
  await assert.rejects(wait.promise, gaveUp("aborted", "enough"));
});

test("a wait can leave the process free to end", () => {
  const before = timers();
  const wait = new Wait<void>({ timeoutMs: 60_000 }, giveUp, false);
  assert.equal(timers(), before);
  wait.resolve();
});

// within

test("within gives the value or the error of the work, and leaves nothing behind", async (t) => {
  const tick = clock(t);
  const { signal } = new AbortController();
  const limits = { signal, timeoutMs: 100 };
  assert.equal(await within(Promise.resolve(1), limits, giveUp), 1);
  await assert.rejects(within(Promise.reject(new Error("its own")), limits, giveUp), /its own/);
  assert.equal(listeners(signal), 0);
  await tick(1000);
});

test("within hands the work back as it is when there are no limits", () => {
  const work = Promise.resolve(1);
  assert.equal(within(work, {}, giveUp), work);
});

test("within gives up work that takes too long", async (t) => {
  const tick = clock(t);
  const late = within(new Promise(() => {}), { timeoutMs: 100 }, giveUp);
  const gone = assert.rejects(late, gaveUp("timeout"));
  await tick(100);
  await gone;
});

test("within gives up when the signal fires", async () => {
  const controller = new AbortController();
  const aborted = within(new Promise(() => {}), { signal: controller.signal }, giveUp);
  controller.abort("enough");
  await assert.rejects(aborted, gaveUp("aborted", "enough"));
  assert.equal(listeners(controller.signal), 0);
});

test("within gives up at once when the signal fired before, whatever the work comes to", async () => {
  const signal = AbortSignal.abort("early");
  const limits = { signal, timeoutMs: 60_000 };
  const before = timers();
  await assert.rejects(within(Promise.resolve(1), limits, giveUp), gaveUp("aborted", "early"));
  await assert.rejects(
    within(Promise.reject(new Error("its own")), limits, giveUp),
    gaveUp("aborted", "early"),
  );
  assert.equal(listeners(signal), 0);
  assert.equal(timers(), before);
});

test("work that fails after it was given up causes no unhandled rejection", async (t) => {
  const tick = clock(t);
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", listen);
  t.after(() => process.off("unhandledRejection", listen));
  let fail!: (error: Error) => void;
  const work = new Promise<void>((_resolve, reject) => {
    fail = reject;
  });
  const late = assert.rejects(within(work, { timeoutMs: 100 }, giveUp), gaveUp("timeout"));
  await tick(100);
  await late;
  fail(new Error("its own"));
  await new Promise(setImmediate);
  assert.deepEqual(unhandled, []);
});
