/** Calls over a pair in memory: answers, errors, refusals, giving up, and the end of a connection. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryPair } from "../../../lib/net/memory-pair.js";
import { Deferred } from "../../../protocol/async/deferred.js";
import { CodecError, type RpcError, ServerError } from "../../../protocol/errors.js";
import {
  type CallContext,
  caller,
  RpcClient,
  RpcServer,
  type ServeConnOptions,
  service,
} from "../../../protocol/netrpc/index.js";
import { any, bytes, empty, int, string, struct } from "../../../protocol/schema/index.js";

const point = struct("Point", { X: int(), Y: int() });
const methods = {
  Double: { args: int(), reply: int() },
  Fail: { args: int(), reply: int() },
  Silent: { args: int(), reply: int() },
  Wait: { args: string(), reply: string() },
  Sum: { args: point, reply: int() },
  Bad: { args: int(), reply: int() },
  Nothing: { args: empty(), reply: empty() },
  any: { go: "Any", args: any(), reply: any() },
  Bytes: { args: bytes(), reply: bytes() },
};

/** A client and a server joined in memory; `gates` let the test decide when Wait answers. */
function pair(options: ServeConnOptions = {}) {
  const [near, far] = memoryPair();
  const gates = new Map<string, Deferred<string>>();
  const contexts: CallContext[] = [];
  const started: string[] = [];
  const server = new RpcServer();
  server.register(
    "Plugin",
    service(methods, {
      Double: (n) => 2 * n,
      Fail: (n) => {
        throw new Error(`no such key ${n}`);
      },
      Silent: () => Promise.reject(new Error("")),
      Wait: (name, call) => {
        contexts.push(call);
        started.push(name);
        const own = gates.get(name) ?? new Deferred<string>();
        gates.set(name, own);
        return own.promise;
      },
      Sum: ({ X, Y }) => X + Y,
      Bad: () => "text" as never,
      Nothing: () => {},
      any: (value) => value as string,
      Bytes: (value) => value,
    }),
  );
  const done = server.serveConn(far, options);
  const rpc = new RpcClient(near);
  return {
    rpc,
    plugin: caller(rpc, "Plugin", methods),
    server,
    done,
    gates,
    contexts,
    started,
    far,
  };
}

test("[NETRPC-1] calls of many shapes get their answers", async () => {
  const { plugin } = pair();
  assert.equal(await plugin.Double(21), 42);
  assert.equal(await plugin.Double(-3), -6);
  assert.equal(await plugin.Sum({ X: 1, Y: 2 }), 3);
  assert.equal(await plugin.Nothing(), undefined);
  assert.equal(await plugin.any(), null);
  assert.equal(await plugin.any("x"), "x");
  assert.deepEqual(
    await plugin.Bytes(new Uint8Array(300_000).fill(7)),
    new Uint8Array(300_000).fill(7),
  );
});

test("[NETRPC-5] answers are matched by Seq, in whatever order they come", async () => {
  const { plugin, gates } = pair();
  const first = plugin.Wait("first");
  const second = plugin.Wait("second");
  assert.equal(await plugin.Double(1), 2);
  gates.get("second")!.resolve("2");
  assert.equal(await second, "2");
  gates.get("first")!.resolve("1");
  assert.equal(await first, "1");
});

test("[NETRPC-5] 10,000 calls in flight, errors among them, each get their own answer", async () => {
  const { plugin } = pair();
  const results = await Promise.allSettled(
    Array.from({ length: 10_000 }, (_, n) => (n % 3 === 0 ? plugin.Fail(n) : plugin.Double(n))),
  );
  for (const [n, result] of results.entries()) {
    if (result.status === "fulfilled") assert.equal(result.value, 2 * n);
    else assert.equal((result.reason as Error).message, `no such key ${n}`);
    assert.equal(result.status, n % 3 === 0 ? "rejected" : "fulfilled");
  }
});

test("[NETRPC-6] a handler's error is its text, byte for byte, and the connection goes on", async () => {
  const { plugin } = pair();
  await assert.rejects(plugin.Fail(1), (error: ServerError) => {
    assert.ok(error instanceof ServerError);
    assert.equal(error.message, "no such key 1");
    assert.equal(error.serviceMethod, "Plugin.Fail");
    return true;
  });
  assert.equal(await plugin.Double(2), 4);
});

