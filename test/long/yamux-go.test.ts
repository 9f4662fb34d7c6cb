/** Long tests with Go's yamux: every version, every transport, both sides. */
import assert from "node:assert/strict";
import type { Session } from "../../mux/index.js";
import { Random } from "../helpers/random.js";
import { type GoPeer, joinGo, peerTest } from "../helpers/yamux/go-peer.js";
import { assertEchoed, echo, PatternEnd } from "../helpers/yamux/pattern-end.js";

const MIB = 1024 * 1024;

async function assertEmpty(session: Session, peer: GoPeer): Promise<void> {
  await peer.do("ping");
  await session.ping();
  assert.equal(session.numStreams, 0);
  assert.equal((await peer.do("streams")).count, 0);
}

peerTest(
  "[YAMUX-21] [YAMUX-23] 100 streams of 1 MiB there and back, byte-exact, both ways at once",
  async (t, kind) => {
    const { session, peer } = await joinGo(t, kind);
    session.onStream = echo;
    const served = peer.ask("serve");
    const exchanged = peer.do("exchange", { streams: 100, bytes: MIB });
    await assertEchoed(session, 100, MIB);
    assert.equal((await exchanged).count, 100 * MIB);
    await assertEmpty(session, peer);
    await session.close();
    assert.equal((await served).count, 100);
  },
);

// As Go's TestSendData_Large, but in both directions.
peerTest("[YAMUX-23] 250 MiB on one stream, there and back", async (t, kind) => {
  const { session, peer } = await joinGo(t, kind);
  session.onStream = echo;
  void peer.ask("serve").catch(() => {});
  await assertEchoed(session, 1, 250 * MIB);
  await peer.do("exchange", { streams: 1, bytes: 250 * MIB });
  await assertEmpty(session, peer);
});

peerTest(
  "[YAMUX-32] [YAMUX-34] 3,000 short streams, 50 at a time, of any length and pace",
  async (t, kind) => {
    const { session, peer } = await joinGo(t, kind);
    const random = new Random(7);
    void peer.ask("serve").catch(() => {});
    const one = async (): Promise<void> => {
      const end = new PatternEnd(await session.open()).start();
      const bytes = random.chance(20) ? random.below(600_000) : random.below(3000);
      if (random.chance(50)) {
        void end.write(bytes);
        end.stream.destroy();
        await end.stream.closed;
        return;
      }
      await end.write(bytes, 1 + random.below(5000));
      if (random.chance(3)) end.stream.pause();
      end.stream.end();
      await session.ping();
      end.stream.resume();
      assert.equal(await end.end, undefined);
      assert.equal(end.received, bytes);
    };
    const worker = async (): Promise<void> => {
      for (let i = 0; i < 60; i++) await one();
    };
    await Promise.all(Array.from({ length: 50 }, worker));
    assert.equal(session.numStreams, 0);
    await session.ping();
  },
);
