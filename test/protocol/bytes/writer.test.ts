/** The buffer of the writers: when the memory of a block is written again. */
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
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

test("what a writer handed out does not change when it goes on", () => {
  const w = new ByteWriter();
  const taken: Uint8Array[] = [];
  for (let i = 0; i < 300; i++) {
    w.raw(new Uint8Array(i * 7).fill(i));
    w.insert(0, 1);
    w.bytes[w.indexOf(0)] = 255 - (i % 256);
    taken.push(w.take());
    assert.equal(w.length, 0);
  }
  for (const [i, bytes] of taken.entries()) {
    assert.equal(bytes[0], 255 - (i % 256));
    assert.equal(bytes.length, 1 + i * 7);
    assert.ok(bytes.subarray(1).every((byte) => byte === i % 256));
  }
});

test("a writer does as a plain list of bytes does, whatever is inserted where and taken when", () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const step = fc.oneof(
    fc.record({ raw: fc.uint8Array({ maxLength: 300 }) }),
    fc.record({
      insert: fc.double({ min: 0, max: 1, noNaN: true }),
      bytes: fc.array(byte, { minLength: 1, maxLength: 8 }),
    }),
    fc.record({ truncate: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.constant({ take: true as const }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const w = new ByteWriter();
      let model: number[] = [];
      const taken: [Uint8Array, number[]][] = [];
      for (const of of [...steps, { take: true as const }]) {
        if ("raw" in of) {
          w.raw(of.raw);
          model.push(...of.raw);
        } else if ("insert" in of) {
          const at = Math.floor(of.insert * model.length);
          w.insert(at, of.bytes.length);
          for (const [i, value] of of.bytes.entries()) w.bytes[w.indexOf(at) + i] = value;
          model.splice(at, 0, ...of.bytes);
        } else if ("truncate" in of) {
          const length = Math.floor(of.truncate * model.length);
          w.truncate(length);
          model.length = length;
        } else {
          taken.push([w.take(), model]);
          model = [];
        }
        assert.equal(w.length, model.length);
      }
      for (const [bytes, wanted] of taken) assert.deepEqual([...bytes], wanted);
    }),
  );
});

test("a writer goes back to a length that it had", () => {
  const w = new ByteWriter();
  w.raw(Uint8Array.of(1, 2, 3));
  w.truncate(1);
  w.byte(9);
  assert.equal(Buffer.from(w.take()).toString("hex"), "0109");
});
