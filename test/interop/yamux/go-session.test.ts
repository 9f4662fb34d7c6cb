/** Whole sessions with every version of Go's yamux, over every transport, on both sides. */
import assert from "node:assert/strict";
import { isMuxError, type Stream } from "../../../mux/index.js";
import { type JoinedGo, joinGo, peerTest } from "../../helpers/yamux/go-peer.js";
import { PatternEnd } from "../../helpers/yamux/pattern-end.js";
import { muxError } from "../../mux/helpers.js";

const KIB = 1024;

async function openMany({ session, peer }: JoinedGo, count: number): Promise<PatternEnd[]> {
  const ends: PatternEnd[] = [];
  for (let i = 0; i < count; i++) {
    ends.push(new PatternEnd(await session.open()));
    await peer.do("accept");
  }
  return ends;
}

peerTest("[YAMUX-41] [YAMUX-42] pings go both ways, many at a time", async (t, kind) => {
  const { session, peer } = await joinGo(t, kind);
  assert.ok((await session.ping()) > 0);
  assert.ok((await peer.do("ping")).count > 0);
  const ours = Array.from({ length: 50 }, () => session.ping());
  const theirs = Array.from({ length: 50 }, () => peer.do("ping"));
  await Promise.all([...ours, ...theirs]);
});

// The streams carry 2 MiB, which takes many keepalive intervals.
peerTest("[YAMUX-43] both sides keep a busy session alive", async (t, kind) => {
  const { session, peer } = await joinGo(t, kind, {
    ours: { keepAliveIntervalMs: 1 },
    theirs: { KeepAliveInterval: 1 },
  });
  const served = peer.ask("serve");
  const end = new PatternEnd(await session.open()).start();
  await end.write(2048 * KIB);
  end.stream.end();
  assert.equal(await end.end, undefined);
  assert.equal(end.received, 2048 * KIB);
  await session.close();
  assert.equal((await served).count, 1);
});

peerTest("[YAMUX-40] after Go's GoAway we open nothing, and all else goes on", async (t, kind) => {
  const joined = await joinGo(t, kind);
  const { session, peer } = joined;
  const [end] = (await openMany(joined, 1)) as [PatternEnd];
  end.start();
  await peer.do("goAway");
  await peer.do("ping");
  assert.equal(session.remoteGoneAway, true);
  await assert.rejects(session.open(), muxError("remote-go-away"));
  const { id: stream } = end.stream;
  await end.write(1000);
  await peer.do("read", { stream, bytes: 1000 });
  await peer.do("write", { stream, bytes: 1000 });
  await end.reached(1000);
  const [accepted, opened] = await Promise.all([session.accept(), peer.do("open")]);
  assert.equal(accepted.id, opened.stream);
  assert.ok((await session.ping()) > 0);
});

peerTest("[YAMUX-40] after our GoAway Go opens nothing, and all else goes on", async (t, kind) => {
  const { session, peer } = await joinGo(t, kind);
  const [accepted, { stream }] = await Promise.all([session.accept(), peer.do("open")]);
  session.goAway();
  await session.ping();
  const { error } = await peer.ask("open");
  assert.equal(error, "remote end is not accepting connections");
  const end = new PatternEnd(accepted).start();
  await peer.do("write", { stream, bytes: 1000 });
  await end.reached(1000);
  const [opened, { stream: id }] = await Promise.all([session.open(), peer.do("accept")]);
  assert.equal(opened.id, id);
  await peer.do("ping");
});

peerTest(
  "[YAMUX-45] Go closes the session: what arrived is read, then the end",
  async (t, kind) => {
    const joined = await joinGo(t, kind);
    const { session, peer } = joined;
    const ends = await openMany(joined, 3);
    for (const { stream } of ends) await peer.do("write", { stream: stream.id, bytes: 256 * KIB });
    const waiting = assert.rejects(session.accept(), muxError("eof"));
    await peer.do("closeSession");
    await waiting;
    assert.ok(muxError("eof")(await session.closed));
    for (const end of ends) {
      assert.equal(end.stream.state, "Closed");
      end.start();
      assert.equal(end.received, 256 * KIB);
      assert.ok(muxError("session-shutdown")(await end.end));
    }
    await assert.rejects(session.open(), muxError("session-shutdown"));
    await assert.rejects(session.ping(), muxError("session-shutdown"));
  },
);

