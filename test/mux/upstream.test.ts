/** The cases of the Go package's own session tests, by their names there, over every kind of connection. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Session, Stream } from "../../mux/index.js";
import { CONNECTIONS, joinOver } from "./connections.js";
import { join, joinStream, muxError, pattern, read, settle } from "./helpers.js";

/** Short times and small limits, as in upstream's test configuration. */
const SMALL = { acceptBacklog: 64, keepAliveIntervalMs: 100, connectionWriteTimeoutMs: 250 };

/** Echoes every stream. */
const echo = (stream: Stream): void => {
  stream.start({
    onData: (chunk) => void stream.write(Buffer.from(chunk)),
    onEnd: () => stream.end(),
  });
};

/** Waits until neither side has a stream left: a few round trips at most. */
async function emptyTables(...sessions: Session[]): Promise<void> {
  const sizes = (): number[] => sessions.map((session) => session.numStreams);
  for (let i = 0; i < 10 && sizes().some((size) => size > 0); i++) {
    await Promise.all(sessions.map((session) => session.ping()));
  }
  assert.deepEqual(
    sizes(),
    sessions.map(() => 0),
  );
}

for (const kind of Object.keys(CONNECTIONS)) {
  test(`over ${kind}`, async (t) => {
    await t.test("[YAMUX-14] CloseBeforeAck: closed opens give their slots back", async (t) => {
      const { client, server } = await joinOver(t, kind, { ...SMALL, acceptBacklog: 8 });
      for (let i = 0; i < 8; i++) (await client.open()).end();
      for (let i = 0; i < 8; i++) (await server.accept()).end();
      const ninth = await client.open({ timeoutMs: 5000 });
      ninth.end();
      (await server.accept()).end();
      await emptyTables(client, server);
    });

    await t.test("[YAMUX-4] Accept: opens in both directions get ids 1 and 2", async (t) => {
      const { client, server } = await joinOver(t, kind);
      const streams = await Promise.all([
        client.open(),
        server.accept(),
        server.open(),
        client.accept(),
      ]);
      assert.deepEqual(
        streams.map((stream) => stream.id),
        [1, 1, 2, 2],
      );
      for (const stream of streams) stream.end();
      await emptyTables(client, server);
    });

    await t.test("[YAMUX-33] HalfClose: the server ends first and still reads", async (t) => {
      const { client, server } = await joinOver(t, kind);
      const opened = await client.open();
      opened.write(Buffer.from("a"));
      const accepted = await server.accept();
      const seen = [read(opened), read(accepted)] as const;
      accepted.end();
      assert.equal(await seen[0].allText(), "");
      opened.write(Buffer.from("bcd"));
      opened.end();
      assert.equal(await seen[1].allText(), "abcd");
      await emptyTables(client, server);
    });

    await t.test("[YAMUX-43] KeepAlive: both sides ping on their own and live", async (t) => {
      t.mock.timers.enable({ apis: ["setTimeout"] });
      const { client, server } = await joinOver(t, kind);
      for (let i = 0; i < 3; i++) {
        t.mock.timers.tick(30_000);
        // Values are answered in order: these prove that the keepalive's own pings were answered too.
        await Promise.all([client.ping(), server.ping()]);
        await settle();
      }
      t.mock.timers.tick(10_000);
      assert.deepEqual([client.isClosed, server.isClosed], [false, false]);
    });

    await t.test(
      "[YAMUX-23] PartialReadWindowUpdate: half and a byte grants as much",
      async (t) => {
        const { client, server } = await joinOver(t, kind, { maxStreamWindowBytes: 262_144 });
        const opened = await client.open();
        const accepted = await server.accept();
        let left = 262_144;
        opened.write(Buffer.alloc(262_144));
        opened.write(Buffer.alloc(200_000, 1));
        accepted.pause();
        const seen = read(accepted);
        // The reader takes half a window and then stops: credit for just that comes back.
        accepted.resume();
        await seen.reached(131_073);
        accepted.pause();
        left -= seen.byteLength;
        assert.ok(left <= 131_071);
        accepted.resume();
        await seen.reached(462_144);
      },
    );

    await t.test("SendData: megabytes both ways arrive whole", async (t) => {
      const { client, server } = await joinOver(t, kind);
      server.onStream = echo;
      const all = pattern(3_000_000);
      const stream = await client.open();
      const seen = read(stream);
      stream.write(Buffer.from(all));
      stream.end();
      assert.ok((await seen.all()).equals(all));
      await emptyTables(client, server);
    });

    await t.test("ManyStreams_PingPong: 50 streams, 100 rounds each", async (t) => {
      const { client, server } = await joinOver(t, kind);
      server.onStream = echo;
      const talk = async (): Promise<void> => {
        const stream = await client.open();
        await new Promise<void>((resolve, reject) => {
          let rounds = 0;
          let got = "";
          const next = (): void => void stream.write(Buffer.from(`round ${rounds}`.padEnd(10)));
          stream.start({
            onData(chunk) {
              got += Buffer.from(chunk).toString();
              if (got.length < 10) return;
              assert.equal(got, `round ${rounds}`.padEnd(10));
              got = "";
              rounds += 1;
              if (rounds < 100) next();
              else stream.end();
            },
            onEnd: (error) => (error ? reject(error) : resolve()),
          });
          next();
        });
      };
      await Promise.all(Array.from({ length: 50 }, talk));
      await emptyTables(client, server);
    });

    await t.test("[YAMUX-46] close: the other side sees EOF", async (t) => {
      const { client, server } = await joinOver(t, kind);
      await client.ping();
      const [, reason] = await Promise.all([client.close(), server.closed]);
      assert.equal(reason?.code, "eof");
      await server.close();
    });
  });
}

