/** Flow control and the order of frames: windows, credit, readers that pause, writers that wait. */
import assert from "node:assert/strict";
import test from "node:test";
import { Session, type Stream, type Transport } from "../../mux/index.js";
import type { ConnHandler } from "../../protocol/bytes/conn.js";
import { catchUncaught, join, joinRaw, joinStream, pattern, read, settle } from "./helpers.js";
import type { RawPeer } from "./raw-peer.js";

const WINDOW = 262_144;

/** The peer's stream 1, taken. */
async function accepted(t: Parameters<typeof joinRaw>[0], config = {}) {
  const joined = joinRaw(t, "server", config);
  joined.raw.send("WindowUpdate|SYN 1 0");
  const stream = await joined.session.accept();
  await joined.raw.next();
  return { ...joined, stream };
}

/** Takes Data frames until that many bytes came. */
async function takeData(raw: RawPeer, byteLength: number): Promise<number[]> {
  const sizes: number[] = [];
  for (let left = byteLength; left > 0; ) {
    const [kind, , length] = (await raw.next()).split(" ");
    assert.equal(kind, "Data");
    sizes.push(Number(length));
    left -= Number(length);
  }
  return sizes;
}

test("[YAMUX-21] a large write is sent in frames of 128 KiB up to the window, then waits for credit", async (t) => {
  const { raw, stream } = await accepted(t);
  stream.write(Buffer.alloc(1_000_000));
  assert.deepEqual(await takeData(raw, WINDOW), [131072, 131072]);
  assert.deepEqual(await raw.sync(), []);
  raw.send("WindowUpdate 1 100");
  assert.deepEqual(await takeData(raw, 100), [100]);
  raw.send("WindowUpdate 1 0");
  assert.deepEqual(await raw.sync(), []);
  raw.send("WindowUpdate 1 1000000");
  await takeData(raw, 1_000_000 - WINDOW - 100);
});

test("[YAMUX-21] small writes of one turn share a frame", async (t) => {
  const { raw, stream } = await accepted(t);
  for (const text of ["one ", "two ", "", "three"]) stream.write(Buffer.from(text));
  assert.equal(await raw.next(), 'Data 1 13 "one two three"');
});

test("[YAMUX-21] writes that waited for credit share frames, cut at 128 KiB", async (t) => {
  const { raw, stream } = await accepted(t);
  stream.write(Buffer.alloc(WINDOW));
  await takeData(raw, WINDOW);
  for (let i = 0; i < 200; i++) stream.write(pattern(1000, i + 1));
  raw.send("WindowUpdate 1 200000");
  assert.deepEqual(await takeData(raw, 200_000), [131072, 68928]);
});

test("[YAMUX-21] a stream without credit blocks no other stream", async (t) => {
  const { session, raw, stream } = await accepted(t);
  raw.send("WindowUpdate|SYN 3 0");
  const other = await session.accept();
  await raw.next();
  stream.write(Buffer.alloc(300_000));
  await takeData(raw, WINDOW);
  other.write(Buffer.from("through"));
  assert.equal(await raw.next(), 'Data 3 7 "through"');
});

test("[YAMUX-8] streams take turns, one frame each", async (t) => {
  const { session, raw, stream } = await accepted(t);
  raw.send("WindowUpdate 1 300000");
  raw.send("WindowUpdate|SYN 3 300000");
  const other = await session.accept();
  await raw.next();
  stream.write(Buffer.alloc(500_000));
  other.write(Buffer.alloc(350_000));
  const order: string[] = [];
  for (let left = 850_000; left > 0; ) {
    const [, id = "", length] = (await raw.next()).split(" ");
    order.push(id);
    left -= Number(length);
  }
  assert.equal(order.join(""), "1313131");
});

test("[YAMUX-8] frames without a body overtake data that waits", async (t) => {
  const { raw, session, sessionEnd, stream } = await accepted(t);
  sessionEnd.stall();
  stream.write(Buffer.alloc(200_000));
  await settle();
  raw.send("Ping|SYN 0 7");
  await settle();
  const rtt = session.ping();
  sessionEnd.unstall();
  const kinds: string[] = [];
  for (let i = 0; i < 4; i++) kinds.push((await raw.next()).split(" ")[0] ?? "");
  assert.deepEqual(kinds, ["Data", "Ping|ACK", "Ping|SYN", "Data"]);
  raw.send("Ping|ACK 0 0");
  await rtt;
});

