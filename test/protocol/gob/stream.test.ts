/** Streams of values on Node and web streams. */
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { test } from "node:test";
import {
  decoderStream,
  decodeStream,
  Encoder,
  encoderStream,
  encodeStream,
  StreamDecoder,
} from "../../../protocol/gob/index.js";
import * as s from "../../../protocol/schema/index.js";
import { encode, unhex } from "./helpers.js";

const Point = s.struct("main.Point", { X: s.int(), Y: s.int() });

const points = Array.from({ length: 20 }, (_, i) => ({ X: i, Y: -1 - i }));

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of source) all.push(value);
  return all;
}

test("values are read from a Node stream, each with its schema", async () => {
  const encoder = new Encoder();
  encoder.append(Point, { X: 1, Y: 2 });
  encoder.append(s.string(), "skipped");
  encoder.append(s.any(), "any");
  encoder.append(s.int(), 5);
  const bytes = encoder.take();
  const chunks = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
  await using decoder = new StreamDecoder(Readable.from(chunks));
  assert.deepEqual(await decoder.decode(Point), { X: 1, Y: 2 });
  await decoder.skip();
  const any = await decoder.decodeAny();
  assert.equal((any.value as s.TypedValue).value, "any");
  assert.equal(await decoder.decode(s.int()), 5);
  await assert.rejects(decoder.decode(s.int()), { code: "eof" });
});

test("leaving the loop over values lets go of the source", async () => {
  const source = Readable.from(encodeStream(points, Point));
  for await (const point of decodeStream(source, Point)) {
    assert.deepEqual(point, { X: 0, Y: -1 });
    break;
  }
  assert.ok(source.destroyed);
});

test("values pass through Node and web streams and come out the same", async () => {
  const out: unknown[] = [];
  await pipeline(encodeStream(points, Point), async (source: AsyncIterable<Uint8Array>) => {
    for await (const point of decodeStream(source, Point)) out.push(point);
  });
  assert.deepEqual(out, points);
  const web = ReadableStream.from(points)
    .pipeThrough(encoderStream(Point))
    .pipeThrough(decoderStream(Point));
  assert.deepEqual(await collect(web), points);
});

test("errors of the source and of values come out of the loop", async () => {
  const failing = (async function* () {
    yield encode(s.int(), 1);
    throw new Error("source failed");
  })();
  const values = decodeStream(failing, s.int());
  assert.deepEqual(await values.next(), { done: false, value: 1 });
  await assert.rejects(values.next(), /source failed/);
  const cut = decodeStream([encode(Point, { X: 1, Y: 1 }).subarray(0, 10)], Point);
  await assert.rejects(cut.next(), { code: "unexpected-eof" });
  const wrong = encodeStream(["x" as never], s.int());
  await assert.rejects(wrong.next(), { code: "bad-value" });
  const broken = ReadableStream.from([unhex("0304")]).pipeThrough(decoderStream(s.int()));
  await assert.rejects(collect(broken), { code: "unexpected-eof" });
});
