/** What arrives in pieces: what is kept, what is copied, who owns it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Decoder, Encoder, NEED_MORE } from "../../../../protocol/gob/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { copiedBytes } from "../../../helpers/work.js";
import { encode, inChunks, unhex, whole } from "../helpers.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });
const Row = s.struct("Row", { Name: s.string(), Data: s.bytes(), F: s.slice(s.float64()) });

const rows = Array.from({ length: 60 }, (_, i) => ({
  Name: `row ${i}`,
  Data: new Uint8Array((i * i * 13) % 5000).fill(i),
  F: Array.from({ length: i % 20 }, (_, k) => k / 3),
}));
const encoder = new Encoder();
for (const row of rows) encoder.append(Row, row);
const BYTES = encoder.take();

for (const size of [1, 2, 3, 7, 64, 1000, 4096, 70_000, BYTES.length]) {
  test(`[GOB-6] values come out of chunks of ${size} bytes in a buffer that is used again`, () => {
    assert.deepEqual(inChunks(Row, BYTES, size), rows);
  });
}

test("chunks may be pushed one after the other before anything is taken", () => {
  const decoder = new Decoder();
  for (let at = 0; at < BYTES.length; at += 777) decoder.push(BYTES.subarray(at, at + 777));
  decoder.push(new Uint8Array());
  assert.equal(decoder.bufferedBytes, BYTES.length);
  for (const row of rows) assert.deepEqual(decoder.tryDecode(Row), row);
  assert.equal(decoder.tryDecode(Row), NEED_MORE);
  assert.equal(decoder.bufferedBytes, 0);
});

test("chunks may be plain arrays and views into larger memory", () => {
  const memory = new Uint8Array(BYTES.length + 50).fill(0xee);
  memory.set(BYTES, 25);
  const decoder = new Decoder();
  decoder.push(memory.subarray(25, 25 + BYTES.length));
  for (const row of rows) assert.deepEqual(decoder.tryDecode(Row), row);
});

test("a value that was taken does not change with the chunk, nor with later values", () => {
  const decoder = new Decoder();
  const big = new Uint8Array(300_000).map((_, i) => i * 7);
  const bytes = encode(s.bytes(), big);
  const taken: Uint8Array[] = [];
  const chunk = new Uint8Array(10_000);
  for (let round = 0; round < 4; round++) {
    for (let at = 0; at < bytes.length; at += chunk.length) {
      const part = bytes.subarray(at, at + chunk.length);
      chunk.set(part);
      decoder.push(chunk.subarray(0, part.length));
      const value = decoder.tryDecode(s.bytes());
      if (value !== NEED_MORE) taken.push(value);
      decoder.retain();
    }
  }
  assert.equal(taken.length, 4);
  for (const value of taken) assert.deepEqual(value, big);
  taken[0]?.fill(0);
  assert.deepEqual(taken[1], big);
});

test("a large slice that was given away stays as it is when more follows in the same buffer", () => {
  const decoder = new Decoder();
  const stream = new Encoder();
  for (let i = 1; i <= 6; i++) stream.append(s.bytes(), new Uint8Array(40_000 + i).fill(i));
  const bytes = stream.take();
  const taken: Uint8Array[] = [];
  // Cut so that each piece ends one message and begins the next.
  for (let at = 0; at < bytes.length; at += 30_000) {
    decoder.push(bytes.slice(at, at + 30_000));
    for (let value = decoder.tryDecode(s.bytes()); value !== NEED_MORE; ) {
      taken.push(value);
      value = decoder.tryDecode(s.bytes());
    }
    decoder.retain();
  }
  assert.equal(taken.length, 6);
  for (const [i, value] of taken.entries()) {
    assert.equal(value.length, 40_001 + i);
    assert.ok(value.every((byte) => byte === i + 1));
  }
});

test("[GOB-33] a message that is only announced takes no memory", () => {
  const decoder = new Decoder({ maxMessageBytes: 2 ** 32 });
  decoder.push(unhex("fc3fffffff 0c00"));
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 100; i++) {
    assert.equal(decoder.tryDecode(s.string()), NEED_MORE);
    decoder.retain();
    decoder.push(new Uint8Array(10));
  }
  assert.ok(process.memoryUsage().arrayBuffers - before < 1e6);
});

test("[GOB-33] a large message in small chunks takes linear work", () => {
  const bytes = encode(s.bytes(), new Uint8Array(8 * 1024 * 1024));
  const decoder = new Decoder();
  let value: unknown = NEED_MORE;
  const copied = copiedBytes(() => {
    for (let at = 0; at < bytes.length; at += 512) {
      decoder.push(bytes.subarray(at, at + 512));
      value = decoder.tryDecode(s.bytes());
      decoder.retain();
    }
  });
  assert.equal((value as Uint8Array).length, 8 * 1024 * 1024);
  // With a copy per chunk it would be 64 GiB.
  assert.ok(copied > 0 && copied < 8 * bytes.length, `${copied} bytes copied`);
});

test("offsets count from the start of the stream, whatever was dropped", () => {
  const decoder = new Decoder();
  const stream = new Encoder();
  for (let i = 0; i < 1000; i++) stream.append(Point, { X: i, Y: i });
  const good = stream.take();
  stream.append(s.string(), "x");
  const bytes = Buffer.concat([good, stream.take()]);
  for (let at = 0; at < bytes.length; at += 100) {
    decoder.push(bytes.subarray(at, at + 100));
    try {
      while (decoder.tryDecode(Point) !== NEED_MORE);
    } catch (error) {
      assert.equal((error as { offset: number }).offset, good.length + 3);
      return;
    }
    decoder.retain();
  }
  assert.fail("no error");
});

test("[GOB-37] a decoder whose stream ended gives what it has first", () => {
  const decoder = new Decoder();
  decoder.push(BYTES);
  decoder.end();
  for (const row of rows) assert.deepEqual(whole(decoder.tryDecode(Row)), row);
  assert.throws(() => decoder.tryDecode(Row), { code: "eof" });
});
