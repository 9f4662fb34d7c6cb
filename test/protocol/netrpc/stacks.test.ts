/** The error of a failed call names the lines that waited for it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryPair } from "../../../lib/net/memory-pair.js";
import { caller, RpcClient, RpcServer, service } from "../../../protocol/netrpc/index.js";
import { int, string } from "../../../protocol/schema/index.js";

const methods = {
  Fail: { args: int(), reply: int() },
  Never: { args: int(), reply: int() },
  Text: { args: int(), reply: string() },
};

/** A server, and a client that expects another reply of `Text` than it gets. */
function joined() {
  const [near, far] = memoryPair();
  const server = new RpcServer();
  const wrong = { ...methods, Text: { args: int(), reply: int() } };
  const implementation = {
    Fail: () => {
      throw new Error("no");
    },
    Never: () => new Promise<number>(() => {}),
    Text: () => 5,
  };
  server.register("P", service(wrong, implementation));
  void server.serveConn(far);
  const rpc = new RpcClient(near);
  return { rpc, p: caller(rpc, "P", methods), end: () => far.end() };
}
type Joined = ReturnType<typeof joined>;

const FAILURES: Readonly<Record<string, (on: Joined) => Promise<unknown>>> = {
  "an answer": ({ p }) => p.Fail(1),
  "a reply that does not fit": ({ p }) => p.Text(1),
  "a time limit": ({ p }) => p.Never(1, { timeoutMs: 1 }),
  "a signal": ({ p }) => {
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    return p.Never(1, { signal: controller.signal });
  },
  "the end of the connection": ({ p, end }) => {
    setImmediate(end);
    return p.Never(1);
  },
  "our own close": ({ p, rpc }) => {
    setImmediate(() => void rpc.close());
    return p.Never(1);
  },
  "a call after the end": async ({ p, rpc }) => {
    await rpc.close();
    await p.Never(1);
  },
};

const WAYS: Readonly<Record<string, (call: () => Promise<unknown>) => Promise<unknown>>> = {
  await: async function waitingUser(call) {
    await call();
  },
  "Promise.all": async function waitingUser(call) {
    await Promise.all([call(), new Promise(setImmediate)]);
  },
  "then and finally": async function waitingUser(call) {
    await call()
      .then((reply) => reply)
      .finally(() => {});
  },
};

for (const [failure, fail] of Object.entries(FAILURES)) {
  for (const [way, wait] of Object.entries(WAYS)) {
    test(`the stack of the error of ${failure} names who waited with ${way}`, async (t) => {
      const on = joined();
      t.after(() => on.rpc.close());
      await assert.rejects(
        wait(() => fail(on)),
        ({ stack, name, message }: Error) => {
          assert.ok(stack?.startsWith(`${name}: ${message}\n`), stack);
          assert.match(stack ?? "", /at async waitingUser .*stacks\.test\.ts:\d+:\d+/);
          return true;
        },
      );
    });
  }
}

test("an error that nobody awaits arrives as it is", async () => {
  const { p } = joined();
  const error = await new Promise<Error>((resolve) => {
    p.Fail(1).catch(resolve);
  });
  assert.equal(error.message, "no");
  assert.match(error.stack ?? "", /^ServerError: no/);
});
