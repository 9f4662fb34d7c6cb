/** net/rpc behind HTTP CONNECT, by the bytes. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { dialHttp, listenHttp, RpcServer, service } from "../../../lib/netrpc.js";
import { int } from "../../../protocol/schema/index.js";

const number = { args: int(), reply: int() };

async function listen(t: TestContext, path?: string): Promise<number> {
  const server = new RpcServer();
  server.register("P", service({ Double: number }, { Double: (n) => 2 * n }));
  const where = { host: "127.0.0.1", port: 0 };
  const listener = await listenHttp(server, where, path === undefined ? {} : { path });
  t.after(() => listener.close());
  return (listener.address() as { port: number }).port;
}

/** What the server says to some bytes, until it ends or `until` is there. */
async function ask(
  t: TestContext,
  port: number,
  pieces: string[],
  until?: string,
): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  t.after(() => socket.destroy());
  let heard = "";
  const answered = new Promise<void>((resolve) => {
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1");
      if (until !== undefined && heard.includes(until)) resolve();
    });
    socket.on("end", resolve);
  });
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise(setImmediate);
  }
  await answered;
  return heard;
}

const OK = "HTTP/1.0 200 Connected to Go RPC\n\n";
const accepted: [what: string, request: string[]][] = [
  ["Go's client", ["CONNECT /_goRPC_ HTTP/1.0\n\n"]],
  ["CRLF and further lines", ["CONNECT /_goRPC_ HTTP/1.1\r\nHost: x\r\n\r\n"]],
  ["single bytes", [..."CONNECT /_goRPC_ HTTP/1.0\n\n"]],
];
for (const [what, request] of accepted) {
  test(`[NETRPC-25] the server answers ${what} with exactly Go's bytes`, async (t) => {
    assert.equal(await ask(t, await listen(t), request, OK), OK);
  });
}

const refused: [request: string, status: string, body: string][] = [
  ["GET /_goRPC_ HTTP/1.0\r\n\r\n", "405 Method Not Allowed", "405 must CONNECT\n"],
  ["CONNECT /other HTTP/1.0\n\n", "404 Not Found", "404 page not found\n"],
  ["nonsense\n\n", "400 Bad Request", "400 Bad Request"],
];
for (const [request, status, body] of refused) {
  test(`[NETRPC-25] ${JSON.stringify(request)} is refused with ${status}`, async (t) => {
    const heard = await ask(t, await listen(t), [request]);
    assert.ok(heard.startsWith(`HTTP/1.0 ${status}\r\n`), heard);
    assert.ok(heard.endsWith(`\r\n\r\n${body}`), heard);
  });
}

test("[NETRPC-25] a header without end is given up", async (t) => {
  assert.equal(
    await ask(t, await listen(t), [`CONNECT / HTTP/1.0\r\nX: ${"x".repeat(20_000)}`]),
    "",
  );
});

test("[NETRPC-25] a client and a server of ours, at any path", async (t) => {
  const port = await listen(t, "/rpc");
  const address = { network: "tcp", address: `127.0.0.1:${port}` } as const;
  const rpc = await dialHttp(address, { path: "/rpc" });
  assert.equal(await rpc.call("P.Double", number, 21), 42);
  await rpc.close();
  await assert.rejects(dialHttp(address), {
    name: "PluginError",
    code: "connect-failed",
    message: `dial-http tcp 127.0.0.1:${port}: unexpected HTTP response: 404 Not Found`,
  });
});

/** A server that answers `answer` to whatever comes first, and keeps what it heard. */
async function fake(t: TestContext, answer: string | undefined) {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", (chunk) => {
      heard.push(chunk.toString("latin1"));
      if (answer === undefined) socket.end();
      else if (answer !== "") socket.write(Buffer.from(answer, "latin1"));
    });
  });
  server.listen({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return { heard, address: { network: "tcp", address: `127.0.0.1:${port}` } as const };
}

test("[NETRPC-25] the client sends exactly Go's bytes, and takes 1.1 with more header lines", async (t) => {
  const peer = await fake(t, "HTTP/1.1 200 Connected to Go RPC\r\nServer: x\r\n\r\n");
  const rpc = await dialHttp(peer.address);
  assert.deepEqual(peer.heard, ["CONNECT /_goRPC_ HTTP/1.0\n\n"]);
  await rpc.close();
});

test("[NETRPC-25] what comes together with the answer is not lost", async (t) => {
  // Not a response at all, so that it shows at once.
  const peer = await fake(t, `${OK}\u0003\u0004\u0000\u002a`);
  const rpc = await dialHttp(peer.address);
  assert.equal((await rpc.closed).code, "protocol");
});

for (const [answer, cause] of [
  ["HTTP/1.0 200 OK\r\n\r\n", "unexpected HTTP response: 200 OK"],
  ["SSH-2.0-x\r\n\r\n", "unexpected HTTP response: "],
  [undefined, "unexpected EOF"],
] as const) {
  test(`[NETRPC-25] the answer ${JSON.stringify(answer)} fails the dialling`, async (t) => {
    const { address } = await fake(t, answer);
    const message = `dial-http tcp ${address.address}: ${cause}`;
    await assert.rejects(dialHttp(address), { code: "connect-failed", message });
  });
}

test("a signal ends the wait for the answer", async (t) => {
  const { address } = await fake(t, "");
  const signal = AbortSignal.timeout(50);
  await assert.rejects(dialHttp(address, { signal }), {
    code: "connect-failed",
    message: /aborted due to timeout/,
  });
});
