/** The queue of received bytes: order, copies and memory. */
import assert from "node:assert/strict";
import test from "node:test";
import { ByteQueue } from "../../../protocol/bytes/queue.js";
import { pattern } from "../../mux/helpers.js";

const drain = (queue: ByteQueue, maxBytes?: number): Buffer => {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const piece = queue.shift(maxBytes);
    if (piece === undefined) return Buffer.concat(pieces);
    assert.ok(piece.length > 0);
    pieces.push(piece);
  }
};

test("an empty queue has nothing to give", () => {
  const queue = new ByteQueue();
  assert.equal(queue.byteLength, 0);
  assert.equal(queue.shift(), undefined);
  assert.equal(queue.take(1), undefined);
  assert.deepEqual(queue.take(0), new Uint8Array(0));
});

test("pushed chunks come back as they are", () => {
  const queue = new ByteQueue();
  const chunk = pattern(10);
  queue.push(chunk);
  queue.push(new Uint8Array(0));
  assert.equal(queue.byteLength, 10);
  assert.equal(queue.shift(), chunk);
  assert.equal(queue.byteLength, 0);
});

test("shift takes at most what was asked for, and at most one chunk", () => {
  const queue = new ByteQueue();
  queue.push(Buffer.from("abcdef"));
  queue.push(Buffer.from("gh"));
  const texts = [4, 4, 4].map((maxBytes) => Buffer.from(queue.shift(maxBytes) ?? []).toString());
  assert.deepEqual(texts, ["abcd", "ef", "gh"]);
});

test("copied chunks do not change with their source", () => {
  const queue = new ByteQueue();
  const shared = Buffer.from("abc");
  queue.pushCopy(shared);
  shared.fill("x");
  queue.pushCopy(shared);
  assert.equal(drain(queue).toString(), "abcxxx");
});

test("a block that was partly taken is filled further", () => {
  const queue = new ByteQueue();
  queue.pushCopy(Buffer.from("abcd"));
  assert.equal(Buffer.from(queue.shift(2) ?? []).toString(), "ab");
  queue.pushCopy(Buffer.from("ef"));
  assert.equal(queue.byteLength, 4);
  assert.equal(drain(queue).toString(), "cdef");
});

test("take joins chunks, and waits for enough of them", () => {
  const queue = new ByteQueue();
  queue.push(Buffer.from("abc"));
  queue.pushCopy(Buffer.from("def"));
  assert.equal(queue.take(7), undefined);
  assert.equal(Buffer.from(queue.take(4) ?? []).toString(), "abcd");
  assert.equal(drain(queue).toString(), "ef");
});

test("[YAMUX-24] a megabyte of copied single bytes costs about a megabyte", () => {
  const queue = new ByteQueue();
  const byte = Uint8Array.of(7);
  for (let i = 0; i < 1 << 20; i++) queue.pushCopy(byte);
  let blocks = 0;
  let allocated = 0;
  for (let piece = queue.shift(); piece !== undefined; piece = queue.shift()) {
    blocks += 1;
    allocated += piece.buffer.byteLength;
  }
  assert.ok(blocks < 100, `${blocks} blocks`);
  assert.ok(allocated < 1.1 * 2 ** 20, `${allocated} bytes`);
});

test("long queues keep their order and drop what was taken", () => {
  const queue = new ByteQueue();
  const all = pattern(30_000);
  let written = 0;
  let seen = Buffer.alloc(0);
  while (seen.length < all.length) {
    for (let i = 0; i < 7 && written < all.length; i++) {
      const part = all.subarray(written, written + 1 + (written % 13));
      if (i % 2 === 0) queue.push(part);
      else queue.pushCopy(part);
      written += part.length;
    }
    seen = Buffer.concat([seen, ...[5, 1, 30].map((max) => queue.shift(max) ?? Buffer.alloc(0))]);
    assert.equal(queue.byteLength, written - seen.length);
  }
  assert.ok(seen.equals(all));
});

test("many chunks are dropped in batches", () => {
  const queue = new ByteQueue();
  for (let i = 0; i < 1000; i++) queue.push(Uint8Array.of(i & 255));
  for (let i = 0; i < 990; i++) assert.deepEqual(queue.shift(), Uint8Array.of(i & 255));
  assert.equal(drain(queue).length, 10);
});

test("clear drops everything", () => {
  const queue = new ByteQueue();
  queue.pushCopy(pattern(100));
  queue.clear();
  queue.pushCopy(Buffer.from("z"));
  assert.equal(drain(queue).toString(), "z");
});