test("[NETRPC-9] an error without text does not become success", async () => {
  const { plugin } = pair();
  await assert.rejects(plugin.Silent(1), { message: "Error without a message" });
});

const refusals: [serviceMethod: string, text: string][] = [
  ["Nobody.Double", "rpc: can't find service Nobody.Double"],
  ["Plugin.NoSuchMethod", "rpc: can't find method Plugin.NoSuchMethod"],
  ["Plugin.", "rpc: can't find method Plugin."],
  ["NoDot", "rpc: service/method request ill-formed: NoDot"],
  ["", "rpc: service/method request ill-formed: "],
];
for (const [serviceMethod, text] of refusals) {
  test(`[NETRPC-7] ${JSON.stringify(serviceMethod)} is refused with Go's text, whatever its argument`, async () => {
    const { rpc, plugin } = pair();
    for (const args of [any(), int(), point, empty()] as const) {
      const value = { any: null, int: 1, point: { X: 1, Y: 2 } };
      const given =
        args.kind === "interface" ? value.any : args.kind === "int" ? value.int : value.point;
      await assert.rejects(
        rpc.call(serviceMethod, { args, reply: int() }, given as never),
        (error: ServerError) => error instanceof ServerError && error.message === text,
      );
    }
    assert.equal(await plugin.Double(1), 2);
  });
}

test("[NETRPC-4] a service name may have dots", async () => {
  const { rpc, server } = pair();
  server.register("a.b.C", service({ D: methods.Double }, { D: (n) => n + 1 }));
  assert.equal(await rpc.call("a.b.C.D", methods.Double, 1), 2);
});

test("[NETRPC-8] an argument of another type is answered with the decoder's text", async () => {
  const { rpc, plugin } = pair();
  await assert.rejects(
    rpc.call("Plugin.Double", { args: string(), reply: int() }, "x"),
    (error: ServerError) => {
      assert.ok(error instanceof ServerError);
      assert.match(
        error.message,
        /^gob: decoding into local type \*int, received remote type string/,
      );
      return true;
    },
  );
  assert.equal(await plugin.Double(1), 2);
});

test("[NETRPC-12] an argument that cannot be encoded sends nothing, and the next call works", async () => {
  const { plugin } = pair();
  await assert.rejects(plugin.Sum({ X: 1, Y: "2" as never }), (error: CodecError) => {
    assert.ok(error instanceof CodecError);
    assert.match(error.message, /Point\.Y.*int.*string/);
    return true;
  });
  assert.equal(await plugin.Sum({ X: 1, Y: 2 }), 3);
});

test("[NETRPC-12] a reply that cannot be encoded becomes an error, and the connection goes on", async () => {
  const { plugin } = pair();
  await assert.rejects(plugin.Bad(1), ServerError);
  assert.equal(await plugin.Double(1), 2);
});

test("[NETRPC-15] a reply of another type fails its call alone", async () => {
  const { rpc, plugin } = pair();
  const waiting = plugin.Wait("x");
  await assert.rejects(
    rpc.call("Plugin.Double", { args: int(), reply: string() }, 1),
    (error: RpcError) => {
      assert.equal(error.code, "bad-reply");
      assert.match(
        error.message,
        /reading body gob: decoding into local type \*string, received remote type int/,
      );
      assert.ok(error.cause instanceof CodecError);
      return true;
    },
  );
  assert.equal(await plugin.Double(1), 2);
  rpc.close();
  await assert.rejects(waiting, { code: "shutdown" });
});

test("[NETRPC-13] an aborted call stops waiting, and its late answer is passed over", async () => {
  const { plugin, gates } = pair();
  const controller = new AbortController();
  const waiting = plugin.Wait("late", { signal: controller.signal });
  assert.equal(await plugin.Double(1), 2);
  controller.abort(new Error("enough"));
  await assert.rejects(waiting, (error: RpcError) => {
    assert.equal(error.code, "aborted");
    assert.equal((error.cause as Error).message, "enough");
    return true;
  });
  gates.get("late")!.resolve("too late");
  assert.equal(await plugin.Double(2), 4);
  await assert.rejects(plugin.Double(1, { signal: controller.signal }), { code: "aborted" });
});

