/** The primitives of encoder and decoder against naive twins made of BigInt, and their edges. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Cursor } from "../../../protocol/gob/decode/cursor.js";
import { writeFloats, writeStrings } from "../../../protocol/gob/encode/scalar-lists.js";
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

function cursorOf(bytes: Uint8Array): Cursor {
  const c = new Cursor();
  c.moveTo(Buffer.from(bytes), 0, false);
  c.enterMessage(0, bytes.length);
  return c;
}

const read = <T>(text: string, of: (r: Cursor) => T): T => of(cursorOf(unhex(text)));

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
      const r = cursorOf(unhex(text));
      for (const value of values) assert.ok(Object.is(r.float(), value));
      assert.deepEqual(cursorOf(unhex(text)).floats(values.length), values);
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
  assert.deepEqual(cursorOf(unhex(text)).strings(values.length), values);
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
