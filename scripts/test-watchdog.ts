/**
 * scripts/test.ts loads this file into the process of each test file.
 *
 * A Node warning fails the test that caused it. Warnings about experimental APIs are exempt, because Node 20 prints one
 * for its mocked timers. A process in which no test ends any more, because a test left a handle open or never settles,
 * is ended. The names of the open handles are printed.
 */
import { availableParallelism, loadavg } from "node:os";
import { afterEach } from "node:test";

process.on("warning", (warning) => {
  if (warning.name !== "ExperimentalWarning") throw warning;
});

const CHECK_MS = 1000;

/** How long nothing may end, in seconds that this process had a processor for itself. */
const patience = Number(process.env.TEST_PATIENCE_S);
let left = patience;

afterEach(() => {
  left = patience;
});

/** On a busy machine a second counts for as much as is left of it for one process more. */
const share = (): number => Math.min(1, availableParallelism() / Math.max(1, loadavg()[0] ?? 0));

// The timer does not keep the process alive. It fires only when something else does.
const timer = setInterval(() => {
  left -= share();
  if (left > 0) return;
  clearInterval(timer);
  const open = process.getActiveResourcesInfo().join(", ");
  console.error(`no test has ended for ${patience} seconds of processor time; open: ${open}`);
  // Node's test runner then reports the pending tests, as at the end of the event loop.
  process.emit("beforeExit", 1);
  setTimeout(() => process.exit(1), 500);
}, CHECK_MS).unref();
