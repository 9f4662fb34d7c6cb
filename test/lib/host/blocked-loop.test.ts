/** A host whose event loop was blocked. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, definePlugin, gob } from "goplug";
import { serveTest } from "goplug/testing";
import { clock } from "../../helpers/clock.js";

const handshake = { protocolVersion: 1, magicCookieKey: "K", magicCookieValue: "v" };
const numbers = definePlugin({ Double: { args: gob.int(), reply: gob.int() } });
const plugins = { numbers: numbers.implement({ Double: (n) => 2 * n }) };

test("a host logs that it was blocked, as long as it is connected", async (t) => {
  const warnings: unknown[] = [];
  const silent = () => {};
  const warn = (fields: object, text: string) => warnings.push({ ...fields, text });
  await using server = await serveTest({ handshake, plugins });
  const client = new Client({
    handshake,
    plugins,
    reattach: server.reattach,
    logger: { trace: silent, debug: silent, info: silent, warn, error: silent },
  });
  const { pass, stop } = clock(t);
  await client.ping();
  stop(30_000);
  await pass(1000);
  const warning = {
    blockedMs: 30_000,
    text: "event loop was blocked; a peer gives up after 10000 ms without an answer",
  };
  assert.deepEqual(warnings, [warning]);
  await client.kill();
  stop(30_000);
  await pass(1000);
  assert.deepEqual(warnings, [warning]);
});
