import type { TestContext } from "node:test";

/** Stands in for the real clock until the end of the test: for timers and for `performance.now`. */
export function clock(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let nowMs = 1_000_000;
  t.mock.method(performance, "now", () => nowMs);
  return {
    /** Time passes, and timers that are due fire. */
    pass: async (ms: number) => {
      nowMs += ms;
      t.mock.timers.tick(ms);
      // The work that timers start goes on in microtasks.
      await new Promise(setImmediate);
    },
    /** Time passes while nothing runs, not even timers: the event loop is blocked. */
    stop: (ms: number) => {
      nowMs += ms;
    },
  };
}
