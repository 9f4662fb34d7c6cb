/** A clock that tests move. */
import type { TestContext } from "node:test";

/** Replaces `setTimeout` and `performance.now` until the end of the test. */
export function clock(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let nowMs = 1_000_000;
  t.mock.method(performance, "now", () => nowMs);
  return {
    /** Moves the time on. Timers that are due fire. */
    pass: async (ms: number) => {
      nowMs += ms;
      t.mock.timers.tick(ms);
      // A time limit fires when what has arrived was handled, and what it starts may continue in microtasks.
      for (let turns = 0; turns < 3; turns++) await new Promise(setImmediate);
    },
    /** Moves the time on without firing timers, as a blocked event loop does. */
    stop: (ms: number) => {
      nowMs += ms;
    },
  };
}