test("[NETRPC-13] a call past its time limit stops waiting", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { plugin } = pair();
  const waiting = plugin.Wait("never", { timeoutMs: 1000 });
  t.mock.timers.tick(1000);
  await assert.rejects(waiting, (error: RpcError) => {
    assert.equal(error.code, "timeout");
    assert.match(error.message, /no reply within 1000 ms \(Plugin\.Wait, seq 0\)/);
    return true;
  });
});

test("[NETRPC-11] when the peer goes away pending calls fail, and later ones say so", async () => {
  const { rpc, plugin, far } = pair();
  const waiting = [plugin.Wait("a"), plugin.Wait("b")];
  assert.equal(await plugin.Double(1), 2);
  far.end();
  for (const call of waiting) {
    await assert.rejects(call, (error: RpcError) => {
      assert.equal(error.code, "unexpected-eof");
      assert.match(error.message, /unexpected EOF \(Plugin\.Wait, seq \d\)/);
      return true;
    });
  }
  await assert.rejects(plugin.Double(1), { code: "shutdown", message: /connection is shut down/ });
  assert.equal((await rpc.closed).code, "unexpected-eof");
  assert.equal(rpc.isClosed, true);
});

test("[NETRPC-11] closing fails pending calls; closing again is harmless", async () => {
  const { rpc, plugin, done } = pair();
  const waiting = plugin.Nothing();
  await rpc.close();
  await assert.rejects(waiting, { code: "shutdown" });
  await rpc.close();
  await done;
});

test("[NETRPC-14] the server ends when its input has ended and its handlers are done", async () => {
  const { rpc, plugin, done, gates, contexts } = pair();
  const waiting = plugin.Wait("x");
  assert.equal(await plugin.Double(1), 2);
  const signal = contexts[0]!.signal;
  assert.equal(signal.aborted, false);
  await rpc.close();
  await assert.rejects(waiting, { code: "shutdown" });
  const order: string[] = [];
  const ended = done.then(() => order.push("done"));
  signal.addEventListener("abort", () => order.push("abort"));
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
  gates.get("x")!.resolve("");
  await ended;
  assert.equal(order.at(-1), "done");
});

test("a server stops reading while as many calls run as may run", async () => {
  const { plugin, gates, started } = pair({ maxConcurrentCalls: 2 });
  const calls = ["a", "b", "c"].map((name) => plugin.Wait(name));
  await new Promise(setImmediate);
  assert.deepEqual(started, ["a", "b"]);
  gates.get("a")!.resolve("A");
  assert.equal(await calls[0], "A");
  await new Promise(setImmediate);
  assert.deepEqual(started, ["a", "b", "c"]);
  for (const name of ["b", "c"]) gates.get(name)!.resolve(name);
  assert.deepEqual(await Promise.all(calls), ["A", "b", "c"]);
});

test("onBusy is told when the first call waits and when no call waits any more", async () => {
  const [near, far] = memoryPair();
  const server = new RpcServer();
  server.register("Plugin", service({ Double: methods.Double }, { Double: (n) => n }));
  server.serveConn(far);
  const states: boolean[] = [];
  const rpc = new RpcClient(near, { onBusy: (busy) => states.push(busy) });
  await Promise.all([
    rpc.call("Plugin.Double", methods.Double, 1),
    rpc.call("Plugin.Double", methods.Double, 1),
  ]);
  assert.deepEqual(states, [true, false]);
});

test("names that cannot be called or served are refused", () => {
  const { rpc, server } = pair();
  const bad = { code: "bad-service" };
  // biome-ignore lint/suspicious/noThenProperty: the contract under test.
  assert.throws(() => caller(rpc, "P", { then: methods.Double }), bad);
  assert.throws(() => caller(rpc, "P", { a: { ...methods.Double, go: "" } }), bad);
  assert.throws(() => caller(rpc, "P", { a: { ...methods.Double, go: "A.B" } }), bad);
  assert.throws(
    () => caller(rpc, "P", { A: methods.Double, b: { ...methods.Double, go: "A" } }),
    bad,
  );
  assert.throws(() => service({ A: methods.Double }, {} as never), bad);
  assert.throws(() => server.register("Plugin", new Map()), bad);
  assert.throws(() => server.register("", new Map()), bad);
});

test("a caller is not a promise", async () => {
  const { plugin } = pair();
  assert.equal("then" in plugin, false);
  assert.equal(await Promise.resolve(plugin), plugin);
});