test("[YAMUX-7] all frames of one turn leave in one write", async (t) => {
  const { raw, session, sessionEnd, stream } = await accepted(t);
  raw.send("WindowUpdate|SYN 3 0");
  const other = await session.accept();
  await raw.sync();
  let writes = 0;
  const writev = sessionEnd._writev.bind(sessionEnd);
  const write = sessionEnd._write.bind(sessionEnd);
  sessionEnd._writev = (chunks, done) => {
    writes += 1;
    writev(chunks, done);
  };
  sessionEnd._write = (...args) => {
    writes += 1;
    write(...args);
  };
  // _writev falls back on _write inside the pair.
  stream.write(Buffer.from("small"));
  stream.write(Buffer.alloc(5000));
  other.write(Buffer.from("x"));
  other.end();
  session.goAway();
  await settle();
  assert.deepEqual(
    raw.take().map((text) => text.split(" ").slice(0, 3).join(" ")),
    ["GoAway 0 0", "Data 1 5005", "Data 3 1", "WindowUpdate|FIN 3 0"],
  );
  assert.equal(writes, 2, "one _writev, and the _write inside it");
});

test("[YAMUX-23] credit comes at half the window, for exactly what was taken", async (t) => {
  const { raw, stream } = await accepted(t);
  const seen = read(stream);
  raw.send("Data 1", Buffer.alloc(131_071));
  assert.deepEqual(await raw.sync(), []);
  raw.send("Data 1", Buffer.alloc(12));
  assert.deepEqual(await raw.sync(), ["WindowUpdate 1 131083"]);
  assert.equal(seen.byteLength, 131_083);
});

test("[YAMUX-22] [YAMUX-23] one frame as long as the window is taken", async (t) => {
  const { raw, stream } = await accepted(t);
  const seen = read(stream);
  raw.send("Data 1", pattern(WINDOW));
  await seen.reached(WINDOW);
  const credit = (await raw.sync()).map((text) => Number(text.split(" ")[2]));
  assert.ok(credit.length >= 1 && credit.length <= 2);
  assert.ok(Buffer.concat(seen.chunks).equals(pattern(WINDOW)));
});

test("[YAMUX-20] an empty Data frame is fine when the window is full", async (t) => {
  const { session, raw } = await accepted(t);
  raw.send("Data 1", Buffer.alloc(WINDOW));
  raw.send("Data 1", "");
  await raw.sync();
  assert.equal(session.isClosed, false);
});

test("[YAMUX-24] a paused stream gives no credit, keeps one window, and gives all of it later", async (t) => {
  const { raw, stream } = await accepted(t);
  stream.pause();
  const seen = read(stream);
  const all = pattern(WINDOW);
  raw.send("Data 1", all.subarray(0, 200_000));
  raw.send("Data 1", all.subarray(200_000));
  assert.deepEqual(await raw.sync(), []);
  assert.equal(seen.byteLength, 0);
  stream.resume();
  assert.equal(seen.byteLength, WINDOW, "delivered at once");
  assert.ok(Buffer.concat(seen.chunks).equals(all));
  const credit = (await raw.sync()).map((text) => Number(text.split(" ")[2]));
  assert.ok(credit.reduce((a, b) => a + b, 0) >= WINDOW / 2);
});

test("[YAMUX-24] a stream that nobody started delivers nothing, and the rest of the session goes on", async (t) => {
  const { session, raw } = await accepted(t);
  raw.send("Data 1", Buffer.alloc(WINDOW));
  raw.send("Data|SYN 3", "other");
  const other = read(await session.accept());
  await other.reached(5);
  assert.deepEqual(await raw.sync(), ["WindowUpdate|ACK 3 0"]);
});

test("[YAMUX-24] a handler that pauses inside onData gets nothing until it resumes", async (t) => {
  const { raw, stream } = await accepted(t);
  const seen: string[] = [];
  stream.start({
    onData(chunk) {
      seen.push(Buffer.from(chunk).toString());
      stream.pause();
    },
    onEnd: (error) => seen.push(`end ${error}`),
  });
  for (const text of ["a", "b", "c"]) raw.send("Data 1", text);
  raw.send("WindowUpdate|FIN 1 0");
  await raw.sync();
  assert.deepEqual(seen, ["a"]);
  stream.resume();
  assert.deepEqual(seen, ["a", "bc", "end undefined"]);
});

test("[YAMUX-24] a handler that resumes inside onData gets the rest in order, not nested", async (t) => {
  const { raw, stream } = await accepted(t);
  const seen: string[] = [];
  stream.pause();
  stream.start({
    onData(chunk) {
      seen.push(`(${chunk.length}`);
      stream.pause();
      stream.resume();
      seen.push(")");
    },
    onEnd: () => seen.push("end"),
  });
  raw.send("Data 1", Buffer.alloc(2000));
  raw.send("Data 1", Buffer.alloc(5000));
  raw.send("WindowUpdate|FIN 1 0");
  await raw.sync();
  stream.resume();
  assert.equal(seen.join("").replace(/\d+/g, ""), "()()end");
});

