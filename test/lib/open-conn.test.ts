/** Hosts and plugins on connections that the program makes itself. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { duplexPair, PassThrough, Readable, Writable } from "node:stream";
import { test } from "node:test";
import { definePlugin, gob, hostConn, pluginConn } from "goplug";
import { testConn } from "goplug/testing";
import { firstText } from "../helpers/first-text.js";
import { within } from "../helpers/within.js";

const numbers = definePlugin({ Double: { args: gob.int(), reply: gob.int() } });
const plugins = { numbers: numbers.implement({ Double: (n) => 2 * n }) };

test("[PLUGIN-1] host and plugin speak over any duplex, stdio and Quit with it", async () => {
  const [near, far] = duplexPair();
  const stdout = new PassThrough();
  const syncStdout = new PassThrough();
  const server = pluginConn(far, { plugins, stdout });
  const client = await hostConn(near, { plugins: { numbers }, syncStdout });
  await client.ping();
  assert.equal(await (await client.dispense("numbers")).Double(21), 42);
  const printed = firstText(syncStdout);
  stdout.write("printed");
  assert.equal(await within(60_000, "output", printed), "printed");
  await client.quit();
  await within(60_000, "quit", server.quit);
  await client.ping();
  await client.close();
  await within(60_000, "closed", Promise.all([client.closed, server.closed]));
});

test("[PLUGIN-11] [PLUGIN-13] pluginConn reads its output as fast as a slow host takes it, and loses none", async () => {
  const [near, far] = duplexPair();
  const CHUNKS = 512;
  const chunk = Buffer.alloc(64 * 1024);
  let given = 0;
  let taken = 0;
  let mostBetween = 0;
  const stdout = Readable.from(
    (function* () {
      for (; given < CHUNKS; given++) {
        mostBetween = Math.max(mostBetween, given - taken);
        yield chunk;
      }
    })(),
  );
  const syncStdout = new Writable({
    write(part: Buffer, _encoding, done) {
      taken += part.length / chunk.length;
      if (taken === CHUNKS) syncStdout.emit("all");
      setImmediate(done);
    },
  });
  const all = once(syncStdout, "all");
  const server = pluginConn(far, { plugins, stdout });
  const client = await hostConn(near, { plugins: { numbers }, syncStdout });
  await all;
  // Both ends hold some, and the window of the stream; the source has 32 MiB.
  assert.ok(mostBetween < CHUNKS / 2, `${mostBetween} chunks were between source and host`);
  await client.close();
  await server.closed;
});

test("several hosts are served over a listener that the program made", async (t) => {
  const sockets: Socket[] = [];
  const listener = createServer((socket) => pluginConn(socket, { plugins }));
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    listener.close();
    for (const socket of sockets) socket.destroy();
  });
  const { port } = listener.address() as { port: number };
  const calls = [1, 2, 3].map(async (n) => {
    const socket = connect(port, "127.0.0.1");
    sockets.push(socket);
    await using client = await hostConn(socket, { plugins: { numbers } });
    return await (await client.dispense("numbers")).Double(n);
  });
  assert.deepEqual(await within(60_000, "calls", Promise.all(calls)), [2, 4, 6]);
});

test("[NETRPC-11] a connection that ends is an error for the host, and an end for the plugin", async () => {
  const [near, far] = await testConn();
  const server = pluginConn(far, { plugins });
  const client = await hostConn(near, { plugins: { numbers } });
  await client.ping();
  await within(60_000, "close", server.close());
  await assert.rejects(within(60_000, "ping", client.ping()));
  await within(60_000, "closed", Promise.all([client.closed, server.closed]));
  await assert.rejects(client.dispense("nobody" as never), { code: "unknown-plugin" });
});
