/** Frames out of bytes that are cut anywhere, and bytes that are not yamux. */
import assert from "node:assert/strict";
import test from "node:test";
import type { MuxError } from "../../mux/errors.js";
import { FrameReader } from "../../mux/frame-reader.js";
import { muxError, pattern } from "./helpers.js";
import { frame } from "./raw-peer.js";

interface Log {
  readonly reader: FrameReader;
  /** Headers as numbers, bodies joined as hex, ends. */
  readonly events: string[];
  error?: MuxError;
}

function listen(): Log {
  const events: string[] = [];
  let body = "";
  const log: Log = {
    events,
    reader: new FrameReader({
      onHeader: (...header) => events.push(header.join(" ")),
      onBody: (piece) => {
        assert.ok(piece.length > 0);
        body += Buffer.from(piece).toString("hex");
      },
      onBodyEnd: () => {
        events.push(`body ${body}`);
        body = "";
      },
      onInvalid: (error) => {
        log.error = error;
      },
    }),
  };
  return log;
}

const SAMPLE = Buffer.concat([
  frame("WindowUpdate|SYN 1 786432"),
  frame("Data 1", "hello"),
  frame("Data|FIN 1", ""),
  frame("Ping|SYN 0 4294967295"),
  frame("Data 3", pattern(40)),
  frame("GoAway 0 2"),
]);

const EVENTS = [
  "1 1 1 786432",
  "0 0 1 5",
  "body 68656c6c6f",
  "0 4 1 0",
  "body ",
  "2 1 0 4294967295",
  "0 0 3 40",
  `body ${pattern(40).toString("hex")}`,
  "3 0 0 2",
];

test("[YAMUX-5] reader finds all frames of one read", () => {
  const { reader, events } = listen();
  reader.push(SAMPLE);
  assert.deepEqual(events, EVENTS);
  assert.equal(reader.position, undefined);
});

test("[YAMUX-5] reader finds the same frames whatever the offset of the split", () => {
  for (let at = 0; at <= SAMPLE.length; at++) {
    const { reader, events } = listen();
    reader.push(SAMPLE.subarray(0, at));
    reader.push(SAMPLE.subarray(at));
    assert.deepEqual(events, EVENTS, `split at ${at}`);
  }
});

test("[YAMUX-5] reader finds the same frames byte by byte", () => {
  const { reader, events } = listen();
  for (const byte of SAMPLE) reader.push(Uint8Array.of(byte));
  assert.deepEqual(events, EVENTS);
});

test("[YAMUX-5] reader does not keep a reused buffer", () => {
  const { reader, events } = listen();
  const shared = new Uint8Array(7);
  for (let at = 0; at < SAMPLE.length; at += shared.length) {
    const part = SAMPLE.subarray(at, at + shared.length);
    shared.set(part);
    reader.push(shared.subarray(0, part.length));
    shared.fill(0xee);
  }
  assert.deepEqual(events, EVENTS);
});

test("[YAMUX-5] a prefix of a frame is not an error, and the reader knows where it ended", () => {
  const bytes = frame("Data 1", "hello");
  for (let length = 1; length < bytes.length; length++) {
    const { reader, error } = listen();
    reader.push(bytes.subarray(0, length));
    assert.equal(error, undefined);
    const missing = bytes.length - length;
    const expected =
      length < 12
        ? `inside a frame header, after ${length} of 12 bytes`
        : `inside a frame, ${missing} bytes missing`;
    assert.equal(reader.position, expected);
  }
});

test("[YAMUX-5] a frame longer than one read is passed on in pieces", () => {
  const pieces: number[] = [];
  const reader = new FrameReader({
    onHeader: () => {},
    onBody: (piece) => pieces.push(piece.length),
    onBodyEnd: () => pieces.push(-1),
    onInvalid: (error) => assert.fail(error),
  });
  reader.push(frame("Data 1 4294967295"));
  for (let i = 0; i < 3; i++) reader.push(new Uint8Array(65536));
  assert.deepEqual(pieces, [65536, 65536, 65536]);
});