// As Go's TestHalfCloseSessionShutdown. In the version of 2018 a Read that must send credit fails, and its bytes are lost.
peerTest("[YAMUX-46] we close the session: Go reads all that we had written", async (t, kind) => {
  const joined = await joinGo(t, kind);
  const { session, peer } = joined;
  const ends = await openMany(joined, 3);
  for (const { stream } of ends) await peer.do("write", { stream: stream.id, bytes: 1 });
  for (const end of ends) await end.start().write(256 * KIB);
  ends[0]?.stream.end();
  await session.close();
  await peer.do("closed");
  for (const { stream, end } of ends) {
    let left = 256 * KIB;
    if (kind.version === "2018") {
      const { count, error } = await peer.ask("read", { stream: stream.id });
      assert.equal(error, "session shutdown");
      left -= count;
    }
    assert.equal((await peer.ask("read", { stream: stream.id, bytes: left })).count, left);
    assert.ok(muxError("session-shutdown")(await end));
  }
  assert.match((await peer.ask("open")).error ?? "", /session shutdown/);
});

peerTest(
  "[YAMUX-45] Go is killed with 100 streams open: each waiter wakes once",
  async (t, kind) => {
    const joined = await joinGo(t, kind, { ours: { acceptBacklog: 101 } });
    const { session, peer } = joined;
    const ends = await openMany(joined, 100);
    let wakes = 0;
    const wake = async (wait: Promise<unknown>): Promise<unknown> => {
      const error = await wait.then(
        (value) => assert.fail(`woken with ${value}`),
        (reason) => reason,
      );
      wakes += 1;
      return error;
    };
    const writes: Promise<void>[] = [];
    for (const end of ends) {
      end.start();
      // More than the window: the rest waits for credit, and is never sent.
      writes.push(end.write(1024 * KIB));
    }
    await session.ping();
    const accepts = [wake(session.accept()), wake(session.accept())];
    const unanswered: Stream[] = [];
    for (let i = 0; i < 101; i++) unanswered.push(await session.open());
    const opens = [wake(session.open()), wake(session.open())];
    peer.kill();
    const pings = [wake(session.ping()), wake(session.ping())];
    const reason = await session.closed;
    assert.ok(isMuxError(reason) && ["eof", "connection-lost"].includes(reason.code), `${reason}`);
    for (const error of await Promise.all(accepts)) assert.equal(error, reason);
    for (const error of await Promise.all([...opens, ...pings])) {
      assert.ok(muxError("session-shutdown")(error));
      assert.equal((error as Error).cause, reason);
    }
    for (const { end } of ends) assert.equal(((await end) as Error).cause, reason);
    await Promise.all(writes);
    await Promise.all(unanswered.map(({ closed }) => closed));
    assert.equal(wakes, 6);
    assert.deepEqual(new Set(ends.map((end) => end.ends)), new Set([1]));
    assert.equal(session.numStreams, 0);
  },
);

peerTest("[YAMUX-45] we are gone with 100 streams open: Go's readers all wake", async (t, kind) => {
  const joined = await joinGo(t, kind);
  const { session, peer } = joined;
  const ends = await openMany(joined, 100);
  const reads = ends.map(({ stream }) => peer.ask("read", { stream: stream.id }));
  await peer.do("ping");
  await session.close(new Error("cut"));
  await peer.do("closed");
  for (const { count, error } of await Promise.all(reads)) {
    assert.equal(count, 0);
    assert.equal(error, undefined); // EOF
  }
});
