/** Every codec in both roles under cut, split and damaged bytes: an answer or an end, never a hang. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryPair } from "../../../lib/net/memory-pair.js";
import { caller, RpcClient } from "../../../protocol/netrpc/index.js";
import { type CodecPair, codecs, conversation, echoServer, methods, value } from "./helpers.js";

/** What a server answers to `pieces` and the end of the stream after them. */
async function served({ server }: CodecPair, pieces: readonly Uint8Array[]): Promise<string> {
  const [near, far] = memoryPair();
  const done = echoServer().serveConn(far, { codec: server() });
  const heard: Buffer[] = [];
  const ended = new Promise<void>((resolve) => {
    near.start({ onData: (chunk) => heard.push(Buffer.from(chunk)), onEnd: () => resolve() });
  });
  for (const piece of pieces) near.write(piece);
  near.end();
  await done;
  await ended;
  return Buffer.concat(heard).toString("latin1");
}

/** How three calls end when the server sends `pieces` and ends. */
async function called({ client }: CodecPair, pieces: readonly Uint8Array[]): Promise<string[]> {
  const [near, far] = memoryPair();
  const rpc = new RpcClient(near, { codec: client() });
  const plugin = caller(rpc, "Plugin", methods);
  const calls = [plugin.Echo(value), plugin.Fail("boom"), plugin.Double(21)];
  far.start({ onData: () => {}, onEnd: () => {} });
  for (const piece of pieces) far.write(piece);
  far.end();
  const results = await Promise.allSettled(calls);
  await rpc.closed;
  return results.map((result) =>
    result.status === "fulfilled" ? "ok" : (result.reason.code ?? String(result.reason)),
  );
}

const single = (bytes: Buffer) => Array.from(bytes, (byte) => Uint8Array.of(byte));
const KNOWN = new Set(["ok", "server-error", "unexpected-eof", "bad-reply", "protocol", "limit"]);
/** One bit, the sign, all bits: lengths become longer, shorter and huge. */
const DAMAGES = [0x01, 0x10, 0x80, 0xff];

for (const [name, pair] of Object.entries(codecs)) {
  const { requests, responses } = conversation(pair);

  test(`${name}: byte by byte gives the same answers`, async () => {
    const whole = await served(pair, [Buffer.from(requests)]);
    assert.match(whole, /boom/);
    assert.equal(await served(pair, single(requests)), whole);
    assert.deepEqual(await called(pair, single(responses)), ["ok", "server-error", "ok"]);
  });

  test(`${name}: a server cut off at any byte answers the whole requests, and ends`, async () => {
    const whole = await served(pair, [Buffer.from(requests)]);
    for (let length = 0; length < requests.length; length++) {
      const heard = await served(pair, [Buffer.from(requests.subarray(0, length))]);
      assert.ok(whole.startsWith(heard) || /EOF/.test(heard), `${length}: ${heard}`);
    }
  });

  test(`[NETRPC-11] ${name}: a client cut off at any byte settles every call`, async () => {
    for (let length = 0; length < responses.length; length++) {
      const ends = await called(pair, [Buffer.from(responses.subarray(0, length))]);
      for (const end of ends) assert.ok(KNOWN.has(end), `${length}: ${end}`);
      // JSON's last newline is optional.
      if (length < responses.length - 1) assert.notEqual(ends[2], "ok");
    }
  });

  test(`${name}: a damaged byte never hangs or breaks a server`, async () => {
    for (const damage of DAMAGES) {
      for (let at = 0; at < requests.length; at++) {
        const bytes = Buffer.from(requests);
        bytes[at]! ^= damage;
        await served(pair, [bytes]);
      }
    }
  });

  test(`${name}: a damaged byte never hangs or breaks a client`, async () => {
    for (const damage of DAMAGES) {
      for (let at = 0; at < responses.length; at++) {
        const bytes = Buffer.from(responses);
        bytes[at]! ^= damage;
        for (const end of await called(pair, [bytes])) assert.ok(KNOWN.has(end), `${at}: ${end}`);
      }
    }
  });

  test(`[NETRPC-5] ${name}: 10,000 calls in flight each get their own answer`, async () => {
    const [near, far] = memoryPair();
    const done = echoServer().serveConn(far, { codec: pair.server() });
    const rpc = new RpcClient(near, { codec: pair.client() });
    const plugin = caller(rpc, "Plugin", methods);
    const calls = Array.from({ length: 10_000 }, (_, n) =>
      n % 3 === 0 ? plugin.Fail(`no ${n}`) : plugin.Double(n),
    );
    for (const [n, result] of (await Promise.allSettled(calls)).entries()) {
      if (n % 3 !== 0) assert.deepEqual(result, { status: "fulfilled", value: 2 * n });
      else assert.equal((result as PromiseRejectedResult).reason.message, `no ${n}`);
    }
    await rpc.close();
    await done;
  });

  test(`[NETRPC-16] ${name}: a reply goes into a given object, or is passed over`, async () => {
    const [near, far] = memoryPair();
    void echoServer().serveConn(far, { codec: pair.server() });
    const rpc = new RpcClient(near, { codec: pair.client() });
    const into = { ...value, Key: "old" };
    const got = await rpc.call("Plugin.Echo", methods.Echo, { ...value, Key: "new" }, { into });
    assert.equal(got, into);
    assert.equal(into.Key, "new");
    const { args } = methods.Echo;
    assert.equal(await rpc.call("Plugin.Echo", { args }, value), undefined);
    await assert.rejects(rpc.call("Plugin.Fail", { args: methods.Fail.args }, "x"), {
      message: "x",
    });
    assert.equal(await rpc.call("Plugin.Double", methods.Double, 4), 8);
    await rpc.close();
  });
}
