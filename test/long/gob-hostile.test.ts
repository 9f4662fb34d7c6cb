/** Streams that are small and made to be expensive. The work must not grow faster than the stream. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { GobWriter } from "../../protocol/gob/encode/writer.js";
import { Decoder, NEED_MORE } from "../../protocol/gob/index.js";
import { workOf } from "../helpers/work.js";

/** Five times the work that these streams take. Work that grew with the square would be a hundred times as much. */
const MAX_BLOCKS = 10_000_000;
const FIRST_ID = 64;
const KIND = { slice: 2, struct: 3 } as const;
const INT = 2;
const INTERFACE = 8;

function message(write: (w: GobWriter) => void): Uint8Array {
  const w = new GobWriter();
  w.byte(0);
  write(w);
  w.closeLength(0);
  return w.take();
}

/** [GOB-10] A definition without a name. */
const define = (id: number, kind: number, rest: (w: GobWriter) => void): Uint8Array =>
  message((w) => {
    w.int(-id);
    for (const byte of [kind, 1, 2]) w.uint(byte);
    w.int(id);
    w.uint(0);
    w.uint(1);
    rest(w);
    w.uint(0);
    w.uint(0);
  });

const slice = (id: number, elem: number) => define(id, KIND.slice, (w) => w.int(elem));

const value = (id: number, bytes: readonly number[]): Uint8Array =>
  message((w) => {
    w.int(id);
    w.raw(Uint8Array.from([0, ...bytes]));
  });

function limited(run: () => void): void {
  const blocks = workOf(run);
  assert.ok(blocks < MAX_BLOCKS, `${blocks} blocks of code`);
}

function decoderOf(parts: readonly Uint8Array[]): Decoder {
  const decoder = new Decoder();
  decoder.push(Buffer.concat(parts));
  decoder.end();
  return decoder;
}

for (const elem of [INT, INTERFACE]) {
  test(`[GOB-33] a chain of 9000 types is walked once, though each has a value (ends in ${elem})`, () => {
    const ids = Array.from({ length: 9000 }, (_, i) => FIRST_ID + i);
    const types = ids.map((id, i) => slice(id, i === 0 ? elem : id - 1));
    const decoder = decoderOf([...types, ...ids.map((id) => value(id, [0]))]);
    limited(() => {
      for (const _ of ids) decoder.tryDecodeAny();
    });
  });
}

test("[GOB-33] absent fields of a wide struct of the peer's are refused by a limit", () => {
  const wide = define(FIRST_ID, KIND.struct, (w) => {
    w.uint(10_000);
    for (let i = 0; i < 10_000; i++) {
      w.uint(1);
      w.string(`F${i}`);
      w.uint(1);
      w.int(INT);
      w.uint(0);
    }
  });
  const count = message((w) => {
    w.int(FIRST_ID + 1);
    w.uint(0);
    w.uint(1_000_000);
    w.raw(new Uint8Array(1_000_000));
  });
  const decoder = decoderOf([wide, slice(FIRST_ID + 1, FIRST_ID), count]);
  assert.throws(() => decoder.tryDecodeAny(), { name: "CodecError", code: "limit" });
});

test("[GOB-26] a value in 5000 messages that come one by one is looked through once", () => {
  const decoder = new Decoder();
  decoder.push(slice(FIRST_ID, INTERFACE));
  limited(() => {
    let rest = (w: GobWriter) => {
      w.int(FIRST_ID);
      w.uint(0);
      w.uint(5000);
    };
    for (let id = FIRST_ID + 1; id <= FIRST_ID + 5000; id++) {
      const before = rest;
      decoder.push(
        message((w) => {
          before(w);
          w.string("X");
          w.int(-id);
          for (const byte of [KIND.slice, 1, 2]) w.uint(byte);
          w.int(id);
          for (const byte of [0, 1, 2 * INT, 0, 0]) w.uint(byte);
        }),
      );
      assert.equal(decoder.tryDecodeAny(), NEED_MORE);
      rest = (w) => {
        w.int(id);
        for (const byte of [2, 0, 0]) w.uint(byte);
      };
    }
    decoder.push(message(rest));
    assert.notEqual(decoder.tryDecodeAny(), NEED_MORE);
  });
});
