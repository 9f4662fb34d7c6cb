/** Opening and accepting streams: ids, windows on SYN and ACK, backlogs, time limits. */
import assert from "node:assert/strict";
import test from "node:test";
import { fromDuplex, Session, type Stream } from "../../mux/index.js";
import { StreamIds } from "../../mux/open-slots.js";
import { duplexPair } from "../helpers/duplex-pair.js";
import { catchUncaught, join, joinRaw, joinStream, muxError, read, settle } from "./helpers.js";

test("[YAMUX-10] open announces the stream at once, and data does not wait for the ACK", async (t) => {
  const { session, raw } = joinRaw(t, "client");
  const stream = await session.open();
  assert.equal(stream.state, "SYNSent");
  stream.write(Buffer.from("hello"));
  assert.equal(await raw.next(), "WindowUpdate|SYN 1 0");
  assert.equal(await raw.next(), 'Data 1 5 "hello"');
});

test("[YAMUX-4] the client's ids are odd, the server's even", async (t) => {
  for (const [side, ids] of [
    ["client", [1, 3, 5]],
    ["server", [2, 4, 6]],
  ] as const) {
    const { session, raw } = joinRaw(t, side);
    const opened = await Promise.all(ids.map(() => session.open()));
    assert.deepEqual(
      opened.map((stream) => stream.id),
      ids,
    );
    assert.deepEqual(
      await raw.sync(),
      ids.map((id) => `WindowUpdate|SYN ${id} 0`),
    );
  }
});

test("[YAMUX-4] ids end before 0xFFFFFFFE, and taken ones are skipped", () => {
  const client = new StreamIds(0xfffffffb);
  assert.equal(
    client.take(() => false),
    0xfffffffb,
  );
  assert.equal(
    client.take(() => false),
    0xfffffffd,
  );
  assert.equal(
    client.take(() => false),
    undefined,
  );
  const server = new StreamIds(0xfffffffa);
  assert.equal(
    server.take((id) => id === 0xfffffffa),
    0xfffffffc,
  );
  assert.equal(
    server.take(() => false),
    undefined,
  );
});

test("[YAMUX-4] an id of ours that the peer took is skipped", async (t) => {
  const { session, raw } = joinRaw(t, "client");
  raw.send("WindowUpdate|SYN 1 0");
  await raw.sync();
  assert.equal((await session.open()).id, 3);
});

for (const id of [0, 1, 2, 0xffffffff]) {
  test(`[YAMUX-4] a SYN of id ${id} is accepted from either side`, async (t) => {
    for (const side of ["client", "server"] as const) {
      const { session, raw } = joinRaw(t, side);
      raw.send(`WindowUpdate|SYN ${id} 0`);
      assert.equal((await session.accept()).id, id);
      assert.equal(await raw.next(), `WindowUpdate|ACK ${id} 0`);
    }
  });
}

test("[YAMUX-4] the id of a stream that is over can be opened again by the peer", async (t) => {
  const { session, raw } = joinRaw(t, "server");
  for (let round = 0; round < 3; round++) {
    raw.send("Data|SYN|FIN 1", "again");
    const stream = await session.accept();
    stream.end();
    assert.equal(await read(stream).allText(), "again");
    await stream.closed;
  }
});

test("[YAMUX-11] a larger window is granted on the SYN", async (t) => {
  const { session, raw } = joinRaw(t, "client", { maxStreamWindowBytes: 1 << 20 });
  await session.open();
  assert.equal(await raw.next(), "WindowUpdate|SYN 1 786432");
});

test("[YAMUX-11] [YAMUX-12] a larger window is granted on the ACK, less what waits already", async (t) => {
  const { session, raw } = joinRaw(t, "server", { maxStreamWindowBytes: 1 << 20 });
  raw.send("Data|SYN 1", "hello");
  await raw.sync();
  const stream = await session.accept();
  assert.equal(await raw.next(), "WindowUpdate|ACK 1 786432");
  assert.equal(stream.state, "Established");
});

