/** From Go's codec_test.go: numbers and scalars byte by byte, and whole values of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "goplug/gob";
import { hex, unhex, whole } from "../helpers.js";
import { Pipe, transfer } from "./pipe.js";

/** Numbers of up to 64 bits, several of each length. */
const LENGTHS = Array.from({ length: 64 }, (_, bits) => 1n << BigInt(bits)).flatMap((power) => [
  power - 1n,
  power,
  power | 5n,
]);

test("TestUintCodec: [GOB-1] unsigned integers have Go's bytes and come back", () => {
  const cases: [bigint, string][] = [
    [0n, "00"],
    [0xfn, "0f"],
    [0xffn, "ffff"],
    [0xffffn, "feffff"],
    [0xffffffn, "fdffffff"],
    [0xffffffffn, "fcffffffff"],
    [0xffffffffffn, "fbffffffffff"],
    [0xffffffffffffn, "faffffffffffff"],
    [0xffffffffffffffn, "f9ffffffffffffff"],
    [0xffffffffffffffffn, "f8ffffffffffffffff"],
    [0x1111n, "fe1111"],
    [0x1111111111111111n, "f81111111111111111"],
    [0x8888888888888888n, "f88888888888888888"],
    [1n << 63n, "f88000000000000000"],
  ];
  for (const [value, want] of cases) {
    // The message: its length, the id of uint, the zero byte in front of all but structs, and the number.
    const bytes = hex(new gob.Encoder().encode(gob.uint64(), value));
    assert.equal(bytes.slice(2), `0600${want}`);
    assert.equal(transfer(gob.uint64(), value, gob.uint64()), value);
  }
  for (const value of LENGTHS) {
    assert.equal(transfer(gob.uint64(), value, gob.uint64()), value);
    assert.equal(
      BigInt(transfer(gob.uint64(), value, gob.uint({ as: "safe" }))),
      value,
      "and as whatever fits",
    );
  }
});

test("TestIntCodec: [GOB-2] signed integers of every length and sign come back", () => {
  for (const value of LENGTHS.filter((of) => of < 1n << 63n)) {
    for (const of of [value, -value, ~value]) {
      assert.equal(transfer(gob.int64(), of, gob.int64()), of);
    }
  }
  // The only number whose negative does not fit.
  assert.equal(transfer(gob.int64(), -(1n << 63n), gob.int64()), -(1n << 63n));
});

/** A struct in which only the seventh field is not zero: its delta is 07. */
const seventh = (schema: gob.AnySchema) =>
  gob.struct("Seven", {
    A: gob.bool(),
    B: gob.bool(),
    C: gob.bool(),
    D: gob.bool(),
    E: gob.bool(),
    F: gob.bool(),
    G: schema,
  });
const NONE = { A: false, B: false, C: false, D: false, E: false, F: false };

/** The schema and the value of the field, and its bytes. */
const SCALARS: readonly [gob.AnySchema, unknown, string][] = [
  [gob.bool(), true, "0701"],
  [gob.int(), 17, "0722"],
  [gob.uint(), 17, "0711"],
  [gob.int8(), 17, "0722"],
  [gob.uint8(), 17, "0711"],
  [gob.int16(), 17, "0722"],
  [gob.uint16(), 17, "0711"],
  [gob.int32(), 17, "0722"],
  [gob.uint32(), 17, "0711"],
  [gob.uintptr(), 17n, "0711"],
  [gob.int64(), 17n, "0722"],
  [gob.uint64(), 17n, "0711"],
  [gob.float32(), 17, "07fe3140"],
  [gob.float64(), 17, "07fe3140"],
  [gob.complex64(), { re: 17, im: 19 }, "07fe3140fe3340"],
  [gob.complex128(), { re: 17, im: 19 }, "07fe3140fe3340"],
  [gob.bytes(), Uint8Array.from(Buffer.from("hello")), "070568656c6c6f"],
  [gob.string(), "hello", "070568656c6c6f"],
];

/** The message of a value of type 64. */
function valueMessage(field: string): string {
  const body = `ff80${field}00`;
  return (body.length / 2).toString(16).padStart(2, "0") + body;
}

test("TestScalarEncInstructions: [GOB-13] each scalar kind has Go's bytes in a field", () => {
  for (const [schema, value, field] of SCALARS) {
    const encoder = new gob.Encoder();
    const Seven = seventh(schema);
    encoder.encode(Seven, { ...NONE, G: value } as never);
    const again = encoder.encode(Seven, { ...NONE, G: value } as never);
    assert.equal(hex(again), valueMessage(field), schema.kind);
  }
});

test("TestScalarDecInstructions: [GOB-13] each scalar kind is read from Go's bytes", () => {
  for (const [schema, value, field] of SCALARS) {
    const Seven = seventh(schema);
    const pipe = new Pipe();
    pipe.send(Seven, { ...NONE, G: value } as never);
    pipe.receive(Seven);
    pipe.decoder.push(unhex(valueMessage(field)));
    assert.deepEqual(whole(pipe.decoder.tryDecode(Seven)), { ...NONE, G: value }, schema.kind);
  }
});

