/** Messages so large that the memory they were sent from is used again: none may see another's bytes. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { PassThrough } from "node:stream";
import { type TestContext, test } from "node:test";
import { transportOf } from "../../../lib/net/socket.js";
import { dial, listen, RpcServer, service } from "../../../lib/netrpc.js";
import { Session } from "../../../mux/index.js";
import { RpcClient } from "../../../protocol/netrpc/index.js";
import { bytes } from "../../../protocol/schema/index.js";

const echo = { args: bytes(), reply: bytes() };
const methods = { Echo: echo };

function echoServer(): RpcServer {
  const server = new RpcServer();
  server.register("P", service(methods, { Echo: (given) => given }));
  return server;
}

/** Calls of up to 3 MB, more than a kernel takes at once, each with a filling of its own, eight at a time. */
async function exchange(client: RpcClient): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < 48; i = next++) {
      const sent = Buffer.alloc(20_000 + ((i * 7919) % 37) * 80_003, i + 1);
      const got = await client.call("P.Echo", echo, sent);
      assert.ok(Buffer.compare(got, sent) === 0, `message ${i} of ${sent.length} bytes`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

test("large calls over a socket keep their bytes", async (t) => {
  const listening = await listen(echoServer(), { port: 0, host: "127.0.0.1" });
  t.after(() => listening.close());
  const { port } = listening.address() as AddressInfo;
  const client = await dial({ network: "tcp", address: `127.0.0.1:${port}` });
  await exchange(client);
  await client.close();
});

test("large calls over a stream with a window keep their bytes", async (t) => {
  const [near, far] = await sockets(t);
  const opener = Session.client(transportOf(near));
  const acceptor = Session.server(transportOf(far));
  const [opened, accepted] = await Promise.all([opener.open(), acceptor.accept()]);
  const served = echoServer().serveConn(accepted);
  const client = new RpcClient(opened);
  await exchange(client);
  await client.close();
  await served;
  await Promise.all([opener.close(), acceptor.close()]);
});

test("a socket says when it needs a chunk no more, another duplex may keep it", async (t) => {
  const [near, far] = await sockets(t);
  far.resume();
  await new Promise<void>((resolve) => transportOf(near).write(Buffer.alloc(1_000_000), resolve));

  const kept = new PassThrough();
  transportOf(kept).write(Buffer.from("kept"), assert.fail);
  const [chunk] = await once(kept, "data");
  assert.equal(String(chunk), "kept");
  await new Promise(setImmediate);
});

test("a chunk that was lost with its socket is never said to be sent", async (t) => {
  const [near] = await sockets(t);
  near.on("error", () => {});
  transportOf(near).write(Buffer.alloc(8_000_000), assert.fail);
  near.destroy();
  await once(near, "close");
});

async function sockets(t: TestContext): Promise<[near: Socket, far: Socket]> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const near = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [far] = (await once(server, "connection")) as [Socket];
  t.after(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return [near, far];
}
