/** A plugin whose event loop was blocked. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryPair } from "../../../lib/net/memory-pair.js";
import { NULL_LOGGER } from "../../../lib/observe/logger.js";
import { PluginConnection } from "../../../lib/plugin/plugin-connection.js";
import { SyncOutput } from "../../../lib/plugin/sync-output.js";
import { clock } from "../../helpers/clock.js";
import { within } from "../../helpers/within.js";

test("[YAMUX-43] a plugin logs that it was blocked when its host seems not to answer", async (t) => {
  const { pass, stop } = clock(t);
  const [, pluginEnd] = memoryPair();
  const errors: string[] = [];
  const connection = new PluginConnection(pluginEnd, {
    plugins: {},
    stdout: new SyncOutput({ name: "stdout" }),
    stderr: new SyncOutput({ name: "stderr" }),
    logger: { ...NULL_LOGGER, error: ({ error }, text) => errors.push(`${text}: ${error}`) },
  });
  const served = connection.serve();
  await pass(30_000);
  // A ping was sent. Its answer is due within 10 s, but our timer fires after 52 s. Then the answer gets 10 s more.
  stop(42_000);
  await pass(10_000);
  await pass(10_000);
  await within(60_000, "the end", served);
  assert.equal(errors.length, 1);
  assert.match(
    errors[0] ?? "",
    /keepalive timeout \(no answer to a ping within 10000 ms, nor within 62000 ms; /,
  );
  assert.match(errors[0] ?? "", /this process' own event loop was blocked meanwhile\)$/);
});