test("[YAMUX-2] an unknown type stops the reader", () => {
  const log = listen();
  const bytes = frame("Ping 5 6");
  bytes[1] = 4;
  log.reader.push(Buffer.concat([bytes, SAMPLE]));
  assert.deepEqual(log.events, []);
  muxError(
    "invalid-msg-type",
    "invalid msg type (Vsn:0 Type:4 Flags:0 StreamID:5 Length:6)",
  )(log.error);
  assert.equal(log.error?.remote, true);
});

test("stop drops the rest of the current read", () => {
  let headers = 0;
  const reader: FrameReader = new FrameReader({
    onHeader: () => {
      headers += 1;
      reader.stop();
    },
    onBody: () => assert.fail(),
    onBodyEnd: () => assert.fail(),
    onInvalid: (error) => assert.fail(error),
  });
  reader.push(Buffer.concat([frame("Data 1", ""), SAMPLE]));
  reader.push(SAMPLE);
  assert.equal(headers, 1);
});

const FOREIGN: [name: string, bytes: Buffer, text: string][] = [
  ["another version", frame("Ping 0 0").fill(1, 0, 1), "got 0102000000000000"],
  ["a TLS handshake", Buffer.from("16030101230100011f0303aa", "hex"), "speaks TLS: a handshake"],
  ["a TLS alert", Buffer.from("15030300020228", "hex"), "speaks TLS: an alert, 15030300020228"],
  [
    "an HTTP answer",
    Buffer.from("HTTP/1.1 400 Bad Request\r\n"),
    'HTTP: "HTTP/1.1 400 Bad Request',
  ],
  ["an HTTP request", Buffer.from("GET / HTTP/1.1\r\n"), 'HTTP: "GET / HTTP/1.1'],
  ["HTTP/2", Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 'HTTP: "PRI * HTTP/2.0'],
  ["a log line", Buffer.from("panic: oops\n"), 'sent text: "panic: oops\\n"'],
  ["one byte", Buffer.from("x"), "got 78"],
  ["binary", Buffer.from("ff00ff00ff00ff00ff00ff00ff00", "hex"), "got ff00ff00ff00ff00ff00ff00)"],
];

for (const [name, bytes, text] of FOREIGN) {
  test(`[YAMUX-6] the error for ${name} says what was seen`, () => {
    const log = listen();
    log.reader.push(bytes);
    muxError("invalid-version", text)(log.error);
    muxError("invalid-version", "yamux: invalid protocol version (")(log.error);
  });
}

test("[YAMUX-6] the version is checked between frames too, and quoted text is cut", () => {
  const log = listen();
  log.reader.push(Buffer.concat([SAMPLE, Buffer.from("x".repeat(1000))]));
  assert.deepEqual(log.events, EVENTS);
  muxError("invalid-version", `"${"x".repeat(40)}")`)(log.error);
});

test("[YAMUX-5] fuzz: any cutting of random frames gives the frames", () => {
  let seed = 42;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let round = 0; round < 200; round++) {
    const parts: Buffer[] = [];
    const expected: string[] = [];
    for (let i = random(12); i >= 0; i--) {
      const [type, flags, id] = [random(4), random(0x10000), random(2 ** 32)];
      const body = type === 0 ? pattern(random(3) * random(200), round) : Buffer.alloc(0);
      const length = type === 0 ? body.length : random(2 ** 32);
      const header = Buffer.alloc(12);
      header.writeUInt8(type, 1);
      header.writeUInt16BE(flags, 2);
      header.writeUInt32BE(id, 4);
      header.writeUInt32BE(length, 8);
      parts.push(header, body);
      expected.push(`${type} ${flags} ${id} ${length}`);
      if (type === 0) expected.push(`body ${body.toString("hex")}`);
    }
    const bytes = Buffer.concat(parts);
    const { reader, events } = listen();
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + random(40);
      reader.push(bytes.subarray(at, end));
      at = end;
    }
    assert.deepEqual(events, expected);
  }
});

test("[YAMUX-6] fuzz: random bytes never throw and never hang", () => {
  for (let round = 1; round <= 300; round++) {
    const log = listen();
    const bytes = pattern(300, round * 7919);
    // With a valid first byte the rest is read as a header.
    if (round % 2 === 0) bytes[0] = 0;
    if (round % 4 === 0) bytes[1] = 0;
    for (let at = 0; at < bytes.length; at += 17) log.reader.push(bytes.subarray(at, at + 17));
  }
});
