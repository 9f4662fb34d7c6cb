/** One connection for all callers of a client. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { HostConnection } from "../../../lib/host/host-connection.js";
import { SharedConnection } from "../../../lib/host/shared-connection.js";
import { Deferred } from "../../../protocol/async/deferred.js";

/** Attempts that the test settles one by one. */
function attempts() {
  const all: Deferred<HostConnection>[] = [];
  const signals: AbortSignal[] = [];
  const connection = new SharedConnection((signal) => {
    signals.push(signal);
    const attempt = new Deferred<HostConnection>();
    all.push(attempt);
    return attempt.promise;
  });
  return { all, signals, connection };
}

const made = { close: async () => {} } as HostConnection;

test("callers share one attempt, and a failed one is forgotten", async () => {
  const { all, connection } = attempts();
  const first = [connection.openWithin(), connection.openWithin()];
  const refused = new Error("refused");
  all[0]?.reject(refused);
  for (const waiting of first) await assert.rejects(waiting, refused);
  const second = connection.openWithin();
  all[1]?.resolve(made);
  assert.equal(await second, made);
  assert.equal(await connection.openWithin(), made);
  assert.equal(all.length, 2);
});

test("a caller that gives up leaves the attempt to the others", async () => {
  const { all, connection } = attempts();
  const patient = connection.openWithin();
  await assert.rejects(connection.openWithin({ timeoutMs: 0 }), {
    code: "connect-timeout",
    message: "plugin: no connection within the 0 ms of this call",
  });
  const cause = new Error("changed my mind");
  const signal = AbortSignal.abort(cause);
  await assert.rejects(connection.openWithin({ signal }), { code: "aborted", cause });
  all[0]?.resolve(made);
  assert.equal(await patient, made);
  assert.equal(all.length, 1);
});

test("close waits for an attempt under way, and for nothing if there is none", async () => {
  const { all, signals, connection } = attempts();
  await connection.close();
  assert.equal(all.length, 0);
  const opening = assert.rejects(connection.open(), { message: "killed" });
  connection.stopDialling(new Error("killed"));
  assert.equal(signals[0]?.aborted, true);
  const closing = connection.close();
  all[0]?.reject(signals[0]?.reason);
  await opening;
  await closing;
});
