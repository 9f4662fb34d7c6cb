/** Text and bytes: every sequence of bytes has a text of its own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { writeStrayBytes } from "../../../protocol/bytes/stray-bytes.js";
import { readUtf8 } from "../../../protocol/bytes/text.js";

const read = (bytes: Uint8Array): string => readUtf8(Buffer.from(bytes), 0, bytes.length);

/** Bytes in which sequences of UTF-8 are frequent, whole and cut. */
const pieces = fc.oneof(
  fc.uint8Array({ maxLength: 4 }),
  fc.string({ unit: "binary" }).map((text) => Buffer.from(text)),
  fc
    .constantFrom("eda080", "edbfbf", "c080", "c1bf", "e09fbf", "f08fbfbf", "f4908080", "f8", "ff")
    .map((hex) => Buffer.from(hex, "hex")),
  fc.constantFrom("e697", "f09f98", "c3", "efbfbd").map((hex) => Buffer.from(hex, "hex")),
);
const anyBytes = fc.array(pieces, { maxLength: 12 }).map((parts) => Buffer.concat(parts));

test("[GOB-44] any bytes come back from their text", () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const text = read(bytes);
      assert.deepEqual(Buffer.from(writeStrayBytes(text)), bytes);
      // Where Node's decoder finds nothing wrong, the text is Node's.
      const known = bytes.toString();
      if (Buffer.from(known).equals(bytes)) assert.equal(text, known);
      else assert.equal(text.isWellFormed(), false);
    }),
    { numRuns: 3000 },
  );
});

test("[GOB-44] a byte that is not UTF-8 is a lone surrogate, and the rest is as ever", () => {
  const cases: [hex: string, text: string][] = [
    ["61ff62", "a\udcffb"],
    ["e697a5e697", "日\udce6\udc97"],
    ["f09f9880f09f98", "😀\udcf0\udc9f\udc98"],
    ["eda080", "\udced\udca0\udc80"],
    ["f4908080", "\udcf4\udc90\udc80\udc80"],
    ["c080", "\udcc0\udc80"],
    ["efbfbd", "\ufffd"],
    ["efbfbdff", "\ufffd\udcff"],
  ];
  for (const [hex, text] of cases) assert.equal(read(Buffer.from(hex, "hex")), text);
});

test("[GOB-44] a lone surrogate that stands for no byte becomes U+FFFD", () => {
  for (const text of ["\ud800", "\udc00", "a\udc7f", "\ud83d\ud83d\ude00\udd00"]) {
    assert.equal(Buffer.from(writeStrayBytes(text)).toString(), text.toWellFormed());
  }
});

test("[GOB-44] a text of stray bytes takes memory and time in proportion to its bytes", () => {
  const bytes = new Uint8Array(4_000_000).fill(0xff);
  const text = read(bytes);
  assert.equal(text.length, bytes.length);
  assert.deepEqual(writeStrayBytes(text), bytes);
});
