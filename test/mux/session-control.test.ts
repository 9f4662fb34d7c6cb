/** Ping, keepalive and GoAway, and peers that flood a session with them. */
import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import type { MuxErrorCode, SessionConfig } from "../../mux/index.js";
import { clock } from "../helpers/clock.js";
import { join, joinRaw, muxError, read, settle } from "./helpers.js";
import { frame } from "./raw-peer.js";

const quiet: Partial<SessionConfig> = { enableKeepAlive: false };

// Pings

test("[YAMUX-41] a ping is answered with its value, on id 0, whatever its id", async (t) => {
  const { raw } = joinRaw(t, "server", quiet);
  raw.send("Ping|SYN 0 7");
  raw.send("Ping|SYN 5 4294967295");
  raw.send("Ping|SYN|ACK 0 9");
  raw.send("Ping|SYN|FIN|RST 0 10");
  const answers = ["Ping|ACK 0 7", "Ping|ACK 0 4294967295", "Ping|ACK 0 9", "Ping|ACK 0 10"];
  assert.deepEqual(await raw.sync(), answers);
});

test("[YAMUX-41] 5,000 pings in one read are answered in order", async (t) => {
  const { raw } = joinRaw(t, "server", quiet);
  const values = Array.from({ length: 5000 }, (_, i) => i);
  raw.sendBytes(Buffer.concat(values.map((value) => frame(`Ping|SYN 0 ${value}`))));
  assert.deepEqual(
    await raw.sync(),
    values.map((value) => `Ping|ACK 0 ${value}`),
  );
});

test("[YAMUX-9] [YAMUX-41] 200,000 pings in one read are answered from memory of their size", async (t) => {
  const { raw, session } = joinRaw(t, "server", quiet);
  const flood = Buffer.alloc(200_000 * 12);
  const one = frame("Ping|SYN 0 0");
  for (let i = 0; i < 200_000; i++) {
    one.writeUInt32BE(i, 8);
    one.copy(flood, i * 12);
  }
  raw.sendBytes(flood);
  const seen = await raw.sync();
  assert.equal(seen.length, 200_000);
  assert.equal(seen[199_999], "Ping|ACK 0 199999");
  assert.equal(session.isClosed, false);
});

test("[YAMUX-9] a peer that pings and does not read ends the session before it fills our memory", async (t) => {
  const { raw, session, sessionEnd } = joinRaw(t, "server", quiet);
  sessionEnd.stall();
  const flood = Buffer.concat(Array.from({ length: 1000 }, () => frame("Ping|SYN 0 1")));
  let sent = 0;
  while (!session.isClosed) {
    assert.ok(sent < 12 << 20, `${sent} bytes of pings and no end`);
    raw.sendBytes(flood);
    sent += flood.length;
    await settle(2);
  }
  const text = "bytes of answers wait, the peer does not read";
  muxError("connection-write-timeout", text)(await session.closed);
  assert.ok(sent > 4 << 20);
});

test("[YAMUX-9] what the connection did not take is sent in order when it takes bytes again", async (t) => {
  const { raw, session, sessionEnd } = joinRaw(t, "server", quiet);
  raw.send("WindowUpdate|SYN 1 0");
  const stream = await session.accept();
  await raw.next();
  sessionEnd.stall();
  stream.write(Buffer.alloc(200_000));
  await settle();
  for (let i = 0; i < 3000; i++) raw.send(`Ping|SYN 0 ${i}`);
  await settle();
  stream.write(Buffer.from("last"));
  stream.end();
  sessionEnd.unstall();
  const frames: string[] = [];
  while (frames.at(-1) !== "WindowUpdate|FIN 1 0") frames.push(await raw.next());
  const pongs = frames.filter((text) => text.startsWith("Ping"));
  assert.deepEqual(
    pongs,
    Array.from({ length: 3000 }, (_, i) => `Ping|ACK 0 ${i}`),
  );
});

test("[YAMUX-42] both sides measure the time to the peer and back", async (t) => {
  const { client, server } = join(t, { delayTurns: 1 });
  const times = await Promise.all([client.ping(), server.ping(), client.ping()]);
  for (const rttMs of times) assert.ok(rttMs > 0 && rttMs < 10_000, `${rttMs} ms`);
});

