/** Values over several messages, as Go sends them where a type is first met inside a value. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Decoder, Encoder, NEED_MORE, Registry } from "../../../../protocol/gob/index.js";
import type { AnySchema, TypedValue } from "../../../../protocol/schema/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { workOf } from "../../../helpers/work.js";
import { decoderOf, encode, inChunks, whole } from "../helpers.js";

const Point = s.struct("main.Point", { X: s.int(), Y: s.int() });

const PointIn = s.named("main.Point", Point);

const at = (X: number, Y: number) => s.value(PointIn, { X, Y });

// Go flushes what it has when a definition is needed in mid-value; one value, many messages.
const Chain: AnySchema = s.named("main.Chain", s.struct("main.Chain", { V: s.any(), N: s.int() }));

const kinds = Array.from({ length: 12 }, (_, i) =>
  s.named(`main.K${i}`, s.struct(`main.K${i}`, { [`F${i}`]: s.int(), V: s.any() })),
);

const wide = {
  V: s.value(
    s.slice(s.any()),
    kinds.map((kind, i) => s.value(kind, { [`F${i}`]: i, V: at(i, i) } as never)),
  ),
  N: 9,
} as never;

const split = new Encoder({ order: "go" });

split.append(Chain, wide);

split.append(s.int(), 42);

const SPLIT = split.take();

function checkWide(value: unknown): void {
  const { V, N } = value as { V: TypedValue[]; N: number };
  assert.equal(N, 9);
  assert.deepEqual(
    V.map((of) => (of.value as Record<string, unknown>)[`F${V.indexOf(of)}`]),
    kinds.map((_, i) => i),
  );
}

test("[GOB-26] a value over many messages waits for all of them, at every cut", () => {
  for (let cut = 0; cut <= SPLIT.length; cut++) {
    const decoder = new Decoder();
    decoder.push(SPLIT.subarray(0, cut));
    const first = decoder.tryDecode(Chain);
    decoder.retain();
    decoder.push(SPLIT.subarray(cut));
    const value = first === NEED_MORE ? decoder.tryDecode(Chain) : first;
    checkWide(whole(value));
    assert.equal(whole(decoder.tryDecode(s.int())), 42);
  }
});

test("[GOB-26] [GOB-30] a value over many messages is read and skipped byte by byte", () => {
  const [value] = inChunks(Chain, SPLIT.subarray(0, -4), 1);
  checkWide(value);
  const skipped = new Decoder();
  let count = 0;
  for (const byte of SPLIT) {
    skipped.push(Uint8Array.of(byte));
    while (skipped.trySkip()) count++;
    skipped.retain();
  }
  assert.equal(count, 2);
});

test("[GOB-26] a caller that changes its mind skips a value that it waited for", () => {
  const decoder = new Decoder();
  decoder.push(SPLIT.subarray(0, SPLIT.length - 30));
  assert.equal(decoder.tryDecode(Chain), NEED_MORE);
  assert.equal(decoder.trySkip(), false);
  decoder.push(SPLIT.subarray(SPLIT.length - 30));
  assert.equal(decoder.trySkip(), true);
  assert.equal(decoder.tryDecode(s.int()), 42);
});

test("[GOB-30] skipping goes on where it stopped, also when the next call decodes", () => {
  const decoder = new Decoder();
  decoder.push(SPLIT.subarray(0, 200));
  assert.equal(decoder.trySkip(), false);
  decoder.retain();
  decoder.push(SPLIT.subarray(200));
  assert.equal(decoder.tryDecode(s.int()), 42);
});

test("[GOB-20] a stream that ends inside a value over many messages is cut", () => {
  for (const take of ["tryDecode", "trySkip"] as const) {
    const decoder = decoderOf(SPLIT.subarray(0, SPLIT.length - 30));
    assert.throws(() => decoder[take](Chain), { code: "unexpected-eof" });
    const late = new Decoder();
    late.push(SPLIT.subarray(0, SPLIT.length - 30));
    late[take](Chain);
    late.end();
    assert.throws(() => late[take](Chain), { code: "unexpected-eof" });
  }
});

test("[GOB-37] after an error in a value over many messages the next one is found when it arrives", () => {
  const Wrong = s.struct("main.Chain", { N: s.string() });
  for (const cut of [SPLIT.length, SPLIT.length - 30, 200]) {
    const decoder = new Decoder();
    decoder.push(SPLIT.subarray(0, cut));
    assert.throws(() => decoder.tryDecode(Wrong), { code: "type-mismatch" });
    decoder.retain();
    decoder.push(SPLIT.subarray(cut));
    assert.equal(decoder.tryDecode(s.int()), 42);
  }
});

test("[GOB-37] a value over many messages that turns out to be corrupt is dropped where it fails", () => {
  const bytes = Uint8Array.from(SPLIT);
  // The last name of a type, in the last message of the value.
  const last = Buffer.from(bytes).lastIndexOf("main.Point");
  bytes[last - 1] = 0x7f;
  for (const size of [1, bytes.length]) {
    const decoder = new Decoder();
    let failures = 0;
    let found: unknown;
    for (let from = 0; from < bytes.length; from += size) {
      decoder.push(bytes.subarray(from, from + size));
      try {
        const value = decoder.tryDecode(failures === 0 ? Chain : s.int());
        if (value !== NEED_MORE) found = value;
      } catch {
        failures++;
      }
      decoder.retain();
    }
    if (found === undefined) found = decoder.tryDecode(s.int());
    assert.equal(failures, 1);
    assert.equal(found, 42);
  }
});

test("[GOB-26] codecs run once, however often the value was looked at", () => {
  let calls = 0;
  const lent = s.codec({
    wire: s.uint32(),
    encode: (of: number) => of,
    decode: (of) => {
      calls++;
      return of;
    },
  });
  const Job = s.struct("main.Job", { Log: lent, V: s.any(), W: s.any() });
  const encoder = new Encoder({ order: "go" });
  const bytes = encoder.encode(Job, {
    Log: 3,
    V: at(1, 2),
    W: s.value(kinds[0]!, { F0: 1, V: null } as never),
  });
  const [job] = inChunks(Job, bytes, 1);
  assert.equal(job?.Log, 3);
  assert.equal(calls, 1);
  const registry = new Registry().register("main.Lent", lent);
  const inside = encode(s.slice(s.any()), [s.value(s.named("main.Lent", lent), 5), at(1, 1)], {
    order: "go",
  });
  assert.equal(inChunks(s.slice(s.any()), inside, 1, { registry }).length, 1);
  assert.equal(calls, 2);
});

test("[GOB-26] [GOB-33] small pieces of a split value cost linear work", () => {
  // Behind a large first message every further one would mean reading it anew.
  const big = s.struct("main.Big", { Pad: s.slice(s.int()), V: s.slice(s.any()) });
  const many = Array.from({ length: 300 }, (_, i) =>
    s.value(s.named(`main.T${i}`, s.struct(`main.T${i}`, { A: s.int() })), { A: i }),
  );
  const bytes = encode(big, { Pad: new Array(200_000).fill(1), V: many }, { order: "go" });
  const decoder = new Decoder();
  let value: unknown = NEED_MORE;
  decoder.push(bytes.subarray(0, 210_000));
  const blocks = workOf(() => {
    for (let from = 210_000; from < bytes.length; from += 10) {
      assert.equal(value, NEED_MORE);
      value = decoder.tryDecode(big);
      decoder.retain();
      decoder.push(bytes.subarray(from, from + 10));
    }
    if (value === NEED_MORE) value = decoder.tryDecode(big);
  });
  assert.equal((value as { V: unknown[] }).V.length, 300);
  // Some 2000 rounds over 200 000 elements would be 400 million turns of a loop.
  assert.ok(blocks > 0 && blocks < 20_000_000, `${blocks} blocks`);
});

test("[GOB-33] the messages of one value count together", () => {
  const decoder = new Decoder({ maxMessageBytes: 400 });
  decoder.push(SPLIT);
  const want = { code: "limit", message: /beyond maxMessageBytes \(400\)/ };
  assert.throws(() => decoder.tryDecode(Chain), want);
  assert.equal(decoder.isBroken, true);
});

test("[GOB-37] every corrupted byte gives a value or an error, and never more than one per message", () => {
  for (let i = 0; i < SPLIT.length; i += 3) {
    for (const flip of [0x01, 0x80, 0xff]) {
      const bytes = Uint8Array.from(SPLIT);
      bytes[i] = bytes[i]! ^ flip;
      const decoder = decoderOf(bytes);
      for (let rounds = 0; ; rounds++) {
        assert.ok(rounds < 60, `byte ${i}`);
        try {
          assert.notEqual(rounds % 2 === 0 ? decoder.tryDecodeAny() : decoder.trySkip(), NEED_MORE);
        } catch (error) {
          const { name, code } = error as { name: string; code: string };
          assert.equal(name, "CodecError", String(error));
          if (code.endsWith("eof") || decoder.isBroken) break;
        }
      }
    }
  }
});
