/** Go's yamux at length: every version, every transport, both sides. */
import assert from "node:assert/strict";
import type { Session } from "../../mux/index.js";
import { randomFrom } from "../helpers/yamux/fuzz.js";
import { type GoPeer, joinGo, peerTest } from "../helpers/yamux/go-peer.js";
import { echo, PatternEnd } from "../helpers/yamux/pattern-end.js";

const MIB = 1024 * 1024;

async function there(session: Session, streams: number, bytes: number): Promise<void> {
  const one = async (): Promise<void> => {
    const end = new PatternEnd(await session.open()).start();
    await end.write(bytes);
    end.stream.end();
    assert.equal(await end.end, undefined);
    assert.equal(end.received, bytes);
  };
  await Promise.all(Array.from({ length: streams }, one));
}

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
    await there(session, 100, MIB);
    assert.equal((await exchanged).count, 100 * MIB);
    await assertEmpty(session, peer);
    await session.close();
    assert.equal((await served).count, 100);
  },
);

// TestSendData_Large, both ways.
peerTest("[YAMUX-23] 250 MiB on one stream, there and back", async (t, kind) => {
  const { session, peer } = await joinGo(t, kind);
  session.onStream = echo;
  void peer.ask("serve").catch(() => {});
  await there(session, 1, 250 * MIB);
  await peer.do("exchange", { streams: 1, bytes: 250 * MIB });
  await assertEmpty(session, peer);
});

peerTest(
  "[YAMUX-32] [YAMUX-34] 3,000 short streams, 50 at a time, of any length and pace",
  async (t, kind) => {
    const { session, peer } = await joinGo(t, kind);
    const random = randomFrom(7);
    void peer.ask("serve").catch(() => {});
    const one = async (): Promise<void> => {
      const end = new PatternEnd(await session.open()).start();
      const bytes = random(20) === 0 ? random(600_000) : random(3000);
      if (random(50) === 0) {
        void end.write(bytes);
        end.stream.destroy();
        await end.stream.closed;
        return;
      }
      await end.write(bytes, 1 + random(5000));
      if (random(3) === 0) end.stream.pause();
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