test("[YAMUX-42] values count from 0, answers are matched by value in any order, others are ignored", async (t) => {
  const { raw, session } = joinRaw(t, "client", quiet);
  const order: number[] = [];
  const pings = [0, 1, 2].map((n) => session.ping().then(() => order.push(n)));
  assert.deepEqual(await raw.sync(), ["Ping|SYN 0 0", "Ping|SYN 0 1", "Ping|SYN 0 2"]);
  raw.send("Ping 0 77");
  raw.send("Ping 0 2");
  await raw.sync();
  raw.send("Ping|ACK 0 2");
  raw.send("Ping|ACK 9 0");
  await raw.sync();
  raw.send("Ping|ACK|FIN 0 1");
  await Promise.all(pings);
  assert.deepEqual(order, [2, 0, 1]);
});

test("[YAMUX-42] [YAMUX-51] a ping without an answer fails after 10 s, and the next one works", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { raw, session } = joinRaw(t, "client", quiet);
  const lost = session.ping();
  const aborting = new AbortController();
  const aborted = session.ping({ signal: aborting.signal, timeoutMs: 5 });
  aborting.abort();
  await assert.rejects(aborted, muxError("aborted", "ping 1"));
  t.mock.timers.tick(10_000);
  await assert.rejects(lost, muxError("timeout", /i\/o deadline reached \(ping 0, after \d+ ms\)/));
  const next = session.ping();
  raw.send("Ping|ACK 0 0");
  raw.send("Ping|ACK 0 2");
  await next;
  assert.equal(session.isClosed, false);
});

test("[YAMUX-42] a ping that could not be written says so, and works again later", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const joined = join(t, { client: quiet, server: quiet });
  const stream = await joined.client.open();
  joined.clientEnd.stall();
  stream.write(Buffer.alloc(100_000));
  await settle();
  const lost = joined.client.ping({ timeoutMs: 100 });
  t.mock.timers.tick(100);
  await assert.rejects(
    lost,
    muxError("connection-write-timeout", "connection write timeout (ping 0"),
  );
  joined.clientEnd.unstall();
  await joined.client.ping();
});

// Keepalive

test("[YAMUX-43] keepalive pings every 30 s after the answer, from both sides", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  for (const side of ["client", "server"] as const) {
    const { raw, session } = joinRaw(t, side);
    t.mock.timers.tick(29_999);
    assert.deepEqual(await raw.sync(), []);
    t.mock.timers.tick(1);
    assert.deepEqual(await raw.sync(), ["Ping|SYN 0 0"]);
    t.mock.timers.tick(9_999);
    raw.send("Ping|ACK 0 0");
    await raw.sync();
    t.mock.timers.tick(29_999);
    assert.deepEqual(await raw.sync(), []);
    t.mock.timers.tick(1);
    assert.deepEqual(await raw.sync(), ["Ping|SYN 0 1"]);
    assert.equal(session.isClosed, false);
    await session.close(new Error("next side"));
  }
});

test("[YAMUX-43] no answer to a keepalive ping for 10 s ends the session", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const lines: string[] = [];
  const logger = (level: string, message: string) => lines.push(`${level} ${message}`);
  const { raw, session } = joinRaw(t, "client", { logger });
  const accepting = session.accept();
  accepting.catch(() => {});
  t.mock.timers.tick(30_000);
  assert.equal(await raw.next(), "Ping|SYN 0 0");
  t.mock.timers.tick(10_000);
  const text = "yamux: keepalive timeout (no answer to a ping within 10000 ms)";
  muxError("keep-alive-timeout", text)(await session.closed);
  await assert.rejects(accepting, muxError("keep-alive-timeout", text));
  assert.match(lines.join(), /^error yamux: keepalive failed: i\/o deadline reached \(ping 0/);
  await raw.ended;
});

test("[YAMUX-43] keepalive can be switched off", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { raw, session } = joinRaw(t, "client", quiet);
  t.mock.timers.tick(10_000_000);
  assert.deepEqual(await raw.sync(), []);
  assert.equal(session.isClosed, false);
});

