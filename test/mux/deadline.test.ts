/** Time limits of reading and writing on a Duplex, with a faked clock. */
import assert from "node:assert/strict";
import { once } from "node:events";
import test, { type TestContext } from "node:test";
import { type DuplexOptions, type MuxError, toDuplex } from "../../mux/index.js";
import { join, joinStream } from "./helpers.js";

/** A Duplex with limits on one end, the bare stream on the other. Only `tick` moves the time. */
async function limited(t: TestContext, options: DuplexOptions) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const [a, b] = await joinStream(join(t));
  const duplex = toDuplex(a, options);
  const failed = once(duplex, "error").then(([error]) => error as MuxError);
  failed.catch(() => {});
  return { duplex, peer: b, failed, tick: (ms: number) => t.mock.timers.tick(ms) };
}

const turn = () => new Promise(setImmediate);

test("[YAMUX-51] TestReadDeadline: a reader that waits too long gets a timeout", async (t) => {
  const { duplex, failed, tick } = await limited(t, { readTimeoutMs: 1000 });
  duplex.resume();
  await turn();
  tick(999);
  assert.equal(duplex.destroyed, false);
  tick(1);
  const error = await failed;
  assert.equal(error.code, "timeout");
  assert.match(error.message, /i\/o deadline reached \(no bytes arrived within 1000 ms\)/);
});

test("[YAMUX-51] TestReadDeadline: each arrival starts the time anew, and it stands still while nobody reads", async (t) => {
  const { duplex, peer, tick } = await limited(t, { readTimeoutMs: 1000 });
  // Nobody reads yet.
  tick(5000);
  const received: string[] = [];
  duplex.on("data", (chunk) => received.push(String(chunk)));
  await turn();
  for (const text of ["a", "b", "c"]) {
    tick(900);
    const arrived = once(duplex, "data");
    peer.write(Buffer.from(text));
    await arrived;
    await turn();
  }
  peer.end();
  await once(duplex, "end");
  tick(5000);
  assert.deepEqual(received, ["a", "b", "c"]);
  assert.equal(duplex.errored, null);
});

test("[YAMUX-51] a limit beyond the longest timer of Node counts as the longest", async (t) => {
  const { duplex, failed, tick } = await limited(t, { readTimeoutMs: 1e12 });
  duplex.resume();
  await turn();
  tick(2 ** 31 - 2);
  assert.equal(duplex.destroyed, false);
  tick(1);
  assert.equal((await failed).code, "timeout");
});

test("[YAMUX-51] TestWriteDeadline: a writer whose peer does not read gets a timeout", async (t) => {
  const { duplex, failed, tick } = await limited(t, { writeTimeoutMs: 1000 });
  // The peer has no reader: its window fills, then our queue.
  for (let i = 0; i < 8; i++) duplex.write(Buffer.alloc(1 << 20));
  await turn();
  tick(1000);
  const error = await failed;
  assert.equal(error.code, "timeout");
  assert.match(error.message, /i\/o deadline reached \(the peer took no bytes within 1000 ms\)/);
});

test("[YAMUX-51] TestWriteDeadline: a writer whose peer takes bytes in time gets no timeout", async (t) => {
  const { duplex, peer, tick } = await limited(t, { writeTimeoutMs: 1000 });
  let byteLength = 0;
  duplex.end(Buffer.alloc(4 << 20));
  await turn();
  tick(900);
  const ended = new Promise<void>((resolve) => {
    peer.start({
      onData: (chunk) => {
        byteLength += chunk.length;
      },
      onEnd: () => resolve(),
    });
  });
  await ended;
  tick(5000);
  assert.equal(byteLength, 4 << 20);
  assert.equal(duplex.errored, null);
});

for (const when of ["before", "later"] as const) {
  test(`[YAMUX-51] a signal that fires ${when} resets the stream with its reason`, async (t) => {
    const controller = new AbortController();
    if (when === "before") controller.abort(new Error("enough"));
    const { failed, peer } = await limited(t, { signal: controller.signal });
    const told = new Promise<MuxError>((resolve) => {
      peer.start({ onData: () => {}, onEnd: (error) => resolve(error as MuxError) });
    });
    controller.abort(new Error("enough"));
    const error = await failed;
    assert.equal(error.code, "aborted");
    assert.equal((error.cause as Error).message, "enough");
    assert.equal((await told).code, "connection-reset");
  });
}
