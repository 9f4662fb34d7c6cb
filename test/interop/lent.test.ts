/** A contract that lends, with Go code that uses the broker's methods. */
import assert from "node:assert/strict";
import { Readable, Writable } from "node:stream";
import type { TestContext } from "node:test";
import { handshake, lending } from "../fixtures/contracts/lending.js";
import { pattern, patternDigest, readDigest, writePattern } from "../fixtures/pattern.js";
import { goBinary, goTest } from "../helpers/go.js";
import { newHost } from "../helpers/hosts/new-host.js";

const BYTES = 1 << 20;
const want = patternDigest(BYTES);

async function borrowing(t: TestContext) {
  const command = [await goBinary("fixture-plugin")];
  const client = newHost(t, { handshake, plugins: { fixture: lending }, command });
  return client.dispense("fixture");
}

const helper = () => {
  let count = 0;
  return {
    Double: (n: number) => 2 * n,
    Count: (n: number) => {
      count += n;
      return count;
    },
    Fail: () => {
      throw new Error("callback failed");
    },
  };
};

goTest("[BROKER-11] a Go plugin calls the contract that the host lent it", async (t) => {
  const plugin = await borrowing(t);
  assert.equal(await plugin.CallBack({ helper: helper(), Method: "Double", N: 21 }), 42);
  const own = helper();
  assert.equal(await plugin.CallBack({ helper: own, Method: "Count", N: 2 }), 2);
  assert.equal(await plugin.CallBack({ helper: own, Method: "Count", N: 3 }), 5);
  await assert.rejects(plugin.CallBack({ helper: own, Method: "Fail", N: 0 }), {
    message: "callback failed",
  });
});

goTest("[BROKER-11] a host calls the service that a Go plugin lent it", async (t) => {
  const plugin = await borrowing(t);
  await using first = await plugin.Offer();
  await using second = await plugin.Offer();
  assert.equal(await first.Count(1), 1);
  assert.equal(await second.Count(10), 10);
  assert.equal(await first.Count(2), 3);
  await assert.rejects(first.Fail(0), { message: "callback failed" });
});

const sources: Record<
  string,
  () => Parameters<Awaited<ReturnType<typeof borrowing>>["ReadFrom"]>[0]
> = {
  "an iterable": () => pattern(BYTES),
  "an async iterable": async function* () {
    yield* pattern(BYTES);
  },
  "a Node stream": () => Readable.from(pattern(BYTES)),
  "a web stream": () => Readable.toWeb(Readable.from(pattern(BYTES))) as ReadableStream<Uint8Array>,
  "one piece": () => Buffer.concat([...pattern(BYTES)]),
};
for (const [kind, make] of Object.entries(sources)) {
  goTest(`[BROKER-11] a Go plugin reads what the host lends as ${kind}`, async (t) => {
    const plugin = await borrowing(t);
    assert.deepEqual(await plugin.ReadFrom(make()), want);
  });
}

goTest("[BROKER-11] a Go plugin writes to the writer that the host lends", async (t) => {
  const plugin = await borrowing(t);
  const chunks: Uint8Array[] = [];
  let onFinish = () => {};
  const finished = new Promise<void>((resolve) => {
    onFinish = resolve;
  });
  const to = new Writable({
    write: (chunk, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
    final: (done) => {
      onFinish();
      done();
    },
  });
  assert.deepEqual(await plugin.WriteTo({ to, Bytes: BYTES }), want);
  await finished;
  assert.deepEqual(await readDigest(Readable.from(chunks)), want);

  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const received = readDigest(Readable.fromWeb(readable as never));
  assert.deepEqual(await plugin.WriteTo({ to: writable, Bytes: BYTES }), want);
  assert.deepEqual(await received, want);
});

goTest("[BROKER-11] the host reads and writes what a Go plugin lends", async (t) => {
  const plugin = await borrowing(t);
  assert.deepEqual(await readDigest(await plugin.OfferReader(BYTES)), want);
  const to = await plugin.OfferWriter();
  assert.deepEqual(await writePattern(to, BYTES), want);
});