/** A session whose own process was blocked for five minutes after its first ping. */
async function blocked(t: TestContext) {
  const time = clock(t);
  const { raw, session } = joinRaw(t, "client");
  await time.pass(30_000);
  assert.equal(await raw.next(), "Ping|SYN 0 0");
  time.stop(300_000);
  await time.pass(10_000);
  assert.equal(session.isClosed, false, "the lost time is given back");
  return { time, raw, session };
}

test("[YAMUX-43] [YAMUX-58] an answer that waits unread while our own loop was blocked saves the session", async (t) => {
  const { time, raw, session } = await blocked(t);
  raw.send("Ping|ACK 0 0");
  await raw.sync();
  await time.pass(10_000);
  assert.equal(session.isClosed, false);
  await time.pass(20_000);
  assert.equal(await raw.next(), "Ping|SYN 0 1");
});

test("[YAMUX-43] [YAMUX-58] the error says that our own loop was blocked", async (t) => {
  const { time, session } = await blocked(t);
  await time.pass(10_000);
  const text =
    "no answer to a ping within 10000 ms, nor within 320000 ms; this process' own event loop was blocked";
  muxError("keep-alive-timeout", text)(await session.closed);
});

test("[YAMUX-43] a session that is closed meanwhile is not pinged again", async (t) => {
  const { time, raw, session } = await blocked(t);
  void raw.ended.then(() => raw.end());
  await session.close();
  await time.pass(100_000);
  assert.equal(await session.closed, undefined);
  assert.deepEqual(raw.take(), []);
});

// GoAway

test("[YAMUX-40] after the peer's GoAway opening fails, and all else goes on in the same read", async (t) => {
  const { raw, session } = joinRaw(t, "client", { ...quiet, acceptBacklog: 1 });
  const stream = await session.open();
  const waiting = session.open();
  waiting.catch(() => {});
  await raw.sync();
  raw.sendBytes(
    Buffer.concat([
      frame("GoAway 0 0"),
      frame("Data 1", "still"),
      frame("WindowUpdate|SYN 2 0"),
      frame("Ping|SYN 0 5"),
    ]),
  );
  const seen = read(stream);
  await seen.reached(5);
  const text = "remote end is not accepting connections";
  await assert.rejects(waiting, muxError("remote-go-away", text));
  await assert.rejects(session.open(), muxError("remote-go-away", text));
  assert.equal(session.remoteGoneAway, true);
  assert.equal((await session.accept()).id, 2);
  stream.write(Buffer.from("too"));
  assert.deepEqual(await raw.sync(), ["Ping|ACK 0 5", "WindowUpdate|ACK 2 0", 'Data 1 3 "too"']);
});

const REASONS: [code: number, error: MuxErrorCode, text: string, log: string][] = [
  [1, "remote-protocol-error", "yamux protocol error", "received protocol error go away"],
  [2, "remote-internal-error", "remote yamux internal error", "received internal error go away"],
  [3, "unexpected-go-away", "unexpected go away received", "received unexpected go away"],
];

for (const [code, error, text, log] of REASONS) {
  test(`[YAMUX-40] GoAway ${code} ends the session: ${text}`, async (t) => {
    const lines: string[] = [];
    const logger = (level: string, message: string) => lines.push(`${level} ${message}`);
    const { raw, session } = joinRaw(t, "client", { ...quiet, logger });
    raw.send(`GoAway 0 ${code}`);
    muxError(error, `yamux: ${text} (go away code ${code})`)(await session.closed);
    assert.deepEqual(lines, [`error yamux: ${log}`]);
    await assert.rejects(session.open(), muxError("session-shutdown", text));
    await raw.ended;
    assert.deepEqual(raw.take(), []);
  });
}

test("[YAMUX-40] after our GoAway new streams are reset, bodies included, and all else goes on", async (t) => {
  const { raw, session } = joinRaw(t, "server", quiet);
  raw.send("WindowUpdate|SYN 1 0");
  const stream = await session.accept();
  session.goAway();
  raw.send("WindowUpdate|SYN 3 0");
  raw.send("Data|SYN 5", "refused");
  raw.send("Data 1", "fine");
  assert.deepEqual(await raw.sync(), [
    "WindowUpdate|ACK 1 0",
    "GoAway 0 0",
    "WindowUpdate|RST 3 0",
    "WindowUpdate|RST 5 0",
  ]);
  await read(stream).reached(4);
  assert.equal((await session.open()).id, 2);
});

