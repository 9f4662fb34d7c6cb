/** The buffer of the writers: when the memory of a block is written again. */
import assert from "node:assert/strict";
import test from "node:test";
import { ByteWriter } from "../../../protocol/bytes/writer.js";

const LARGE = 200_000;

function take(writer: ByteWriter, byteLength: number, fill: number): Uint8Array {
  writer.raw(new Uint8Array(byteLength).fill(fill));
  return writer.take();
}

const isFull = (bytes: Uint8Array, byteLength: number, fill: number): boolean =>
  bytes.length === byteLength && bytes.every((byte) => byte === fill);

test("a large block that was handed back is written again", () => {
  const writer = new ByteWriter();
  const first = take(writer, LARGE, 1);
  writer.recycle(first);
  const second = take(writer, LARGE - 1000, 2);
  assert.ok(second.buffer === first.buffer);
  assert.ok(isFull(second, LARGE - 1000, 2));
});

test("a block that was not handed back is not written again", () => {
  const writer = new ByteWriter();
  const first = take(writer, LARGE, 1);
  const second = take(writer, LARGE, 2);
  writer.recycle(second);
  const third = take(writer, LARGE, 3);
  assert.ok(third.buffer === second.buffer);
  assert.ok(isFull(first, LARGE, 1));
});

test("a block that is too small is not used", () => {
  const writer = new ByteWriter();
  const first = take(writer, LARGE, 1);
  writer.recycle(first);
  const second = take(writer, 2 * LARGE, 2);
  assert.ok(second.buffer !== first.buffer);
  assert.ok(isFull(second, 2 * LARGE, 2));
});

test("a part of a block is never used again, because its neighbours are in use", () => {
  const writer = new ByteWriter();
  const parts = Array.from({ length: 4 }, (_, i) => take(writer, 10_000, i));
  for (const part of parts) writer.recycle(part);
  take(writer, LARGE, 9);
  for (const [i, part] of parts.entries()) assert.ok(isFull(part, 10_000, i));
});

test("a block that is handed back twice is used once", () => {
  const writer = new ByteWriter();
  const first = take(writer, LARGE, 1);
  writer.recycle(first);
  writer.raw(new Uint8Array(LARGE).fill(2));
  writer.recycle(first);
  const second = writer.take();
  writer.recycle(second);
  assert.ok(isFull(second, LARGE, 2));
});
