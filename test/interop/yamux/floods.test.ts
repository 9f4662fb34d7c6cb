/** Peers that send what is cheap for them and may be expensive for us. Memory and time stay in proportion. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Session, type SessionConfig, type Transport } from "../../../mux/index.js";
import type { ConnHandler } from "../../../protocol/bytes/conn.js";
import { heldBytes } from "../../helpers/memory.js";
import { takeWork } from "../../helpers/work.js";
import { frame } from "../../mux/raw-peer.js";

const MIB = 1024 * 1024;

/** A connection whose other end is the test: it takes everything, and sends what it likes. */
class Flood implements Transport {
  readonly session: Session;
  writtenBytes = 0;
  #sink: ConnHandler | undefined;

  constructor(config: Partial<SessionConfig> = {}) {
    this.session = Session.server(this, { enableKeepAlive: false, ...config });
  }

  send(bytes: Uint8Array): void {
    this.#sink?.onData(bytes);
  }

  start(sink: ConnHandler): void {
    this.#sink = sink;
  }
  write(chunk: Uint8Array): boolean {
    this.writtenBytes += chunk.length;
    return true;
  }
  cork(): void {}
  uncork(): void {}
  pause(): void {}
  resume(): void {}
  end(): void {}
  destroy(): void {}
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Sends `frames` frames, 1,000 at a time, and returns the memory that they took, and the work in blocks of code. */
async function cost(
  flood: Flood,
  frames: number,
  makeFrame: (index: number) => Buffer,
): Promise<{ memoryBytes: number; blocks: number }> {
  const before = await memory();
  takeWork();
  for (let at = 0; at < frames; at += 1000) {
    flood.send(Buffer.concat(Array.from({ length: 1000 }, (_, i) => makeFrame(at + i))));
    await nextTurn();
  }
  const blocks = takeWork();
  return { memoryBytes: (await memory()) - before, blocks };
}

async function memory(): Promise<number> {
  const { heap, buffers } = await heldBytes();
  return heap + buffers;
}

/** Allows 400 blocks of code per frame: some times what linear work takes, and far less than quadratic. */
function assertCheap(
  { memoryBytes, blocks }: { memoryBytes: number; blocks: number },
  frames: number,
  mostBytes = 4 * MIB,
): void {
  assert.ok(memoryBytes < mostBytes, `${memoryBytes} bytes`);
  assert.ok(blocks < frames * 400, `${blocks / frames} blocks per frame`);
}

test("[YAMUX-24] a window of Data frames of one byte costs about a window", async () => {
  const flood = new Flood({ maxStreamWindowBytes: 256 * 1024 });
  flood.send(frame("WindowUpdate|SYN 1 0"));
  const stream = await flood.session.accept();
  const frames = 262_000;
  const tiny = frame("Data 1", "x");
  assertCheap(await cost(flood, frames, () => tiny), frames);
  let received = 0;
  stream.start({
    onData: (chunk) => {
      received += chunk.length;
    },
    onEnd: () => {},
  });
  assert.equal(received, frames);
  await flood.session.close(new Error("done"));
});

for (const [what, text] of [
  ["empty Data frames", "Data 1"],
  ["credit of 0", "WindowUpdate 1 0"],
  ["ACKs", "WindowUpdate|ACK 1 0"],
  ["pings", "Ping|SYN 0 7"],
  ["answers to pings that were not sent", "Ping|ACK 0 7"],
  ["GoAways", "GoAway 0 0"],
  ["resets of unknown streams", "WindowUpdate|RST 77 0"],
] as const) {
  test(`[YAMUX-36] 500,000 frames leave nothing in memory: ${what}`, async () => {
    const flood = new Flood();
    flood.send(frame("WindowUpdate|SYN 1 0"));
    await flood.session.accept();
    const flooding = frame(text);
    assertCheap(await cost(flood, 500_000, () => flooding), 500_000);
    assert.equal(flood.session.numStreams, 1);
    assert.equal(flood.session.isClosed, false);
    await flood.session.close(new Error("done"));
  });
}

test("[YAMUX-34] 100,000 streams opened and reset leave nothing, with a handler", async () => {
  const flood = new Flood();
  let taken = 0;
  flood.session.onStream = (stream) => {
    taken += 1;
    stream.start({ onData: () => {}, onEnd: () => {} });
  };
  const frames = 200_000;
  const result = await cost(flood, frames, (i) => {
    const id = 1 + 2 * (i >> 1);
    return frame(i % 2 === 0 ? `WindowUpdate|SYN ${id} 0` : `WindowUpdate|RST ${id} 0`);
  });
  assertCheap(result, frames);
  assert.equal(taken, 100_000);
  assert.equal(flood.session.numStreams, 0);
  await flood.session.close(new Error("done"));
});

test("[YAMUX-15] 100,000 streams opened and reset fill the backlog, and no more", async () => {
  const flood = new Flood();
  const frames = 200_000;
  const result = await cost(flood, frames, (i) => {
    const id = 1 + 2 * (i >> 1);
    return frame(i % 2 === 0 ? `WindowUpdate|SYN ${id} 0` : `WindowUpdate|RST ${id} 0`);
  });
  assertCheap(result, frames);
  assert.equal(flood.session.numStreams, 0);
  await flood.session.close(new Error("done"));
});

test("[YAMUX-33] 100,000 streams that carry one request each leave nothing", async () => {
  const flood = new Flood();
  let answered = 0;
  flood.session.onStream = (stream) => {
    stream.start({
      onData: (chunk) => stream.write(new Uint8Array(chunk)),
      onEnd: () => {
        answered += 1;
        stream.end();
      },
    });
  };
  const frames = 100_000;
  const result = await cost(flood, frames, (i) => frame(`Data|SYN|FIN ${1 + 2 * i}`, "request"));
  assertCheap(result, frames);
  assert.equal(answered, frames);
  assert.equal(flood.session.numStreams, 0);
  // Per stream an answer (a header and 7 bytes) and a FIN. There is no ACK, because the peer's FIN came first [YAMUX-12].
  assert.ok(flood.writtenBytes >= frames * (12 + 7 + 12), `${flood.writtenBytes} bytes`);
  await flood.session.close(new Error("done"));
});

test("[YAMUX-36] 1 GiB for an unknown stream passes without being kept", async () => {
  const flood = new Flood();
  flood.send(frame("Data 9 4294967295"));
  const chunk = new Uint8Array(MIB);
  const before = await memory();
  for (let i = 0; i < 1024; i++) flood.send(chunk);
  assert.ok((await memory()) - before < MIB);
  assert.equal(flood.session.isClosed, false);
  await flood.session.close(new Error("done"));
});