test("[YAMUX-11] a handler's stream is confirmed with 0, the rest is granted when reading starts", async (t) => {
  const { session, raw } = joinRaw(t, "server", { maxStreamWindowBytes: 1 << 20 });
  const streams: Stream[] = [];
  session.onStream = (stream) => streams.push(stream);
  raw.send("WindowUpdate|SYN 1 0");
  assert.equal(await raw.next(), "WindowUpdate|ACK 1 0");
  read(streams[0] as Stream);
  assert.equal(await raw.next(), "WindowUpdate 1 786432");
});

test("[YAMUX-12] the ACK is sent when the stream is taken, not before", async (t) => {
  const { session, raw } = joinRaw(t, "server");
  raw.send("WindowUpdate|SYN 1 0");
  assert.deepEqual(await raw.sync(), []);
  const stream = await session.accept();
  assert.equal(stream.state, "Established");
  assert.deepEqual(await raw.sync(), ["WindowUpdate|ACK 1 0"]);
});

test("[YAMUX-12] an accept that waits takes the stream when it comes", async (t) => {
  const { session, raw } = joinRaw(t, "server");
  const accepting = [session.accept(), session.accept()];
  raw.send("WindowUpdate|SYN 1 0");
  raw.send("WindowUpdate|SYN 3 0");
  const ids = (await Promise.all(accepting)).map((stream) => stream.id);
  assert.deepEqual(ids, [1, 3]);
  assert.deepEqual(await raw.sync(), ["WindowUpdate|ACK 1 0", "WindowUpdate|ACK 3 0"]);
});

test("[YAMUX-12] SYN, data and FIN before accept: both ends come back, never an ACK", async (t) => {
  const { session, raw } = joinRaw(t, "server");
  raw.send("WindowUpdate|SYN 1 0");
  raw.send("Data 1", "all of it");
  raw.send("WindowUpdate|FIN 1 0");
  await raw.sync();
  const stream = await session.accept();
  assert.equal(stream.state, "RemoteClose");
  assert.equal(await read(stream).allText(), "all of it");
  stream.write(Buffer.from("back"));
  stream.end();
  await stream.closed;
  assert.deepEqual(await raw.sync(), ['Data 1 4 "back"', "WindowUpdate|FIN 1 0"]);
});

test("[YAMUX-12] an extra ACK changes nothing", async (t) => {
  const { session, raw } = joinRaw(t, "client");
  const opened = await session.open();
  raw.send("WindowUpdate|ACK 1 0");
  raw.send("WindowUpdate|ACK 1 0");
  raw.send("WindowUpdate|SYN 2 0");
  raw.send("WindowUpdate|ACK 2 0");
  const accepted = await session.accept();
  raw.send("WindowUpdate|ACK 2 0");
  raw.send("WindowUpdate|ACK 9 0");
  await raw.sync();
  assert.equal(opened.state, "Established");
  assert.equal(accepted.state, "Established");
  accepted.end();
  await raw.sync();
  raw.send("WindowUpdate|ACK 2 0");
  await raw.sync();
  assert.equal(accepted.state, "LocalClose");
});

test("[YAMUX-13] a stream that nobody takes is confirmed after 5 s, and still taken later", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { session, raw } = joinRaw(t, "server", { maxStreamWindowBytes: 1 << 20 });
  raw.send("Data|SYN 1", "hello");
  await raw.sync();
  t.mock.timers.tick(4999);
  assert.deepEqual(await raw.sync(), []);
  t.mock.timers.tick(1);
  assert.deepEqual(await raw.sync(), ["WindowUpdate|ACK 1 0"]);
  const stream = await session.accept();
  assert.equal(stream.state, "Established");
  read(stream);
  assert.deepEqual(await raw.sync(), ["WindowUpdate 1 786437"]);
});

