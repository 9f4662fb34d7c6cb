/** The primitives against naive twins made of BigInt, and their edges. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ByteWriter } from "../../../protocol/bytes/writer.js";
import { Reader } from "../../../protocol/gob/decode/reader.js";
import {
  writeFloats,
  writeInts,
  writeStrings,
  writeUints,
} from "../../../protocol/gob/encode/scalar-lists.js";
import { GobWriter } from "../../../protocol/gob/encode/writer.js";
import { hex, unhex } from "./helpers.js";

function naiveUint(value: bigint): string {
  if (value < 128n) return value.toString(16).padStart(2, "0");
  const digits = value.toString(16);
  const bytes = digits.length % 2 === 0 ? digits : `0${digits}`;
  return (256 - bytes.length / 2).toString(16) + bytes;
}
const naiveInt = (value: bigint): string =>
  naiveUint(value < 0n ? (~value << 1n) | 1n : value << 1n);
function naiveFloat(value: number): string {
  const image = Buffer.alloc(8);
  image.writeDoubleLE(value);
  return naiveUint(image.readBigUInt64BE());
}

function written(write: (w: GobWriter) => void): string {
  const w = new GobWriter();
  write(w);
  return hex(w.take());
}

function readerOf(bytes: Uint8Array): Reader {
  const r = new Reader();
  r.useBytes(Buffer.from(bytes));
  r.end = bytes.length;
  return r;
}
const read = <T>(text: string, of: (r: Reader) => T): T => of(readerOf(unhex(text)));

const EDGES = [0, 1, 63, 64, 127, 128, 255, 256, 65535, 65536, 2 ** 24 - 1, 2 ** 24, 2 ** 30 - 1];
const NUMBERS = [
  ...EDGES,
  2 ** 30,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 40 + 7,
  2 ** 52,
  Number.MAX_SAFE_INTEGER,
];

test("[GOB-1] uint: numbers are written in as few bytes as possible and read back", () => {
  for (const value of NUMBERS) {
    const text = naiveUint(BigInt(value));
    assert.equal(
      written((w) => w.uint(value)),
      text,
    );
    assert.equal(
      written((w) => w.bigUint(BigInt(value))),
      text,
    );
    assert.equal(
      read(text, (r) => r.uint()),
      value,
    );
    assert.equal(
      read(text, (r) => r.bigUint()),
      BigInt(value),
    );
    assert.equal(
      read(text, (r) => r.safeUint()),
      value,
    );
  }
});

test("[GOB-2] int: numbers of both signs are written and read back", () => {
  for (const value of NUMBERS.flatMap((of) => (of === 0 ? [0] : [of, -of]))) {
    const text = naiveInt(BigInt(value));
    assert.equal(
      written((w) => w.int(value)),
      text,
      `${value}`,
    );
    assert.equal(
      written((w) => w.bigInt(BigInt(value))),
      text,
    );
    assert.equal(
      read(text, (r) => r.int()),
      value,
    );
    assert.equal(
      read(text, (r) => r.bigInt()),
      BigInt(value),
    );
    assert.equal(
      read(text, (r) => r.safeInt()),
      value,
    );
  }
});

test("[GOB-1] [GOB-2] any 64-bit integer survives as bigint", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      assert.equal(
        written((w) => w.bigInt(value)),
        naiveInt(value),
      );
      assert.equal(
        read(naiveInt(value), (r) => r.bigInt()),
        value,
      );
      const safe = read(naiveInt(value), (r) => r.safeInt());
      assert.equal(typeof safe, Number.isSafeInteger(Number(value)) ? "number" : "bigint");
      assert.equal(BigInt(safe), value);
      const unsigned = BigInt.asUintN(64, value);
      assert.equal(
        written((w) => w.bigUint(unsigned)),
        naiveUint(unsigned),
      );
      assert.equal(
        read(naiveUint(unsigned), (r) => r.bigUint()),
        unsigned,
      );
      assert.equal(BigInt(read(naiveUint(unsigned), (r) => r.safeUint())), unsigned);
    }),
  );
});

test("[GOB-2] integers past 2^53-1 are an error where a number is wanted", () => {
  const beyond = 2n ** 53n;
  assert.throws(() => read(naiveUint(beyond), (r) => r.uint()), { code: "out-of-range" });
  assert.throws(() => read(naiveInt(beyond), (r) => r.int()), { code: "out-of-range" });
  assert.throws(() => read(naiveInt(-beyond), (r) => r.int()), { code: "out-of-range" });
  assert.equal(
    read(naiveInt(1n - beyond), (r) => r.int()),
    Number.MIN_SAFE_INTEGER,
  );
});

test("[GOB-1] longer forms than needed are read", () => {
  assert.equal(
    read("f800000000000000 07", (r) => r.uint()),
    7,
  );
  assert.equal(
    read("fe0006", (r) => r.int()),
    3,
  );
});

test("[GOB-1] a length marker from 80 to f7 is refused", () => {
  for (const marker of ["80", "a0", "f7"]) {
    assert.throws(() => read(`${marker}0000000000000000000000`, (r) => r.uint()), {
      code: "corrupt",
      detail: "gob: encoded unsigned integer out of range",
    });
  }
});

test("[GOB-1] a number cut short is refused", () => {
  assert.throws(() => read("", (r) => r.uint()), { code: "corrupt" });
  assert.throws(() => read("fe01", (r) => r.uint()), {
    detail: "gob: invalid uint data length 2: exceeds input size 1",
  });
});

test("[GOB-3] any double survives, alone and in a list", () => {
  fc.assert(
    fc.property(fc.array(fc.double()), (values) => {
      const text = values.map(naiveFloat).join("");
      assert.equal(
        written((w) => writeFloats(w, values)),
        text,
      );
      const r = readerOf(unhex(text));
      for (const value of values) assert.ok(Object.is(r.float(), value));
      assert.deepEqual(readerOf(unhex(text)).floats(values.length), values);
    }),
  );
});

test("[GOB-3] -0 keeps its sign", () => {
  assert.equal(
    written((w) => w.float(-0)),
    "ff80",
  );
  assert.ok(
    Object.is(
      read("ff80", (r) => r.float()),
      -0,
    ),
  );
});

test("[GOB-4] every number but 0 is true", () => {
  assert.equal(
    read("00", (r) => r.bool()),
    false,
  );
  for (const text of ["01", "02", "fe0100", "fb0100000000"]) {
    assert.equal(
      read(text, (r) => r.bool()),
      true,
      text,
    );
  }
});

test("[GOB-5] strings of every length and alphabet survive", () => {
  const alphabets = ["a", "é", "世", "🎉", "aé世🎉"];
  for (const alphabet of alphabets) {
    const lengths = [...Array(300).keys(), 2047, 2048, 4095, 4096, 4097, 20_000, 70_000];
    for (const length of lengths) {
      const value = [...alphabet.repeat(length)].slice(0, length).join("");
      const bytes = Buffer.from(value);
      const text = naiveUint(BigInt(bytes.length)) + bytes.toString("hex");
      assert.equal(
        written((w) => w.string(value)),
        text,
      );
      assert.equal(
        read(text, (r) => r.string()),
        value,
      );
    }
  }
});

test("[GOB-5] strings close together are the same as strings far apart", () => {
  const values = Array.from({ length: 400 }, (_, i) => {
    return i % 7 === 0 ? `ü${i}` : i % 5 === 0 ? "x".repeat(i % 90) : `string number ${i}`;
  });
  const text = written((w) => writeStrings(w, values));
  assert.deepEqual(readerOf(unhex(text)).strings(values.length), values);
});

test("[GOB-5] lone surrogates become U+FFFD, in short strings and long ones", () => {
  for (const rest of ["", "x".repeat(60)]) {
    const text = written((w) => w.string(`\ud800${rest}`));
    assert.equal(
      read(text, (r) => r.string()),
      `\ufffd${rest}`,
    );
  }
});

test("[GOB-5] lists of integers stop in front of what is none", () => {
  const w = new GobWriter();
  assert.equal(writeInts(w, [1, -64, 64, 1e12, 0.5, 3], -1e15, 1e15), 4);
  assert.equal(writeInts(w, [300], -128, 127), 0);
  assert.equal(writeUints(w, [1, 300, -1], 1e15), 2);
  assert.equal(writeUints(w, [1.5], 1e15), 0);
  assert.equal(writeFloats(w, [1, "2"]), 1);
  assert.equal(writeStrings(w, ["a", 2]), 1);
});

test("a length is put in front of what was written, whatever its size", () => {
  for (const size of [0, 127, 128, 255, 256, 65_535, 65_536, 20_000_000]) {
    const w = new GobWriter();
    w.byte(0xaa);
    w.byte(0);
    w.raw(new Uint8Array(size).fill(7));
    w.closeLength(1);
    const bytes = w.take();
    const prefix = naiveUint(BigInt(size));
    assert.equal(hex(bytes.subarray(0, 1 + prefix.length / 2)), `aa${prefix}`);
    assert.ok(bytes.subarray(1 + prefix.length / 2).every((byte) => byte === 7));
    assert.equal(bytes.length, 1 + prefix.length / 2 + size);
  }
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
  assert.equal(hex(w.take()), "0109");
});
