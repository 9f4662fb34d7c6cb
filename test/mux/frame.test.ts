/** The header of a frame, both ways, and the values of the constants. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  decodeHeader,
  encodeHeader,
  FLAG,
  formatHeader,
  GO_AWAY,
  HEADER_BYTES,
  INITIAL_WINDOW_BYTES,
  TYPE,
  VERSION,
} from "../../mux/index.js";
import { frame, frameText } from "./raw-peer.js";

test("[YAMUX-1] [YAMUX-2] [YAMUX-3] the constants have yamux's values", () => {
  assert.equal(VERSION, 0);
  assert.deepEqual(TYPE, { Data: 0, WindowUpdate: 1, Ping: 2, GoAway: 3 });
  assert.deepEqual(FLAG, { SYN: 1, ACK: 2, FIN: 4, RST: 8 });
  assert.deepEqual(GO_AWAY, { Normal: 0, ProtocolError: 1, InternalError: 2 });
  assert.equal(HEADER_BYTES, 12);
  assert.equal(INITIAL_WINDOW_BYTES, 262144);
});

const TABLE: [name: string, hex: string, header: [number, number, number, number]][] = [
  ["opens stream 1, default window", "00010001 00000001 00000000", [1, 1, 1, 0]],
  ["opens stream 1 granting 1 MiB", "00010001 00000001 000c0000", [1, 1, 1, 0xc0000]],
  ["accepts stream 1", "00010002 00000001 00000000", [1, 2, 1, 0]],
  ["5 bytes of data", "00000000 00000001 00000005", [0, 0, 1, 5]],
  ["half-closes stream 1", "00010004 00000001 00000000", [1, 4, 1, 0]],
  ["resets stream 1", "00010008 00000001 00000000", [1, 8, 1, 0]],
  ["grants 128 KiB", "00010000 00000001 00020000", [1, 0, 1, 0x20000]],
  ["ping request", "00020001 00000000 00000007", [2, 1, 0, 7]],
  ["ping reply", "00020002 00000000 00000007", [2, 2, 0, 7]],
  ["go away, normal", "00030000 00000000 00000000", [3, 0, 0, 0]],
  ["all bits set", "0003ffff ffffffff ffffffff", [3, 0xffff, 0xffffffff, 0xffffffff]],
];

for (const [name, spaced, [type, flags, streamId, length]] of TABLE) {
  const hex = spaced.replaceAll(" ", "");
  test(`[YAMUX-1] header: ${name} (${hex})`, () => {
    const bytes = new Uint8Array(HEADER_BYTES + 3);
    const view = new DataView(bytes.buffer);
    encodeHeader(view, 3, type, flags, streamId, length);
    assert.equal(Buffer.from(bytes.subarray(3)).toString("hex"), hex);
    assert.deepEqual(decodeHeader(view, 3), { version: 0, type, flags, streamId, length });
  });
}

test("a header is shown in the words of Go's log", () => {
  const header = { version: 0, type: 1, flags: 10, streamId: 1234, length: 4321 };
  assert.equal(formatHeader(header), "Vsn:0 Type:1 Flags:10 StreamID:1234 Length:4321");
});

test("the naive twin of the codec agrees with it", () => {
  const bytes = frame("WindowUpdate|ACK|RST 1234 4321");
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const header = { version: 0, type: 1, flags: 10, streamId: 1234, length: 4321 };
  assert.deepEqual(decodeHeader(view), header);
  assert.equal(frameText(bytes, Buffer.alloc(0)), "WindowUpdate|ACK|RST 1234 4321");
});
