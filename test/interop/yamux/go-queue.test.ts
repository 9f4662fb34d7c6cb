/** What a Go peer keeps and forgets of our streams: its queue of streams to be accepted, and the warnings in its log. */
import assert from "node:assert/strict";
import type { Stream, Transport } from "../../../mux/index.js";
import { type JoinedGo, joinGo, PEER_KINDS, peerTest } from "../../helpers/yamux/go-peer.js";
import { PatternEnd } from "../../helpers/yamux/pattern-end.js";

const LOCAL = PEER_KINDS.filter(({ transport }) => transport === "unix");

/** Every way to leave a stream before Go has accepted it. */
const LEAVES: readonly ((stream: Stream) => void)[] = [
  (stream) => stream.destroy(),
  (stream) => {
    stream.write(Buffer.from("dropped"));
    stream.destroy();
  },
  (stream) => {
    stream.end();
    stream.flush();
    stream.destroy();
  },
  (stream) => {
    stream.end();
    setImmediate(() => stream.destroy());
  },
];

// Go keeps such streams in its queue of 256, and resets what finds no place in it.
peerTest(
  "[YAMUX-14] [YAMUX-55] 700 opens, of which most are given up at once, never overrun Go's queue",
  async (t, kind) => {
    const joined = await joinGo(t, kind);
    const { session, peer } = joined;
    const kept: PatternEnd[] = [];
    let opened = 0;
    let onFull = (): void => {};
    const full = new Promise<void>((resolve) => {
      onFull = resolve;
    });
    const opening = Promise.all(
      Array.from({ length: 700 }, async (_, i) => {
        const stream = await session.open();
        opened += 1;
        if (opened === 256) onFull();
        const leave = LEAVES[i % 5];
        if (leave === undefined) kept.push(new PatternEnd(stream).start());
        else leave(stream);
      }),
    );
    await full;
    await session.ping();
    assert.equal(opened, 256, "Go has accepted none yet");
    // It answers when the session has ended. At the end of the test the process may be faster.
    void peer.ask("serve").catch(() => {});
    await opening;
    assert.equal(kept.length, 140);
    for (const end of kept) {
      void end.write(100);
      end.stream.end();
      assert.equal(await end.end, undefined);
      assert.equal(end.received, 100);
    }
    assert.deepEqual(
      (await logAfter(joined)).filter((line) => line.includes("backlog")),
      [],
    );
  },
  LOCAL,
);

/** What Go has logged when it has handled all that we sent. */
async function logAfter({ session, peer }: JoinedGo): Promise<string[]> {
  await session.ping();
  await session.close();
  return peer.log();
}

const HEADER_BYTES = 12;
const FIN = 4;

/** Counts the frames with FIN among bytes that begin with a header. */
class FinCount {
  count = 0;
  #skip = 0;
  #header = Buffer.alloc(0);

  push(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      const skipped = Math.min(this.#skip, bytes.length - at);
      this.#skip -= skipped;
      at += skipped;
      const part = bytes.subarray(at, at + HEADER_BYTES - this.#header.length);
      at += part.length;
      this.#header = Buffer.concat([this.#header, part]);
      if (this.#header.length === HEADER_BYTES) this.#onHeader();
    }
  }

  #onHeader(): void {
    if (this.#header.readUInt16BE(2) & FIN) this.count += 1;
    if (this.#header.readUInt8(1) === 0) this.#skip = this.#header.readUInt32BE(8);
    this.#header = Buffer.alloc(0);
  }
}

/** Keeps what arrives until {@link Held.release}. Thus Go is far ahead of us, as it is when our process is busy. */
class Held {
  readonly #chunks: Buffer[] = [];
  readonly #fins = new FinCount();
  #wanted = 0;
  #onWanted = (): void => {};
  #deliver: ((chunk: Uint8Array) => void) | undefined;
  #isHolding = false;

  readonly between = (transport: Transport): Transport => ({
    start: (handler) => {
      this.#deliver = (chunk) => handler.onData(chunk);
      const onData = (chunk: Uint8Array): void => {
        if (this.#isHolding) this.#keep(Buffer.from(chunk));
        else handler.onData(chunk);
      };
      transport.start({ ...handler, onData });
    },
    write: (chunk, onSent) => transport.write(chunk, onSent),
    pause: () => transport.pause(),
    resume: () => transport.resume(),
    end: () => transport.end(),
    destroy: () => transport.destroy(),
    cork: () => transport.cork(),
    uncork: () => transport.uncork(),
  });

  /** Begins. Resolves when that many streams have ended, as far as the peer is concerned. */
  hold(streams: number): Promise<void> {
    this.#isHolding = true;
    this.#wanted = streams;
    return new Promise((resolve) => {
      this.#onWanted = resolve;
    });
  }

  release(): void {
    this.#isHolding = false;
    for (const chunk of this.#chunks.splice(0)) this.#deliver?.(chunk);
  }

  #keep(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#fins.push(chunk);
    if (this.#fins.count === this.#wanted) this.#onWanted();
  }
}

/** How a stream is read of which Go writes all and closes, before we see any of it. */
const USES: readonly [name: string, begin: (end: PatternEnd) => Promise<unknown>][] = [
  [
    "ended first, read to the end",
    (end) => {
      end.start().stream.end();
      return end.end;
    },
  ],
  [
    "read to the end, then ended",
    async (end) => {
      await end.start().end;
      end.stream.end();
      await end.stream.closed;
    },
  ],
  [
    "given up at the first bytes",
    async (end) => {
      await end.start().reached(1);
      end.stream.destroy();
    },
  ],
  [
    "ended first, given up at the first bytes",
    async (end) => {
      end.start().stream.end();
      await end.reached(1);
      end.stream.destroy();
    },
  ],
];

for (const [use, begin] of USES) {
  for (const bytes of [100, 600_000, 1_000_000]) {
    peerTest(
      `[YAMUX-56] [YAMUX-57] 20 streams of ${bytes} bytes, ${use}: Go's log is empty`,
      async (t, kind) => {
        const held = new Held();
        const joined = await joinGo(t, kind, { between: held.between });
        const { session, peer } = joined;
        const ends: PatternEnd[] = [];
        for (let i = 0; i < 20; i++) ends.push(new PatternEnd(await session.open()));
        const used = Promise.all(ends.map(begin));
        await session.ping();
        const allEnded = held.hold(20);
        await Promise.all([allEnded, peer.do("give", { streams: 20, bytes })]);
        held.release();
        await used;
        assert.deepEqual(await logAfter(joined), []);
      },
      LOCAL,
    );
  }
}
