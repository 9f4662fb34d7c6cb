/** net/rpc behind HTTP CONNECT, by the bytes. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { connect, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { dialHttp, listenHttp, RpcServer, service } from "../../../lib/netrpc.js";
import { int } from "../../../protocol/schema/index.js";
import { clock } from "../../helpers/clock.js";
import { CERT, KEY } from "../../mux/connections.js";

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
  ["HTTP/1.1 503 Busy\r\nRetry-After: 1", "unexpected HTTP response: 503 Busy"],
  ["SSH-2.0-OpenSSH_9.6\r\n", 'malformed HTTP response "SSH-2.0-OpenSSH_9.6"'],
  ["220 mail ESMTP", 'malformed HTTP response "220 mail ESMTP"'],
  ["HTTP/x", 'malformed HTTP response "HTTP/x"'],
  [
    "\u0015\u0003\u0001\u0000\u0002\u0002\u0046",
    'malformed HTTP response "\\u0015\\u0003\\u0001\\u0000\\u0002\\u0002F" (the peer speaks TLS: an alert, 15030100020246)',
  ],
  [undefined, "unexpected EOF"],
] as const) {
  test(`[NETRPC-25] the answer ${JSON.stringify(answer)} fails the dialling`, async (t) => {
    const { address } = await fake(t, answer);
    const message = `dial-http tcp ${address.address}: ${cause}`;
    await assert.rejects(dialHttp(address), { code: "connect-failed", message });
  });
}

test("a signal ends the wait for the answer", async (t) => {
  const { address, heard } = await fake(t, "");
  const controller = new AbortController();
  const dialling = assert.rejects(dialHttp(address, { signal: controller.signal }), {
    code: "connect-failed",
    message: `dial-http tcp ${address.address}: enough`,
  });
  while (heard.length === 0) await new Promise(setImmediate);
  controller.abort(new Error("enough"));
  await dialling;
});

for (const [answer, got] of [
  ["", '""'],
  ["HTT", '"HTT"'],
  [`${OK.trim()}\r\nX: y`, '"HTTP/1.0 200 Connected to Go RPC\\r\\nX: y"'],
] as const) {
  test(`[NETRPC-30] a server that stops after ${got} is given up`, async (t) => {
    const { address, heard } = await fake(t, answer);
    const time = clock(t);
    const dialling = assert.rejects(dialHttp(address), {
      name: "PluginError",
      code: "connect-timeout",
      message: `dial-http tcp ${address.address}: no HTTP response within 10000 ms, got ${got}`,
    });
    // Its answer, if there is one, follows what it heard.
    while (heard.length === 0) await new Promise(setImmediate);
    await answered(address);
    await time.pass(10_000);
    await dialling;
  });
}

/** Resolves when a connection that was made later than the others has had its answer: the others have theirs too. */
async function answered({ address }: { readonly address: string }): Promise<void> {
  const [host, port] = address.split(":");
  const socket = connect({ host, port: Number(port) });
  await once(socket, "connect");
  socket.destroy();
  for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
}

test("[NETRPC-30] a TLS server hangs up, and a Node HTTP server refuses", async (t) => {
  const secure = createTlsServer({ cert: CERT, key: KEY }).listen(0, "127.0.0.1");
  const plain = createHttpServer().listen(0, "127.0.0.1");
  t.after(() => {
    secure.close();
    plain.close();
  });
  for (const [server, message] of [
    [secure, /unexpected EOF/],
    [plain, /unexpected HTTP response: 400 Bad Request/],
  ] as const) {
    if (!server.listening) await once(server, "listening");
    const { port } = server.address() as { port: number };
    const dialling = dialHttp({ network: "tcp", address: `127.0.0.1:${port}` });
    await assert.rejects(dialling, { code: "connect-failed", message });
  }
});

/** Connects, sends `bytes`, and resolves with what came back when the server has closed. */
async function clientOf(t: TestContext, port: number, bytes: string | undefined) {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  t.after(() => socket.destroy());
  await once(socket, "connect");
  if (bytes !== undefined) socket.write(Buffer.from(bytes, "latin1"));
  let heard = "";
  socket.on("data", (chunk) => {
    heard += chunk.toString("latin1");
  });
  const closed = once(socket, "close").then(() => heard);
  return { socket, closed };
}

for (const [what, bytes] of [
  ["a TLS client hello", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"],
  ["an SSH client", "SSH-2.0-OpenSSH_9.6\r\n"],
  ["HTTP/2", "PRI * HTTP/2.0\r\n"],
  ["zeros", "\u0000"],
  ["a word that is no method", "x".repeat(21)],
] as const) {
  test(`[NETRPC-30] ${what} gets 400 at once, though it waits for more`, async (t) => {
    const { closed } = await clientOf(t, await listen(t), bytes);
    assert.match(await closed, /^HTTP\/1\.0 400 Bad Request\r\n/);
  });
}

test("[NETRPC-30] a client that was refused and does not close is closed after 500 ms", async (t) => {
  const port = await listen(t);
  const time = clock(t);
  const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  t.after(() => socket.destroy());
  socket.on("error", () => {});
  socket.write("GET / HTTP/1.0\r\n\r\n");
  socket.resume();
  await once(socket, "end");
  await time.pass(500);
  // It is gone: what is sent to it is answered with a reset.
  while (!socket.destroyed) {
    socket.write("more");
    await new Promise(setImmediate);
  }
});

for (const [what, first] of [
  ["says nothing", undefined],
  ["stops in the request line", "CONNECT /_go"],
  ["stops in the header", "CONNECT /_goRPC_ HTTP/1.0\n"],
] as const) {
  test(`[NETRPC-30] a client that ${what} is closed after 10 s, however it drips`, async (t) => {
    const port = await listen(t);
    const time = clock(t);
    const { socket, closed } = await clientOf(t, port, first);
    for (let second = 0; second < 10; second++) {
      if (first !== undefined) socket.write("x");
      for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
      assert.equal(socket.destroyed, false);
      await time.pass(1000);
    }
    assert.equal(await closed, "");
  });
}

test("[NETRPC-30] the time for the header is a setting", async (t) => {
  const server = new RpcServer();
  const options = { headerTimeoutMs: 50 };
  const listener = await listenHttp(server, { host: "127.0.0.1", port: 0 }, options);
  t.after(() => listener.close());
  const { closed } = await clientOf(t, (listener.address() as { port: number }).port, "C");
  assert.equal(await closed, "");
});

test("[NETRPC-30] a long header that comes in single bytes is read whole", async (t) => {
  const header = `CONNECT /_goRPC_ HTTP/1.0\n${"X: y\n".repeat(500)}\n`;
  assert.equal(await ask(t, await listen(t), [...header], OK), OK);
});