test("SendData_Small: 1,000 messages of 4 bytes, then both tables are empty", async (t) => {
  const joined = join(t);
  const [opened, accepted] = await joinStream(joined);
  const seen = read(accepted);
  for (let i = 0; i < 1000; i++) {
    opened.write(Buffer.from("test"));
    if (i % 7 === 0) await settle(1);
  }
  opened.end();
  accepted.end();
  assert.ok((await seen.allText()) === "test".repeat(1000));
  await read(opened).all();
  await emptyTables(joined.client, joined.server);
});

test("SendData_Large: 64 MiB in a single write, content checked", async (t) => {
  const [opened, accepted] = await joinStream(join(t));
  const size = 64 << 20;
  const block = pattern(1 << 20);
  const all = Buffer.alloc(size);
  for (let at = 0; at < size; at += block.length) block.copy(all, at);
  let got = 0;
  const done = new Promise<Error | undefined>((resolve) => {
    accepted.start({
      onData(chunk) {
        for (let at = 0; at < chunk.length; ) {
          const from = got % block.length;
          const part = chunk.subarray(at, at + block.length - from);
          assert.equal(Buffer.compare(block.subarray(from, from + part.length), part), 0);
          got += part.length;
          at += part.length;
        }
      },
      onEnd: resolve,
    });
  });
  opened.write(all);
  opened.end();
  assert.equal(await done, undefined);
  assert.equal(got, size);
});

test("ManyStreams: 50 streams of 1,000 small messages one way", async (t) => {
  const joined = join(t, { chunkBytes: 3000 });
  const message = Buffer.from("0123456789");
  const send = async (): Promise<void> => {
    const stream = await joined.client.open();
    for (let i = 0; i < 1000; i++) stream.write(message);
    stream.end();
  };
  const receive = async (): Promise<number> => {
    const stream = await joined.server.accept();
    stream.end();
    return (await read(stream).all()).length;
  };
  const lengths = Array.from({ length: 50 }, receive);
  await Promise.all(Array.from({ length: 50 }, send));
  for (const length of await Promise.all(lengths)) assert.equal(length, 10_000);
});

test("[YAMUX-45] HalfCloseSessionShutdown: a full window arrives after stream and session closed", async (t) => {
  const joined = join(t);
  const [opened, accepted] = await joinStream(joined);
  opened.write(pattern(1 << 20));
  opened.end();
  await joined.client.close();
  await joined.server.closed;
  const seen = read(accepted);
  assert.ok((await seen.all()).equals(pattern(1 << 20)));
});

test("[YAMUX-14] BacklogExceeded: one open too many waits, and fails when the server shuts down", async (t) => {
  const { client, server } = join(t, { client: SMALL, server: SMALL });
  for (let i = 0; i < 64; i++) await client.open();
  const extra = client.open();
  const rejected = assert.rejects(extra, muxError("session-shutdown"));
  await settle();
  assert.equal(server.numStreams, 64);
  await server.close();
  await rejected;
});

test("[YAMUX-15] BacklogExceeded_Accept: five times the backlog while the server accepts", async (t) => {
  const { client, server } = join(t, { client: SMALL, server: SMALL });
  const opening = Promise.all(Array.from({ length: 320 }, () => client.open()));
  for (let i = 0; i < 320; i++) await server.accept();
  assert.equal((await opening).length, 320);
});

test("[YAMUX-11] LargeWindow: 512 KiB leave at once when the window is as large", async (t) => {
  const config = { maxStreamWindowBytes: 512 * 1024 };
  const joined = join(t, { client: config, server: config });
  const [opened, accepted] = await joinStream(joined);
  await settle();
  for (const stream of [opened, accepted]) {
    stream.write(Buffer.alloc(512 * 1024));
    stream.end();
  }
  // FIN follows the last byte: nothing waits for credit.
  await Promise.all([opened.finished, accepted.finished]);
});

test("[YAMUX-42] [YAMUX-9] PingOfDeath: a full connection does not stop reading, and recovers", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const quiet = { ...SMALL, enableKeepAlive: false };
  const { client, server, serverEnd } = join(t, { client: quiet, server: quiet });
  const stream = await client.open();
  const accepted = await server.accept();
  serverEnd.stall();
  accepted.write(Buffer.alloc(300_000));
  await settle();
  const lost = Promise.all(
    Array.from({ length: 100 }, () => assert.rejects(client.ping(), muxError("timeout"))),
  );
  stream.write(Buffer.from("still read"));
  await settle();
  t.mock.timers.tick(250);
  await lost;
  const seen = read(accepted);
  await seen.reached(10);
  serverEnd.unstall();
  await client.ping();
});

test("[YAMUX-45] a session that ends leaves nothing that keeps the process alive", async (t) => {
  const { client, server } = join(t);
  await Promise.all([client.open(), server.accept()]);
  await Promise.all([client.close(), server.close()]);
  const kept = process.getActiveResourcesInfo().filter((name) => name !== "TTYWrap");
  assert.ok(!kept.includes("Timeout"), kept.join());
});