test("[YAMUX-14] opens beyond the backlog wait, in order, for an ACK, a reset or an end", async (t) => {
  const { session, raw } = joinRaw(t, "client", { acceptBacklog: 3 });
  const opened: number[] = [];
  const streams: Stream[] = [];
  for (let i = 0; i < 7; i++) {
    session.open().then((stream) => {
      opened.push(stream.id);
      streams.push(stream);
    });
  }
  await raw.sync();
  assert.deepEqual(opened, [1, 3, 5]);
  raw.send("WindowUpdate|ACK 3 0");
  await raw.sync();
  assert.deepEqual(opened, [1, 3, 5, 7]);
  raw.send("WindowUpdate|RST 1 0");
  await raw.sync();
  assert.deepEqual(opened, [1, 3, 5, 7, 9]);
  raw.send("WindowUpdate|RST 5 0");
  await raw.sync();
  assert.deepEqual(opened, [1, 3, 5, 7, 9, 11]);
  streams[3]?.end();
  await raw.sync();
  assert.equal(opened.length, 6, "our end alone frees no slot");
  raw.send("WindowUpdate|FIN 7 0");
  await raw.sync();
  assert.deepEqual(opened, [1, 3, 5, 7, 9, 11, 13]);
});

test("[YAMUX-14] [YAMUX-51] an open that waits can be given up", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { session, raw } = joinRaw(t, "client", { acceptBacklog: 1 });
  await session.open();
  const controller = new AbortController();
  const aborted = session.open({ signal: controller.signal });
  const timedOut = session.open({ timeoutMs: 50 });
  const lucky = session.open();
  controller.abort(new Error("changed my mind"));
  await assert.rejects(aborted, muxError("aborted", "while 1 opens are not acknowledged"));
  await assert.rejects(
    aborted,
    (error: Error) => (error.cause as Error).message === "changed my mind",
  );
  t.mock.timers.tick(50);
  await assert.rejects(timedOut, muxError("timeout", "i/o deadline reached"));
  raw.send("WindowUpdate|ACK 1 0");
  assert.equal((await lucky).id, 3);
});

test("[YAMUX-51] a signal that fired before refuses every wait", async (t) => {
  const { client } = join(t);
  const signal = AbortSignal.abort("no");
  await assert.rejects(client.open({ signal }), muxError("aborted", "yamux: opening"));
  await assert.rejects(
    client.accept({ signal }),
    muxError("aborted", "yamux: waiting for a stream"),
  );
  await assert.rejects(client.ping({ signal }), muxError("aborted", "yamux: ping aborted"));
  const stream = await client.open();
  await assert.rejects(stream.readPrefix(1, { signal }), muxError("aborted", "yamux: reading"));
});

test("[YAMUX-51] an accept that waits can be given up, and the next one gets the stream", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { session, raw } = joinRaw(t, "server");
  const controller = new AbortController();
  const aborted = session.accept({ signal: controller.signal });
  const timedOut = session.accept({ timeoutMs: 10, signal: new AbortController().signal });
  const lucky = session.accept({ timeoutMs: Number.POSITIVE_INFINITY });
  controller.abort();
  await assert.rejects(aborted, muxError("aborted"));
  t.mock.timers.tick(10);
  await assert.rejects(timedOut, muxError("timeout", "waiting for a stream of the peer"));
  raw.send("WindowUpdate|SYN 1 0");
  assert.equal((await lucky).id, 1);
});

test("[YAMUX-14] an open without an answer ends the session after 75 s", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const lines: string[] = [];
  const { session, raw } = joinRaw(t, "client", {
    enableKeepAlive: false,
    logger: (level, message) => lines.push(`${level} ${message}`),
  });
  const answered = await session.open();
  const stuck = await session.open();
  const end = read(stuck).end;
  raw.send("WindowUpdate|ACK 1 0");
  await raw.sync();
  t.mock.timers.tick(74_999);
  assert.equal(session.isClosed, false);
  t.mock.timers.tick(1);
  muxError(
    "timeout",
    /aborted stream open: stream 3 not acknowledged within 75000 ms/,
  )(await session.closed);
  muxError("session-shutdown", "stream 3: i/o deadline reached (aborted")(await end);
  assert.equal(answered.state, "Closed");
  assert.deepEqual(lines, ["error yamux: aborted stream open: i/o deadline reached (stream 3)"]);
});