test("TestEndToEnd: [GOB-13] [GOB-19] a struct of everything comes back equal", () => {
  const T2 = gob.struct("T2", { T: gob.string() });
  const T3 = gob.struct("T3", { X: gob.float64(), Z: gob.optional(gob.int()) });
  const float = gob.optional(gob.float64());
  const T1 = gob.struct("T1", {
    A: gob.int(),
    B: gob.int(),
    C: gob.int(),
    M: gob.map(gob.string(), float),
    M2: gob.map(gob.int(), T3),
    Mstring: gob.map(gob.string(), gob.string()),
    Mintptr: gob.map(gob.int(), gob.optional(gob.int())),
    Mcomp: gob.map(gob.complex128(), gob.complex128()),
    Marr: gob.map(gob.array(2, gob.string()), gob.array(2, float)),
    EmptyMap: gob.map(gob.string(), gob.int()),
    N: gob.optional(gob.array(3, gob.float64())),
    Strs: gob.optional(gob.array(2, gob.string())),
    Int64s: gob.optional(gob.slice(gob.int64())),
    RI: gob.complex64(),
    S: gob.string(),
    Y: gob.bytes(),
    T: gob.optional(T2),
  });
  const value: gob.Out<typeof T1> = {
    A: 17,
    B: 18,
    C: -5,
    M: new Map([
      ["pi", 3.25],
      ["e", 2.75],
    ]),
    M2: new Map([
      [4, { X: 3.25, Z: 42 }],
      [10, { X: 2.75, Z: 5 }],
    ]),
    Mstring: new Map([
      ["pi", "3.14"],
      ["e", "2.71"],
    ]),
    Mintptr: new Map([
      [42, 5],
      [5, 42],
    ]),
    Mcomp: new Map([
      [
        { re: 1, im: 1 },
        { re: 1, im: 1 },
      ],
    ]),
    Marr: new Map([
      [
        ["string1", "string2"],
        [3.25, 2.75],
      ],
      [
        ["string2", "string1"],
        [2.75, 2],
      ],
    ]),
    EmptyMap: new Map(),
    N: [1.5, 2.5, 3.5],
    Strs: ["string1", "string2"],
    Int64s: [77n, 89n, 123_412_342_134n],
    RI: { re: 17, im: -23 },
    S: "Now is the time",
    Y: Uint8Array.from(Buffer.from("hello, sailor")),
    T: { T: "this is T2" },
  };
  const out = transfer(T1, value, T1);
  assert.deepEqual(out, value);
  // An empty map is not nil. A receiver with an optional field sees the difference.
  const Maybe = gob.struct("T1", { EmptyMap: gob.optional(gob.map(gob.string(), gob.int())) });
  assert.deepEqual(transfer(T1, value, Maybe), { EmptyMap: new Map() });
});

const Input = gob.struct("inputT", {
  Maxi: gob.int64(),
  Mini: gob.int64(),
  Maxu: gob.uint64(),
  Maxf: gob.float64(),
  Minf: gob.float64(),
  Maxc: gob.complex128(),
  Minc: gob.complex128(),
});
const ZERO = { Maxi: 0n, Mini: 0n, Maxu: 0n, Maxf: 0, Minf: 0 };
const NO_COMPLEX = { Maxc: { re: 0, im: 0 }, Minc: { re: 0, im: 0 } };
const MAX_FLOAT32 = 3.4028234663852886e38;

test("TestOverflow: [GOB-22] what the receiver's type cannot hold is named, and the stream goes on", () => {
  const far = { re: MAX_FLOAT32 * 2, im: MAX_FLOAT32 * 2 };
  const cases: [gob.AnySchema, string, unknown][] = [
    [gob.int8(), "Maxi", 128n],
    [gob.int8(), "Mini", -129n],
    [gob.int16(), "Maxi", 32_768n],
    [gob.int16(), "Mini", -32_769n],
    [gob.int32(), "Maxi", 2n ** 31n],
    [gob.int32(), "Mini", -(2n ** 31n) - 1n],
    [gob.uint8(), "Maxu", 256n],
    [gob.uint16(), "Maxu", 65_536n],
    [gob.uint32(), "Maxu", 2n ** 32n],
    [gob.float32(), "Maxf", MAX_FLOAT32 * 2],
    [gob.float32(), "Minf", -MAX_FLOAT32 * 2],
    [gob.complex64(), "Maxc", far],
    [gob.complex64(), "Minc", { re: 0, im: -MAX_FLOAT32 * 2 }],
  ];
  const pipe = new Pipe();
  for (const [schema, name, value] of cases) {
    const Output = gob.struct("out", { [name]: schema });
    pipe.send(Input, { ...ZERO, ...NO_COMPLEX, [name]: value });
    assert.throws(() => pipe.receive(Output), {
      code: "out-of-range",
      message: new RegExp(`value for "${name}" out of range`),
    });
  }
  pipe.send(Input, { ...ZERO, ...NO_COMPLEX, Maxi: 127n, Mini: -128n });
  const Fits = gob.struct("outi8", { Maxi: gob.int8(), Mini: gob.int8() });
  assert.deepEqual(pipe.receive(Fits), { Maxi: 127, Mini: -128 });
});
