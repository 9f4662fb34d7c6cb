/** Errors of calls that the owner of the connection explains: at once, or when it knows more. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryPair } from "../../../lib/net/memory-pair.js";
import { Deferred } from "../../../protocol/async/deferred.js";
import type { RpcError } from "../../../protocol/errors.js";
import { type ExplainFailure, RpcClient } from "../../../protocol/netrpc/index.js";
import { int } from "../../../protocol/schema/index.js";

class Explained extends Error {}

/** A client whose failures `explain` explains, the other end, and what ends the loans of each call. */
function explainedClient(explain: ExplainFailure) {
  const [near, far] = memoryPair();
  const reasons: RpcError[] = [];
  const ends: unknown[] = [];
  const scope = { commit() {}, rollback() {}, settle: () => undefined };
  const rpc = new RpcClient(near, {
    explainEnd: (reason) => {
      reasons.push(reason);
      return explain;
    },
    newScope: () => ({ ...scope, end: (error?: unknown) => void ends.push(error) }),
  });
  const call = (signal?: AbortSignal) =>
    rpc.call("A.B", { args: int(), reply: int() }, 1, { signal });
  return { rpc, far, call, reasons, ends };
}

test("[NETRPC-11] calls that the end of the connection fails are explained, and so are their loans", async () => {
  const wrap: ExplainFailure = (cause) => new Explained("because", { cause });
  const { far, call, reasons, ends } = explainedClient(wrap);
  const pending = [call(), call()];
  far.end();
  for (const waiting of pending) {
    await assert.rejects(waiting, (error: Error) => {
      assert.ok(error instanceof Explained);
      assert.equal((error.cause as RpcError).code, "unexpected-eof");
      assert.ok(ends.includes(error));
      return true;
    });
  }
  await assert.rejects(call(), (error: Error) => (error.cause as RpcError).code === "shutdown");
  assert.deepEqual(
    reasons.map(({ code }) => code),
    ["unexpected-eof"],
  );
});

test("[NETRPC-11] an explanation that takes time is waited for, call by call", async () => {
  const known = new Deferred<Error>();
  const { far, call, rpc, ends } = explainedClient(() => known.promise);
  const waiting = call();
  far.end();
  await rpc.closed;
  const later = call();
  assert.deepEqual(ends, []);
  const error = new Explained("now it is known");
  known.resolve(error);
  await assert.rejects(waiting, error);
  await assert.rejects(later, error);
  assert.deepEqual(ends, [error]);
});

test("[NETRPC-13] what the caller gave up is not explained", async () => {
  const { call } = explainedClient(() => assert.fail("it was explained"));
  const controller = new AbortController();
  const waiting = call(controller.signal);
  controller.abort();
  await assert.rejects(waiting, { name: "RpcError", code: "aborted" });
});