for (const [what, act] of [
  ["FIN of the peer", "WindowUpdate|FIN 1 0"],
  ["reset of the peer", "WindowUpdate|RST 1 0"],
  ["late ACK", "WindowUpdate|ACK 1 0"],
] as const) {
  test(`[YAMUX-14] a ${what} stops the time of an open`, async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { session, raw } = joinRaw(t, "client", { enableKeepAlive: false });
    await session.open();
    raw.send(act);
    await raw.sync();
    t.mock.timers.tick(75_000);
    assert.equal(session.isClosed, false);
  });
}

test("[YAMUX-14] our own end stops the time of an open; 0 means no limit", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const closing = joinRaw(t, "client", { enableKeepAlive: false });
  (await closing.session.open()).end();
  const patient = joinRaw(t, "client", { enableKeepAlive: false, streamOpenTimeoutMs: 0 });
  await patient.session.open();
  await settle();
  t.mock.timers.tick(75_000);
  assert.equal(closing.session.isClosed, false);
  assert.equal(patient.session.isClosed, false);
});

test("[YAMUX-15] SYNs beyond the backlog are reset, bodies included, and the session goes on", async (t) => {
  const lines: string[] = [];
  const logger = (level: string, message: string) => lines.push(`${level} ${message}`);
  const { session, raw } = joinRaw(t, "server", { acceptBacklog: 2, logger });
  raw.send("WindowUpdate|SYN 1 0");
  raw.send("Data|SYN 3", "kept");
  raw.send("WindowUpdate|SYN 5 0");
  raw.send("Data|SYN 7", "lost");
  raw.send("Data 7", "lost too");
  raw.send("WindowUpdate|FIN 7 0");
  assert.deepEqual(await raw.sync(), ["WindowUpdate|RST 5 0", "WindowUpdate|RST 7 0"]);
  assert.equal(session.numStreams, 2);
  assert.deepEqual(lines, [
    "warn yamux: backlog exceeded, forcing connection reset (stream 5)",
    "warn yamux: backlog exceeded, forcing connection reset (stream 7)",
    "warn yamux: Discarding data for stream: 7",
    "warn yamux: frame for missing stream: Vsn:0 Type:1 Flags:4 StreamID:7 Length:0",
  ]);
  await session.accept();
  raw.send("WindowUpdate|SYN 9 0");
  assert.deepEqual(await raw.sync(), ["WindowUpdate|ACK 1 0"]);
});

test("[YAMUX-15] a reset stream keeps its place until it is taken, and is over then", async (t) => {
  const { session, raw } = joinRaw(t, "server", { acceptBacklog: 1 });
  raw.send("WindowUpdate|SYN|RST 1 0");
  raw.send("WindowUpdate|SYN 3 0");
  assert.deepEqual(await raw.sync(), ["WindowUpdate|RST 3 0"]);
  assert.equal(session.numStreams, 0);
  const stream = await session.accept();
  assert.equal(stream.state, "Reset");
  muxError("connection-reset", "stream 1, by the peer")(await read(stream).end);
  assert.deepEqual(await raw.sync(), []);
});