// Violations

const VIOLATIONS: [name: string, frames: [string, string?][], code: MuxErrorCode, text: string][] =
  [
    [
      "a SYN for an open stream",
      [["WindowUpdate|SYN 1 0"]],
      "duplicate-stream",
      "duplicate stream initiated (stream 1)",
    ],
    [
      "a SYN with data for an open stream",
      [["Data|SYN 1", "x"]],
      "duplicate-stream",
      "duplicate stream initiated",
    ],
    [
      "a frame beyond the window",
      [["Data 1 262145"]],
      "recv-window-exceeded",
      "recv window exceeded (stream 1: 262145 bytes)",
    ],
    [
      "a byte beyond the window",
      [
        ["Data 1", "x".repeat(262_144)],
        ["Data 1", "x"],
      ],
      "recv-window-exceeded",
      "stream 1: 1 bytes",
    ],
    [
      "too much data with RST",
      [["Data|RST 1 262145"]],
      "recv-window-exceeded",
      "recv window exceeded",
    ],
    [
      "a huge length",
      [["Data 1 4294967295"]],
      "recv-window-exceeded",
      "stream 1: 4294967295 bytes",
    ],
    [
      "two FINs",
      [["WindowUpdate|FIN 1 0"], ["WindowUpdate|FIN 1 0"]],
      "unexpected-flag",
      "unexpected flag (stream 1: a second FIN)",
    ],
    [
      "two FINs, one with data",
      [["WindowUpdate|FIN 1 0"], ["Data|FIN 1", "x"]],
      "unexpected-flag",
      "unexpected flag",
    ],
  ];

for (const [name, frames, code, text] of VIOLATIONS) {
  test(`[YAMUX-44] [YAMUX-22] ${name} ends the session after GoAway 1`, async (t) => {
    const { raw, session } = joinRaw(t, "server", quiet);
    raw.send("WindowUpdate|SYN 1 0");
    const stream = await session.accept();
    const seen = read(stream);
    stream.pause();
    await raw.next();
    for (const [head, body] of frames) raw.send(head, body);
    const error = await session.closed;
    muxError(code, text)(error);
    assert.equal(error?.remote, true);
    assert.equal(await raw.next(), "GoAway 0 1");
    await raw.ended;
    stream.resume();
    const end = await seen.end;
    if (name.startsWith("two FINs")) assert.equal(end, undefined);
    else muxError("session-shutdown", text)(end);
    assert.equal(session.numStreams, 0);
  });
}

const UNREADABLE: [name: string, hex: string, code: MuxErrorCode][] = [
  ["another version", "010200010000000000000007", "invalid-version"],
  ["an unknown type", "000400000000000100000000", "invalid-msg-type"],
];

for (const [name, hex, code] of UNREADABLE) {
  test(`[YAMUX-2] [YAMUX-6] ${name} cuts the connection without a GoAway`, async (t) => {
    const { raw, session } = joinRaw(t, "server", quiet);
    raw.sendBytes(Buffer.from(hex, "hex"));
    muxError(code)(await session.closed);
    await raw.ended;
    assert.deepEqual(raw.take(), []);
  });
}

test("[YAMUX-3] unknown flag bits are ignored", async (t) => {
  const { raw, session } = joinRaw(t, "server", quiet);
  raw.sendBytes(Buffer.from("0001fff1 00000001 00000000".replaceAll(" ", ""), "hex"));
  raw.sendBytes(Buffer.from("0000fff0 00000001 00000002 6869".replaceAll(" ", ""), "hex"));
  raw.sendBytes(Buffer.from("0003ffff 00000005 00000000".replaceAll(" ", ""), "hex"));
  const seen = read(await session.accept());
  await seen.reached(2);
  assert.equal(seen.text, "hi");
  assert.equal(session.remoteGoneAway, true);
});
