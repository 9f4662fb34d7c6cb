/** Many bytes between our session and Go's yamux, and how much memory a reader that stops costs either side. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type Session, toDuplex } from "../../../mux/index.js";
import { heldBytes } from "../../helpers/memory.js";
import { type GoPeer, joinGo, PEER_KINDS, peerTest } from "../../helpers/yamux/go-peer.js";
import { assertEchoed, echo, PatternEnd, slice } from "../../helpers/yamux/pattern-end.js";

const KIB = 1024;
const MIB = 1024 * KIB;

/** Every version over unix sockets, and every transport with the newest version. All combinations are in test/long. */
const KINDS = PEER_KINDS.filter(
  ({ version, transport }) => transport === "unix" || version === "v0.1.2",
);
const OVER_UNIX = PEER_KINDS.filter(({ transport }) => transport === "unix");

/** How much our side holds in buffers. Its objects take far less. */
const heldHere = async (): Promise<number> => (await heldBytes()).buffers;

/**
 * Waits until both sides have sent what the other's windows take. A ping is answered after the frames before it, but may overtake
 * one that is being written: hence several.
 */
async function quiet(session: Session, peer: GoPeer): Promise<void> {
  for (let i = 0; i < 10; i++) {
    await peer.do("ping");
    await session.ping();
  }
}

peerTest(
  "[YAMUX-21] [YAMUX-23] 100 streams of 1 MiB there and back, byte-exact, opened by us",
  async (t, kind) => {
    const { session, peer } = await joinGo(t, kind);
    const served = peer.ask("serve");
    await assertEchoed(session, 100, MIB);
    assert.equal(session.numStreams, 0);
    await session.close();
    assert.equal((await served).count, 100);
  },
  KINDS,
);

peerTest(
  "[YAMUX-21] [YAMUX-23] 100 streams of 1 MiB there and back, byte-exact, opened by Go",
  async (t, kind) => {
    const { session, peer } = await joinGo(t, kind);
    session.onStream = echo;
    const { count } = await peer.do("exchange", { streams: 100, bytes: MIB });
    assert.equal(count, 100 * MIB);
    await peer.do("ping");
    await session.ping();
    assert.equal(session.numStreams, 0);
    assert.equal((await peer.do("streams")).count, 0);
  },
  KINDS,
);

peerTest(
  "[YAMUX-24] streams that we do not read hold one window each, here and there",
  async (t, kind) => {
    const [streams, windowBytes, bytes] = [16, 512 * KIB, 4 * MIB];
    const { session, peer } = await joinGo(t, kind, {
      ours: { maxStreamWindowBytes: windowBytes },
    });
    const [here, there] = [await heldHere(), (await peer.do("memory")).count];
    const ends: PatternEnd[] = [];
    const writes: Promise<unknown>[] = [];
    for (let i = 0; i < streams; i++) {
      const [accepted, { stream }] = await Promise.all([session.accept(), peer.do("open")]);
      ends.push(new PatternEnd(accepted));
      await peer.do("write", { stream, bytes: windowBytes });
      writes.push(peer.do("write", { stream, bytes: bytes - windowBytes }));
    }
    await quiet(session, peer);
    const kept = (await heldHere()) - here;
    assert.ok(kept < streams * windowBytes * 1.25 + 2 * MIB, `${kept} bytes here`);
    // Go writes the pattern without copying it, thus almost no memory waits there.
    const waiting = (await peer.do("memory")).count - there;
    assert.ok(waiting < 2 * MIB, `${waiting} bytes there`);
    for (const end of ends) {
      end.start();
      assert.equal(end.received, windowBytes);
    }
    await Promise.all([...writes, ...ends.map((end) => end.reached(bytes))]);
  },
  OVER_UNIX,
);

peerTest(
  "[YAMUX-24] streams that Go does not read hold one window each, there and here",
  async (t, kind) => {
    const [streams, bytes] = [16, 4 * MIB];
    const { session, peer } = await joinGo(t, kind);
    const [here, there] = [await heldHere(), (await peer.do("memory")).count];
    const ends: PatternEnd[] = [];
    for (let i = 0; i < streams; i++) {
      ends.push(new PatternEnd(await session.open()).start());
      await peer.do("accept");
    }
    let writing = streams;
    const writes = ends.map((end) => end.write(bytes).then(() => writing--));
    await quiet(session, peer);
    assert.equal(writing, streams);
    // Our queues hold views of one pattern.
    const kept = (await heldHere()) - here;
    assert.ok(kept < 2 * MIB, `${kept} bytes here`);
    // Go's buffers double as they grow.
    const waiting = (await peer.do("memory")).count - there;
    assert.ok(waiting < streams * 2 * 256 * KIB + 2 * MIB, `${waiting} bytes there`);
    const reads = ends.map(({ stream }) => peer.do("read", { stream: stream.id, bytes }));
    await Promise.all([...reads, ...writes]);
  },
  OVER_UNIX,
);

peerTest(
  "[YAMUX-53] a Duplex that Go does not read takes a window and a queue, and no more",
  async (t, kind) => {
    const { session, peer } = await joinGo(t, kind);
    const [stream, { stream: id }] = await Promise.all([session.open(), peer.do("accept")]);
    const duplex = toDuplex(stream);
    let written = 0;
    do {
      duplex.write(slice(id, written, 32 * KIB));
      written += 32 * KIB;
      if (duplex.writableNeedDrain) await quiet(session, peer);
    } while (!duplex.writableNeedDrain);
    // Go's window (256 KiB), the stream's queue (256 KiB), and what Node's stream adds.
    assert.ok(written <= 640 * KIB, `${written} bytes taken`);
    duplex.end();
    assert.equal((await peer.do("read", { stream: id })).count, written);
    await peer.do("close", { stream: id });
    await once(duplex.resume(), "close");
  },
  OVER_UNIX,
);

peerTest(
  "[YAMUX-21] streams that are not read do not block others",
  async (t, kind) => {
    const { session, peer } = await joinGo(t, kind);
    for (let i = 0; i < 4; i++) {
      const ours = new PatternEnd(await session.open()).start();
      const { stream } = await peer.do("accept");
      void ours.write(MIB);
      const [{ stream: theirs }] = await Promise.all([peer.do("open"), session.accept()]);
      peer.ask("write", { stream: theirs, bytes: 2 * MIB }).catch(() => {});
      assert.equal(stream, ours.stream.id);
    }
    await quiet(session, peer);
    const end = new PatternEnd(await session.open()).start();
    const { stream } = await peer.do("accept");
    const echoed = peer.do("echo", { stream });
    await end.write(2 * MIB);
    end.stream.end();
    assert.equal((await echoed).count, 2 * MIB);
    assert.equal(await end.end, undefined);
  },
  OVER_UNIX,
);