test("[YAMUX-15] a flood of 100,000 SYNs is refused from bounded memory", async (t) => {
  const { session, raw } = joinRaw(t, "server", { acceptBacklog: 4 });
  const one = Buffer.from("000100010000000100000000", "hex");
  const flood = Buffer.alloc(12 * 100_000);
  for (let i = 0; i < 100_000; i++) {
    one.writeUInt32BE(2 * i + 1, 4);
    one.copy(flood, 12 * i);
  }
  raw.sendBytes(flood);
  const seen = await raw.sync();
  assert.equal(seen.length, 100_000 - 4);
  assert.equal(seen[0], "WindowUpdate|RST 9 0");
  assert.equal(session.numStreams, 4);
});

for (const [text, body, states] of [
  ["WindowUpdate|SYN 1 5000", "", "Established"],
  ["Data|SYN 1", "body", "Established"],
  ["Data|SYN 1", "", "Established"],
  ["WindowUpdate|SYN|FIN 1 0", "", "RemoteClose"],
  ["Data|SYN|FIN 1", "body", "RemoteClose"],
  ["WindowUpdate|SYN|ACK 1 0", "", "Established"],
] as const) {
  test(`[YAMUX-16] ${text} ${body} opens a stream`, async (t) => {
    const { session, raw } = joinRaw(t, "server");
    raw.send(text, body);
    await raw.sync();
    const stream = await session.accept();
    assert.equal(stream.state, states);
    const seen = read(stream);
    if (states === "Established") raw.send("WindowUpdate|FIN 1 0");
    assert.equal(await seen.allText(), body);
  });
}

test("[YAMUX-16] credit on the SYN counts", async (t) => {
  const { session, raw } = joinRaw(t, "server");
  raw.send("WindowUpdate|SYN 1 1000");
  const stream = await session.accept();
  stream.write(Buffer.alloc(300_000));
  assert.equal(await raw.next(), "WindowUpdate|ACK 1 0");
  let sent = 0;
  while (sent < 262_144 + 1000) sent += Number((await raw.next()).split(" ")[2]);
  assert.equal(sent, 262_144 + 1000);
  assert.deepEqual(await raw.sync(), []);
});

test("a handler gets the streams that wait, then each new one; it can be taken away", async (t) => {
  const { client, server } = join(t);
  await client.open();
  await settle();
  const ids: number[] = [];
  const handler = (stream: Stream): void => void ids.push(stream.id);
  server.onStream = handler;
  assert.equal(server.onStream, handler);
  assert.deepEqual(ids, [1]);
  await client.open();
  await settle();
  server.onStream = undefined;
  await client.open();
  assert.equal((await server.accept()).id, 5);
  assert.deepEqual(ids, [1, 3]);
});

test("[YAMUX-54] a handler that throws loses its stream, not the session", async (t) => {
  const { session, raw } = joinRaw(t, "server");
  const thrown = catchUncaught(t);
  session.onStream = () => {
    throw new Error("handler");
  };
  raw.send("WindowUpdate|SYN 1 0");
  assert.deepEqual(await raw.sync(), ["WindowUpdate|ACK 1 0", "WindowUpdate|RST 1 0"]);
  assert.deepEqual(thrown.map(String), ["Error: handler"]);
  assert.equal(session.isClosed, false);
});

test("bytes that arrived before the session was made are not lost", async (t) => {
  const [end, other] = duplexPair();
  other.write(Buffer.from("000100010000000100000000", "hex"));
  await settle();
  const session = Session.server(fromDuplex(end));
  t.after(() => session.close(new Error("over")));
  assert.equal((await session.accept()).id, 1);
});

test("a stream has an id and a state, and is in the table of both sides until both have closed", async (t) => {
  const joined = join(t);
  const [a, b] = await joinStream(joined);
  assert.equal(a.id, 1);
  assert.equal(b.id, 1);
  await settle();
  assert.equal(a.state, "Established");
  assert.equal(joined.client.numStreams, 1);
  read(a);
  read(b);
  a.end();
  b.end();
  await Promise.all([a.closed, b.closed, a.finished, b.finished]);
  assert.equal(a.state, "Closed");
  assert.equal(joined.client.numStreams + joined.server.numStreams, 0);
});
