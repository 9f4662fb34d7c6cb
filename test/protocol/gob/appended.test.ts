/** [GOB-39] Files to which every run of a Go program appended a stream of its own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Decoder,
  decodeStream,
  Encoder,
  NEED_MORE,
  Registry,
  StreamDecoder,
} from "../../../protocol/gob/index.js";
import * as s from "../../../protocol/schema/index.js";
import { goTest } from "../../helpers/go.js";
import { goFacts } from "./go-facts.js";
import { decoderOf, unhex, whole } from "./helpers.js";

const Entry = s.struct("Entry", { Name: s.string(), Count: s.int(), Tags: s.slice(s.string()) });
const Other = s.struct("Other", { Entry, Detail: s.any() });
const a = { Name: "a", Count: 1, Tags: ["x"] };
const b = { Name: "b", Count: 2, Tags: [] };
const registry = new Registry().register("main.Entry", Entry);

/** By the names that gob-facts gives to its files: what stands in them, value by value. */
const FILES: Readonly<Record<string, readonly (readonly [s.AnySchema, unknown])[]>> = {
  "one type": [a, b, b, a, a].map((of) => [Entry, of] as const),
  "several types": [
    [Entry, a],
    [Other, { Entry: a, Detail: b }],
    [Other, { Entry: b, Detail: 5 }],
    [Entry, b],
    [s.slice(Entry), [a, b]],
    [s.map(s.string(), Entry), new Map([["k", a]])],
  ],
  "builtins between": [
    [Entry, a],
    [s.int(), 5],
    [s.string(), "text"],
    [Entry, a],
    [s.int(), 7],
    [s.string(), "end"],
  ],
  "only builtins": [1, 2, 3].map((of) => [s.int(), of] as const),
  "one id for different types": [
    [s.slice(s.int()), [1]],
    [s.slice(s.string()), ["s"]],
    [s.map(s.string(), s.int()), new Map([["k", 1]])],
    [Entry, a],
    [Other, { Entry: b, Detail: null }],
  ],
  "definitions inside": [
    [Other, { Entry: a, Detail: b }],
    [Other, { Entry: b, Detail: a }],
    [Other, { Entry: a, Detail: null }],
    [Other, { Entry: a, Detail: "text" }],
    [Other, { Entry: b, Detail: ["s"] }],
  ],
  "a type that an earlier run had, under a later id": [
    [Entry, a],
    [s.slice(s.int()), [1]],
    [Entry, a],
    [Entry, a],
    [s.slice(s.int()), [2]],
  ],
};

interface File {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly runs: number;
}

goTest(
  "[GOB-39] every value of appended streams that Go wrote arrives, by its own type",
  async (t) => {
    const files: File[] = [];
    for (const { name, runs } of await goFacts<{ name: string; runs: number }>(t, "appended")) {
      const parts: Uint8Array[] = [];
      // Each run is a process, because Go counts type ids per process.
      for (let run = 0; run < runs; run++) {
        const [line] = await goFacts<{ hex: string }>(t, "appended", [name, String(run)]);
        parts.push(unhex(line!.hex));
      }
      files.push({ name, bytes: Buffer.concat(parts), runs });
    }
    assert.deepEqual(new Set(files.map(({ name }) => name)), new Set(Object.keys(FILES)));
    for (const { name, bytes } of files) {
      const want = FILES[name]!;
      const decoder = decoderOf(bytes, { registry, appended: true });
      for (const [schema, value] of want)
        assert.deepEqual(whole(decoder.tryDecode(schema)), value, name);
      assert.throws(() => decoder.tryDecode(s.int()), { code: "eof" });

      // In pieces of three bytes, in which definitions inside values are read more than once.
      const stream = new StreamDecoder(pieces(bytes, 3), { registry, appended: true });
      for (const [schema, value] of want)
        assert.deepEqual(await stream.decode(schema), value, name);

      const any = decoderOf(bytes, { registry, appended: true });
      for (const _ of want) assert.notEqual(any.tryDecodeAny(), NEED_MORE);
      const skipping = decoderOf(bytes, { registry, appended: true });
      for (const _ of want) assert.equal(skipping.trySkip(), true);
      assert.throws(() => skipping.trySkip(), { code: "eof" });
    }
  },
);

function* pieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

test("[GOB-39] values of one type, over any number of streams", async () => {
  const runs = [1, 2, 3].map((Count) => new Encoder().encode(Entry, { Name: "", Count, Tags: [] }));
  const got: number[] = [];
  for await (const { Count } of decodeStream(runs, Entry, { appended: true })) got.push(Count);
  assert.deepEqual(got, [1, 2, 3]);
  await assert.rejects(async () => {
    for await (const _ of decodeStream(runs, Entry));
  }, /duplicate type received/);
});

test("[GOB-39] a value that is read again takes back the types that it replaced", () => {
  const A = s.named("main.A", s.struct("A", { X: s.int() }));
  const B = s.named("main.B", s.struct("B", { Y: s.string() }));
  const Box = s.struct("Box", { In: s.dynamic() });
  const encode = (of: s.TypedValue) => new Encoder({ order: "go" }).encode(Box, { In: of });
  const first = encode(s.value(A, { X: 1 }));
  const second = encode(s.value(B, { Y: "y" }));
  // The second stream's first value stops in front of its last message, which holds what is in the interface.
  for (let cut = 1; cut < second.length; cut++) {
    const decoder = new Decoder({ appended: true });
    decoder.push(first);
    assert.deepEqual(whole(decoder.tryDecode(Box)).In?.value, { X: 1 });
    decoder.push(second.subarray(0, cut));
    assert.equal(decoder.tryDecode(Box), NEED_MORE);
    decoder.retain();
    decoder.push(second.subarray(cut));
    assert.deepEqual(whole(decoder.tryDecode(Box)).In?.value, { Y: "y" });
  }
});

test("[GOB-33] [GOB-39] appended streams count their types once, and basic types cannot be replaced", () => {
  const decoder = new Decoder({ appended: true, maxTypes: 2 });
  for (let run = 0; run < 20; run++) {
    decoder.push(new Encoder().encode(Entry, a));
    assert.deepEqual(decoder.tryDecode(Entry), a);
    decoder.retain();
  }
  decoder.push(unhex("0d0b030101015401ff8000010000"));
  assert.throws(() => decoder.tryDecode(Entry), { code: "corrupt", message: /duplicate type/ });
  assert.equal(decoder.isBroken, true);
});
