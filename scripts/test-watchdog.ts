/**
 * Loaded into each test file's process by scripts/test.ts.
 *
 * A Node warning fails the test that caused it, unless it only says that an API is experimental, as
 * Node 20 does of its mocked timers. A process that does not end by itself, because a
 * test left a handle open or never settles, is ended with the names of what it waits for.
 */
process.on("warning", (warning) => {
  if (warning.name !== "ExperimentalWarning") throw warning;
});

const limitMs = Number(process.env.TEST_FILE_LIMIT_MS);

// Does not hold the process itself, so it fires only where something else does.
setTimeout(() => {
  const open = process.getActiveResourcesInfo().join(", ");
  console.error(`test file still running after ${limitMs} ms; open: ${open}`);
  // Node's test runner takes this for the end of the event loop and names the pending tests.
  process.emit("beforeExit", 1);
  setTimeout(() => process.exit(1), 500);
}, limitMs).unref();
