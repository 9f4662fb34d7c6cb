/** What a server does around its calls: services that come and go, calls in calls, handlers that go wrong. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { memoryPair } from "../../../lib/net/memory-pair.js";
import { Broker, Session } from "../../../mux/index.js";
import type { ServerError } from "../../../protocol/errors.js";
import {
  caller,
  gobServerCodec,
  RpcClient,
  RpcServer,
  type Service,
  service,
} from "../../../protocol/netrpc/index.js";
import { any, bytes, int, string, uint32 } from "../../../protocol/schema/index.js";

const number = { args: int(), reply: int() };
const plus = (n: number): Service => service({ Add: number }, { Add: (m) => n + m });

test("services have any names, share a connection, and may be registered while it runs", async () => {
  const [near, far] = memoryPair();
  const server = new RpcServer();
  server.register("One", plus(1));
  void server.serveConn(far);
  const rpc = new RpcClient(near);
  assert.equal(await rpc.call("One.Add", number, 1), 2);
  await assert.rejects(rpc.call("a.b.Two.Add", number, 1), {
    message: "rpc: can't find service a.b.Two.Add",
  });
  server.register("a.b.Two", plus(2));
  assert.equal(await rpc.call("a.b.Two.Add", number, 1), 3);
  assert.throws(() => server.register("One", plus(3)), {
    code: "bad-service",
    message: "rpc: service already defined: One",
  });
  await rpc.close();
});

test("one server serves many connections", async () => {
  const server = new RpcServer();
  server.register("One", plus(1));
  const calls = Array.from({ length: 5 }, async (_, n) => {
    const [near, far] = memoryPair();
    const done = server.serveConn(far);
    const rpc = new RpcClient(near);
    assert.equal(await rpc.call("One.Add", number, n), n + 1);
    await rpc.close();
    await done;
  });
  await Promise.all(calls);
});

const thrown: [what: string, error: unknown, text: string][] = [
  ["an Error", new Error("boom"), "boom"],
  ["an Error without a message", new TypeError(""), "TypeError without a message"],
  ["a text", "boom", "boom"],
  ["nothing", undefined, "undefined"],
  ["an object without a class", Object.create(null), "[Object: null prototype] {}"],
  ["a plain object", { code: 5, why: ["a", "b"] }, "{ code: 5, why: [ 'a', 'b' ] }"],
  ["an object with a message", { message: "no such file", code: 2 }, "no such file"],
  ["a class with a text", new URL("http://a.b/c"), "http://a.b/c"],
  ["a map", new Map([["a", 1n]]), "Map(1) { 'a' => 1n }"],
  ["a list", [1, "b"], "[ 1, 'b' ]"],
  ["a symbol", Symbol("s"), "Symbol(s)"],
  ["a function", function refuse() {}, "[Function: refuse]"],
  ["an Error of another realm", runInNewContext("new TypeError('boom')"), "boom"],
  [
    "several Errors without a message",
    new AggregateError([new Error("a"), "b"]),
    "AggregateError: a; b",
  ],
  [
    "an object that cannot be looked at",
    new Proxy(
      {},
      {
        get: () => {
          throw new Error("no");
        },
      },
    ),
    "error without a text",
  ],
  [
    "a long list",
    Array.from({ length: 30 }, (_, i) => i),
    `[ ${Array.from({ length: 20 }, (_, i) => i).join(", ")}, ... 10 more items ]`,
  ],
  ["a list of long texts", ["x".repeat(2000)], `[ '${"x".repeat(997)}…`],
  ["an Error whose message is not a text", Object.assign(new Error(), { message: 5 }), "5"],
];
for (const [what, error, text] of thrown) {
  test(`[NETRPC-9] ${what} thrown by a handler is an error reply, at once and later`, async () => {
    const [near, far] = memoryPair();
    const server = new RpcServer();
    const fail = {
      Now: () => {
        throw error;
      },
      Later: () => Promise.reject(error),
      Fine: (n: number) => n,
    };
    server.register("P", service({ Now: number, Later: number, Fine: number }, fail));
    void server.serveConn(far);
    const rpc = new RpcClient(near);
    for (const method of ["P.Now", "P.Later"]) {
      await assert.rejects(
        rpc.call(method, number, 1),
        (got: ServerError) => got.name === "ServerError" && got.message === text,
      );
    }
    assert.equal(await rpc.call("P.Fine", number, 4), 4);
    await rpc.close();
  });
}

test("a reply that only looks like a promise and throws is an error reply", async () => {
  const [near, far] = memoryPair();
  const server = new RpcServer();
  // biome-ignore lint/suspicious/noThenProperty: the reply under test.
  const trap = Object.defineProperty({}, "then", {
    get: () => {
      throw new Error("not so fast");
    },
  });
  server.register("P", service({ M: { args: int(), reply: any() } }, { M: () => trap as never }));
  void server.serveConn(far);
  const rpc = new RpcClient(near);
  await assert.rejects(rpc.call("P.M", { args: int(), reply: any() }, 1), {
    message: "not so fast",
  });
  await rpc.close();
});

test("a handler calls back over another stream, and is called on its own stream meanwhile", async (t) => {
  const [near, far] = memoryPair();
  const [hostSession, pluginSession] = [Session.client(near), Session.server(far)];
  t.after(() => Promise.all([hostSession.close(), pluginSession.close()]));
  const [host, plugin] = [new Broker(hostSession), new Broker(pluginSession)];
  host.run();
  plugin.run();
  const back = { args: string(), reply: string() };

  const server = new RpcServer();
  const outer = { args: uint32(), reply: string() };
  server.register(
    "Plugin",
    service(
      { Outer: outer, Inner: back },
      {
        Outer: async (id) => {
          const rpc = new RpcClient(await plugin.dial(id));
          const answer = await rpc.call("Host.Ask", back, "from the handler");
          await rpc.close();
          return `outer(${answer})`;
        },
        Inner: (text) => `inner(${text})`,
      },
    ),
  );
  void plugin.accept(1).then((stream) => server.serveConn(stream));
  const rpc = new RpcClient(await host.dial(1));

  // The host's handler calls the plugin on the stream where Outer is still pending.
  const hostServer = new RpcServer();
  const ask = (text: string) => rpc.call("Plugin.Inner", back, text);
  hostServer.register("Host", service({ Ask: back }, { Ask: ask }));
  const id = host.nextId();
  void host.accept(id).then((stream) => hostServer.serveConn(stream));
  assert.equal(await rpc.call("Plugin.Outer", outer, id), "outer(inner(from the handler))");
});

test("a client past maxPendingCalls refuses a call and names the option", async () => {
  const [near, far] = memoryPair();
  const rpc = new RpcClient(near, { maxPendingCalls: 2 });
  const server = new RpcServer();
  server.register("One", plus(1));
  const first = [rpc.call("One.Add", number, 1), rpc.call("One.Add", number, 2)];
  await assert.rejects(rpc.call("One.Add", number, 3), {
    code: "limit",
    message: /maxPendingCalls/,
  });
  void server.serveConn(far);
  assert.deepEqual(await Promise.all(first), [2, 3]);
  assert.equal(await rpc.call("One.Add", number, 3), 4);
  await rpc.close();
});

test("a body past maxMessageBytes is refused with the option's name, and the connection ends", async () => {
  const [near, far] = memoryPair();
  const server = new RpcServer();
  const length = { args: bytes(), reply: int() };
  server.register("P", service({ Length: length }, { Length: (value) => value.length }));
  const codec = gobServerCodec({ decoder: { maxMessageBytes: 10_000 } });
  const done = server.serveConn(far, { codec });
  const rpc = new RpcClient(near);
  assert.equal(await rpc.call("P.Length", length, new Uint8Array(9000)), 9000);
  await assert.rejects(rpc.call("P.Length", length, new Uint8Array(10_001)), {
    name: "ServerError",
    message: /maxMessageBytes/,
  });
  await done;
  assert.equal((await rpc.closed).code, "unexpected-eof");
});

test("calls of one turn leave in the order they were made, whichever of them defines the types", async () => {
  const [near, far] = memoryPair();
  const seen: unknown[] = [];
  const server = new RpcServer();
  const note = { args: any(), reply: int() };
  server.register("P", service({ Note: note }, { Note: (value) => seen.push(value) }));
  void server.serveConn(far);
  const plugin = caller(new RpcClient(near), "P", { Note: note });
  await Promise.all(["a", true, null, "b"].map((value) => plugin.Note(value)));
  assert.deepEqual(seen, ["a", true, null, "b"]);
  await plugin[Symbol.asyncDispose]();
});