test("[YAMUX-24] the window limits a peer that sends for ever to a slow reader", async (t) => {
  const joined = join(t);
  const [opened, other] = await joinStream(joined);
  let written = 0;
  const chunk = Buffer.alloc(64 * 1024);
  const pump = (): void => {
    while (written < 64 << 20) {
      written += chunk.length;
      if (!opened.write(chunk)) return;
    }
  };
  opened.start({ onData() {}, onEnd() {}, onDrain: pump });
  other.pause();
  const seen = read(other);
  pump();
  await settle(200);
  // At most one window at the reader, and what fills the queue of the writer.
  assert.ok(written <= (1 << 20) + 512 * 1024, `${written} bytes were taken`);
  assert.equal(seen.byteLength, 0);
  other.resume();
  await seen.reached(4 << 20);
});

test("write returns false past 256 KiB, and onDrain comes once there is room", async (t) => {
  const { raw, stream } = await accepted(t);
  let drains = 0;
  stream.start({ onData() {}, onEnd() {}, onDrain: () => (drains += 1) });
  assert.equal(stream.write(Buffer.alloc(WINDOW)), true);
  await takeData(raw, WINDOW);
  assert.equal(stream.write(Buffer.alloc(WINDOW)), true);
  assert.equal(stream.write(Buffer.alloc(1)), false);
  assert.equal(stream.write(Buffer.alloc(1)), false);
  raw.send("WindowUpdate 1 131000");
  await takeData(raw, 131_000);
  await raw.sync();
  assert.equal(drains, 0);
  raw.send("WindowUpdate 1 1000");
  await takeData(raw, 1000);
  await raw.sync();
  assert.equal(drains, 1);
  assert.equal(stream.write(Buffer.alloc(1)), true);
  raw.send("WindowUpdate 1 1000000");
  await raw.sync();
  assert.equal(drains, 1);
});

test("a writer that waits for room is woken when the stream is over", async (t) => {
  const { raw, stream } = await accepted(t);
  const woken = new Promise<void>((resolve) => {
    stream.start({ onData() {}, onEnd() {}, onDrain: resolve });
  });
  assert.equal(stream.write(Buffer.alloc(1_000_000)), false);
  await takeData(raw, WINDOW);
  raw.send("WindowUpdate|RST 1 0");
  await woken;
  assert.equal(stream.write(Buffer.from("dropped")), true);
  assert.deepEqual(await raw.sync(), []);
});

test("[YAMUX-54] an onDrain that throws resets its stream", async (t) => {
  const thrown = catchUncaught(t);
  const { raw, stream } = await accepted(t);
  const end = new Promise((resolve) => {
    stream.start({
      onData() {},
      onEnd: resolve,
      onDrain() {
        throw new Error("drain");
      },
    });
  });
  stream.write(Buffer.alloc(WINDOW + 1));
  assert.equal(String(await end), "Error: drain");
  assert.ok((await raw.sync()).includes("WindowUpdate|RST 1 0"));
  assert.deepEqual(thrown.map(String), ["Error: drain"]);
});

test("[YAMUX-54] an onData that throws resets its stream, and the frames behind it are not lost", async (t) => {
  const thrown = catchUncaught(t);
  const { session, raw, stream } = await accepted(t);
  const ends: unknown[] = [];
  stream.start({
    onData() {
      throw new Error("data");
    },
    onEnd(error) {
      ends.push(error);
      throw new Error("end");
    },
  });
  raw.send("Data 1", "x");
  raw.send("Data|SYN 3", "y");
  assert.deepEqual(await raw.sync(), ["WindowUpdate|RST 1 0"]);
  assert.equal(await firstByte(await session.accept()), "y");
  assert.deepEqual(ends.map(String), ["Error: data"]);
  assert.deepEqual(thrown.map(String).sort(), ["Error: data", "Error: end"]);
});

test("[YAMUX-54] a consumer that throws something other than an Error resets its stream too", async (t) => {
  const thrown = catchUncaught(t);
  const { raw, stream } = await accepted(t);
  const end = new Promise((resolve) => {
    stream.start({
      onData() {
        throw "text";
      },
      onEnd: resolve,
    });
  });
  raw.send("Data 1", "x");
  assert.match(String(await end), /yamux: stream closed \(stream 1\)/);
  assert.deepEqual(thrown, ["text"]);
});

