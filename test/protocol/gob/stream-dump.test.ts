/** A gob stream dumped while it goes on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Encoder, inspect } from "../../../protocol/gob/index.js";
import { StreamDump } from "../../../protocol/gob/stream-dump.js";
import * as s from "../../../protocol/schema/index.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });

test("[GOB-6] the pieces of a dump make up the dump of the whole stream, however the chunks are cut", () => {
  const encoder = new Encoder();
  for (let X = 0; X < 20; X++) encoder.append(Point, { X, Y: 1000 * X });
  const stream = encoder.take();
  for (const chunkBytes of [1, 7, stream.length]) {
    const pieces: string[] = [];
    const dump = new StreamDump((text) => pieces.push(`${text}\n`));
    for (let at = 0; at < stream.length; at += chunkBytes) {
      dump.push(stream.slice(at, at + chunkBytes));
    }
    assert.equal(pieces.join(""), inspect(stream));
  }
});

test("[GOB-6] the dump ends with a note when the stream is long", () => {
  const said: string[] = [];
  const dump = new StreamDump((text) => said.push(text));
  const encoder = new Encoder();
  for (let i = 0; i < 3; i++) dump.push(encoder.encode(s.bytes(), new Uint8Array(100 * 1024)));
  dump.push(encoder.encode(s.int(), 1));
  assert.match(said.at(-1) ?? "", /no more of this stream: 262144 bytes were dumped/);
});
