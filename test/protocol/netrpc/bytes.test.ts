/** The bytes of net/rpc in gob: Go's own are understood, and wrong ones end where they must. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryPair } from "../../../lib/net/memory-pair.js";
import { RpcError } from "../../../protocol/errors.js";
import { RpcClient, RpcServer, service } from "../../../protocol/netrpc/index.js";
import { any, int, string } from "../../../protocol/schema/index.js";

// Bytes as Go writes them (first user id 64).
const requestType =
  "2e7f030101075265717565737401ff80000102010d536572766963654d6574686f64010c0001035365710106000000";
const responseType =
  "397f03010108526573706f6e736501ff80000103010d536572766963654d6574686f64010c00010353657101060001054572726f72010c000000";

const hex = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));

/** A server at one end; the other end sends bytes and collects what comes back. */
function rawServer() {
  const [near, far] = memoryPair();
  const server = new RpcServer();
  server.register(
    "Plugin",
    service(
      { Greet: { args: any(), reply: string() }, Double: { args: int(), reply: int() } },
      { Greet: () => "Hello!", Double: (n) => 2 * n },
    ),
  );
  const done = server.serveConn(far);
  const received: Buffer[] = [];
  let onEnd = () => {};
  const ended = new Promise<void>((resolve) => {
    onEnd = resolve;
  });
  near.start({ onData: (chunk) => received.push(Buffer.from(chunk)), onEnd });
  return {
    send: (text: string) => near.write(hex(text)),
    end: () => near.end(),
    text: () => Buffer.concat(received).toString("latin1"),
    received: () => Buffer.concat(received).toString("hex"),
    done,
    ended,
  };
}

const settle = () => new Promise(setImmediate);

test("[NETRPC-2] [NETRPC-3] Go's bytes for two calls of Greet are answered", async () => {
  const peer = rawServer();
  peer.send(`${requestType}11ff80010c506c7567696e2e47726565740003100000`);
  peer.send("13ff80010c506c7567696e2e477265657401010003100000");
  await settle();
  assert.equal(peer.text().split("Hello!").length, 3);
});

test("[NETRPC-2] a request arriving byte by byte is the same request", async () => {
  const peer = rawServer();
  const all = hex(`${requestType}11ff80010c506c7567696e2e47726565740003100000`);
  for (const byte of all) {
    peer.send(byte.toString(16).padStart(2, "0"));
    await settle();
  }
  assert.match(peer.text(), /Hello!/);
});

test("[NETRPC-7] an unknown method with a nil interface does not swallow the next request", async () => {
  const peer = rawServer();
  peer.send(`${requestType}0fff80010a506c7567696e2e4e6f700003100000`);
  peer.send("13ff80010c506c7567696e2e477265657401010003100000");
  await settle();
  assert.match(peer.text(), /rpc: can't find method Plugin.Nop/);
  assert.match(peer.text(), /Hello!/);
});

const badHeaders: [title: string, bytes: string][] = [
  ["an int", "0304002a"],
  ["a struct without known fields", "127f030102ff80000101010141010400000005ff80010a00"],
  ["a length beyond any limit", "fb0200000000"],
  ["an impossible count byte", "80"],
  ["an undefined type", "04ffc60006"],
];
for (const [title, bytes] of badHeaders) {
  test(`[NETRPC-10] a header that is ${title} ends the connection without an answer`, async () => {
    const peer = rawServer();
    peer.send(bytes);
    await peer.ended;
    await peer.done;
    assert.equal(peer.received(), "");
  });
}

test("a header and then the end of the stream is answered with EOF", async () => {
  const peer = rawServer();
  peer.send(`${requestType}11ff80010c506c7567696e2e477265657400`);
  peer.end();
  await peer.ended;
  assert.match(peer.text(), /EOF/);
});

/** A client at one end; the test plays the server with bytes. */
function rawClient() {
  const [near, far] = memoryPair();
  const rpc = new RpcClient(near);
  far.start({ onData: () => {}, onEnd: () => {} });
  const greet = () => rpc.call("Plugin.Greet", { args: any(), reply: string() }, null);
  return { rpc, greet, send: (text: string) => far.write(hex(text)), end: () => far.end() };
}
const okHeader = "11ff80010c506c7567696e2e477265657400";
const hello = "090c000648656c6c6f21";

test("[NETRPC-3] Go's bytes for a reply are read", async () => {
  const peer = rawClient();
  const call = peer.greet();
  peer.send(`${responseType}${okHeader}${hello}`);
  assert.equal(await call, "Hello!");
});

test("[NETRPC-5] a response for an unknown Seq is passed over, a nil interface in it included", async () => {
  const peer = rawClient();
  const call = peer.greet();
  peer.send(`${responseType}13ff80010c506c7567696e2e477265657401070003100000`);
  peer.send(`${okHeader}${hello}`);
  assert.equal(await call, "Hello!");
});

test("[NETRPC-6] an error answer carries any body, a nil interface included", async () => {
  const peer = rawClient();
  const call = peer.greet();
  peer.send(`${responseType}17ff80010c506c7567696e2e47726565740204626f6f6d0003100000`);
  await assert.rejects(call, { message: "boom" });
  const next = peer.greet();
  peer.send(`13ff80010c506c7567696e2e4772656574010100${hello}`);
  assert.equal(await next, "Hello!");
});

test("[NETRPC-11] a header without its body fails that call as Go says", async () => {
  const peer = rawClient();
  const first = peer.greet();
  const second = peer.greet();
  peer.send(`${responseType}${okHeader}`);
  peer.end();
  await assert.rejects(first, { code: "bad-reply", message: /reading body EOF/ });
  await assert.rejects(second, { code: "unexpected-eof" });
});

test("bytes that are not a response end the connection with the reason", async () => {
  const peer = rawClient();
  const call = peer.greet();
  peer.send("0304002a");
  await assert.rejects(call, (error: RpcError) => {
    assert.ok(error instanceof RpcError);
    assert.equal(error.code, "protocol");
    return true;
  });
});
