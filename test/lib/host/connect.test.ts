/** A host and peers that are not what it expects. */
import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { type Address, isRpcError, type PluginError } from "goplug";
import { attach, certificates, connectFailure } from "../../helpers/hosts/secure.js";
import { scratchDirectory } from "../../helpers/scratch.js";

/** A peer that accepts and sends `first` or nothing; with TLS, after the TLS handshake. */
async function mute(t: TestContext, secure?: object, first?: Uint8Array): Promise<Address> {
  const address = join(scratchDirectory(t), "mute");
  const open = new Set<Socket>();
  const hold = (socket: Socket) => {
    open.add(socket.on("error", () => {}));
    socket.resume();
    if (first !== undefined) socket.write(first);
  };
  const server = secure === undefined ? createServer(hold) : createTlsServer(secure, hold);
  t.after(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(address, resolve));
  return { network: "unix", address };
}

test("[TLS-8] a peer that accepts and never answers is given up after connectTimeoutMs", async (t) => {
  const { plugin } = await certificates();
  const rows: [address: Address, tls: object | undefined][] = [
    [await mute(t), undefined],
    [await mute(t), { ca: plugin.cert }],
    [await mute(t, { cert: plugin.cert, key: plugin.key }), { ca: plugin.cert }],
  ];
  for (const [address, tls] of rows) {
    const client = attach(t, address, {
      connectTimeoutMs: 50,
      ...(tls === undefined ? {} : { tls }),
    });
    await assert.rejects(client.client(), (error: PluginError) => {
      assert.equal(error.code, "connect-timeout");
      assert.match(error.message, /^plugin: no answer within 50 ms on unix /);
      return true;
    });
  }
});

test("[TLS-8] a host without TLS recognises a TLS alert and an HTTP answer", async (t) => {
  const alert = await mute(t, undefined, Buffer.from("15030100020246", "hex"));
  const wantsTls = await connectFailure(t, { address: alert });
  assert.equal(wantsTls.code, "tls-failed");
  assert.match(wantsTls.message, /the plugin wants TLS, and tls is not set .*an alert/);
  const http = await mute(t, undefined, Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"));
  const other = await connectFailure(t, { address: http });
  assert.equal(other.code, "connect-failed");
  assert.match(other.message, /the peer speaks HTTP/);
});

test("kill gives up a connection that is being made", async (t) => {
  const client = attach(t, await mute(t), { connectTimeoutMs: 60_000 });
  await client.start();
  const connecting = client.client();
  const rejected = assert.rejects(connecting, { code: "ended" });
  await client.kill();
  await rejected;
});

/** A yamux frame of type Data for the control stream, stream 1, with the flags ACK and `flags`. */
function controlFrame(body: Uint8Array, flags = 0): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(2 | flags, 2);
  header.writeUInt32BE(1, 4);
  header.writeUInt32BE(body.length, 8);
  return Buffer.concat([header, body]);
}

const RST = 8;
const earlyEnds: Record<string, [frame: Uint8Array, message: RegExp]> = {
  // A gob message of 2^64-1 bytes.
  "is not net/rpc": [
    controlFrame(Buffer.alloc(9, "f8ffffffffffffffff", "hex")),
    /not a response: gob: /,
  ],
  "is reset": [controlFrame(new Uint8Array(), RST), /unexpected EOF: yamux: connection reset/],
};
for (const [what, [frame, message]] of Object.entries(earlyEnds)) {
  test(`[PLUGIN-16] a control stream that ${what} ends the connecting at once`, async (t) => {
    // The peer answers no ping. Waiting for the answer would take longer than this test may.
    const address = await mute(t, undefined, frame);
    const client = attach(t, address, { connectTimeoutMs: 2 ** 31 - 1 });
    await assert.rejects(client.client(), (error: PluginError) => {
      assert.equal(error.code, "connect-failed");
      assert.match(error.message, message);
      assert.ok(isRpcError(error.cause));
      return true;
    });
  });
}
