/** Clients that are ended together. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanupClients, wasCleanedUp } from "goplug";
import { lifeClient, lifeProgram } from "../../helpers/hosts/life-client.js";

test("managed clients are ended together, and forgotten", async (t) => {
  const command = [await lifeProgram()];
  const clients = [1, 2].map(() => lifeClient(t, { command, managed: true }));
  await Promise.all(clients.map((client) => client.start()));
  const early = lifeClient(t, { command, managed: true });
  await early.start();
  await early.kill();
  let kills = 0;
  early.kill = async () => {
    kills++;
    return { outcome: "exited" };
  };
  assert.equal(wasCleanedUp(), false);
  await cleanupClients();
  assert.equal(wasCleanedUp(), true);
  assert.equal(kills, 0, "a client that was killed is killed again");
  for (const client of clients) {
    assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
  }
});