const firstByte = async (stream: Stream): Promise<string> =>
  Buffer.from(await stream.readPrefix(1)).toString();

test("[YAMUX-26] after the peer's FIN what is read gives no credit", async (t) => {
  const { raw, stream } = await accepted(t);
  raw.send("Data 1", Buffer.alloc(WINDOW));
  raw.send("WindowUpdate|FIN 1 0");
  await raw.sync();
  const seen = read(stream);
  assert.equal((await seen.all()).length, WINDOW);
  assert.deepEqual(await raw.sync(), []);
});

test("[YAMUX-26] credit for a stream that is over is ignored", async (t) => {
  const { session, raw, stream } = await accepted(t);
  stream.destroy();
  raw.send("WindowUpdate 1 1000");
  raw.send("WindowUpdate 77 1000");
  assert.deepEqual(await raw.sync(), ["WindowUpdate|RST 1 0"]);
  assert.equal(session.isClosed, false);
});

test("[YAMUX-25] credit of 2^32-1 does not wrap", async (t) => {
  const { raw, stream } = await accepted(t);
  raw.send("WindowUpdate 1 4294967295");
  await raw.sync();
  stream.write(Buffer.alloc(600_000));
  await takeData(raw, 600_000);
});

test("[BROKER-10] the first bytes can be taken before the handler gets the rest", async (t) => {
  const { raw, stream } = await accepted(t);
  const prefix = stream.readPrefix(4);
  for (const text of ["ab", "", "c", "defg"]) raw.send("Data 1", text);
  assert.equal(Buffer.from(await prefix).toString(), "abcd");
  const seen = read(stream);
  assert.equal(seen.text, "efg");
  assert.throws(() => stream.start({ onData() {}, onEnd() {} }), /the stream has a sink already/);
});

test("[YAMUX-7] flush sends in the middle of a turn, and users are called at its end", async (t) => {
  const { raw, stream } = await accepted(t);
  raw.send("WindowUpdate 1 1000000");
  await raw.sync();
  const told: string[] = [];
  stream.start({ onData: () => {}, onEnd: () => {}, onDrain: () => told.push("drain") });
  const frames = () => raw.take().map((text) => text.split(" ").slice(0, 3).join(" "));
  stream.write(Buffer.alloc(5000));
  stream.flush();
  stream.write(Buffer.from("later"));
  await settle();
  assert.deepEqual(frames(), ["Data 1 5000", "Data 1 5"]);
  stream.flush();
  assert.deepEqual(await raw.sync(), [], "nothing waits, so nothing is sent");
  assert.equal(stream.write(Buffer.alloc(300_000)), false);
  stream.flush();
  assert.deepEqual(told, []);
  await settle();
  assert.deepEqual(told, ["drain"]);
});

/** A connection that keeps what is written, and delivers nothing. */
class Silent implements Transport {
  readonly writes: { readonly byteLength: number; readonly onSent: (() => void) | undefined }[] =
    [];
  #handler: ConnHandler | undefined;
  start(handler: ConnHandler): void {
    this.#handler = handler;
  }
  write(chunk: Uint8Array, onSent?: () => void): boolean {
    this.writes.push({ byteLength: chunk.length, onSent });
    return true;
  }
  cork(): void {}
  uncork(): void {}
  pause(): void {}
  resume(): void {}
  end(): void {
    this.#handler?.onEnd();
  }
  destroy(): void {
    this.end();
  }
}

test("a chunk has been sent when its last piece has, however small that is", async (t) => {
  const transport = new Silent();
  const session = Session.client(transport, { enableKeepAlive: false });
  t.after(() => session.close());
  const stream = await session.open();
  let sent = "";
  stream.write(Buffer.alloc(1000));
  stream.write(Buffer.alloc(131_072), () => (sent += "a"));
  stream.write(Buffer.alloc(20), () => (sent += "b"));
  stream.flush();
  const told = transport.writes.filter(({ onSent }) => onSent !== undefined);
  assert.deepEqual(
    told.map(({ byteLength }) => byteLength),
    [1000, 20],
  );
  assert.equal(sent, "");
  for (const { onSent } of told) onSent?.();
  assert.equal(sent, "ab");
});

test("a chunk that the peer's window holds back has not been sent, and never is when its stream ends", async (t) => {
  const transport = new Silent();
  const session = Session.client(transport, { enableKeepAlive: false });
  t.after(() => session.close());
  const stream = await session.open();
  stream.write(Buffer.alloc(WINDOW + 1), assert.fail);
  stream.flush();
  stream.destroy();
  assert.ok(transport.writes.every(({ onSent }) => onSent === undefined));
});
