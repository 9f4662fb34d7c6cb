/**
 * scripts/test.ts loads this file into the process of each test file.
 *
 * A Node warning fails the test that caused it. Warnings about experimental APIs are exempt, because Node 20 prints one
 * for its mocked timers. A process that does not end by itself, because a test left a handle open or never settles, is
 * ended. The names of the open handles are printed.
 */
process.on("warning", (warning) => {
  if (warning.name !== "ExperimentalWarning") throw warning;
});

const limitMs = Number(process.env.TEST_FILE_LIMIT_MS);

// The timer does not keep the process alive. It fires only when something else does.
setTimeout(() => {
  const open = process.getActiveResourcesInfo().join(", ");
  console.error(`test file still running after ${limitMs} ms; open: ${open}`);
  // Node's test runner then reports the pending tests, as at the end of the event loop.
  process.emit("beforeExit", 1);
  setTimeout(() => process.exit(1), 500);
}, limitMs).unref();
