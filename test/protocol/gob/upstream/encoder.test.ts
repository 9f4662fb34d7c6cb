/** From Go's encoder_test.go: whole values, and the nils that are refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "goplug/gob";
import { decode, hex, unhex } from "../helpers.js";
import { Pipe, transfer } from "./pipe.js";

const ptr = gob.optional;
const point = (re: number, im: number) => ({ re, im });

test("TestBasicEncoderDecoder: [GOB-7] a value of each predeclared type at the top", () => {
  const cases: [gob.AnySchema, unknown][] = [
    [gob.bool(), true],
    [gob.int(), 123],
    [gob.int8(), 123],
    [gob.int16(), -12_345],
    [gob.int32(), 123_456],
    [gob.int64(), -1_234_567n],
    [gob.uint(), 123],
    [gob.uint8(), 123],
    [gob.uint16(), 12_345],
    [gob.uint32(), 123_456],
    [gob.uint64(), 1_234_567n],
    [gob.uintptr(), 12_345_678n],
    [gob.float32(), Math.fround(1.2345)],
    [gob.float64(), 1.2345678],
    [gob.complex64(), point(Math.fround(1.2345), Math.fround(2.3456))],
    [gob.complex128(), point(1.2345678, 2.3456789)],
    [gob.bytes(), unhex("68656c6c6f")],
    [gob.string(), "hello"],
  ];
  for (const [schema, value] of cases) {
    assert.deepEqual(transfer(schema, value as never, schema) as unknown, value, schema.kind);
  }
});

test("TestEncodeIntSlice: [GOB-18] slices of signed integers of each width", () => {
  const squares = (from: number) => Array.from({ length: 9 }, (_, i) => from + i * (from + i));
  for (const schema of [gob.int8(), gob.int16(), gob.int32(), gob.int()]) {
    const list = gob.slice(schema);
    const value = squares({ 8: 4, 16: 145, 32: 532, 64: 1162 }[schema.bits]);
    const into = new Array<number>(9).fill(0);
    assert.deepEqual(transfer(list, value, list, into), value, `${schema.bits} bits`);
  }
  const list = gob.slice(gob.int64());
  const value = squares(1162).map(BigInt);
  assert.deepEqual(transfer(list, value, list), value);
});

test("TestUnsupported: [GOB-31] channels and functions have no form", () => {
  const encoder = new gob.Encoder();
  const bad = { code: "bad-value" };
  for (const kind of ["chan", "func"]) {
    assert.throws(() => encoder.append({ kind }, (() => true) as never), bad);
  }
  assert.throws(() => encoder.append(gob.any(), (() => true) as never), {
    ...bad,
    message: /got function/,
  });
  assert.equal(encoder.take().length, 0);
});

test("TestSlice: [GOB-18] a slice of strings in a field", () => {
  const Type3 = gob.struct("Type3", { A: gob.slice(gob.string()) });
  const value = { A: ["hello", "world"] };
  assert.deepEqual(transfer(ptr(Type3), value, Type3), value);
});

test("TestValueError: [GOB-24] only what can be filled can be merged into", () => {
  const Type4 = gob.struct("Type4", { A: gob.int() });
  // @ts-expect-error a number is no Type4
  assert.throws(() => transfer(Type4, { A: 3 }, Type4, 7), { name: "CodecError" });
  assert.deepEqual(transfer(Type4, { A: 3 }, Type4, { A: 7 }), { A: 3 });
});

test("TestRecursiveMapType: [GOB-19] a map of itself, some of them nil", () => {
  type Recursive = ReadonlyMap<string, Recursive>;
  const schema: gob.AnySchema = gob.named(
    "main.recursiveMap",
    gob.map(
      gob.string(),
      gob.lazy(() => schema),
    ),
  );
  const none: Recursive = new Map();
  const one: Recursive = new Map([["A", new Map([["B", none]])]]);
  const pipe = new Pipe();
  const bytes = pipe.send(schema, one as never);
  assert.equal(
    hex(bytes),
    "1c7f0401010c7265637572736976654d617001ff8000010c01ff8000000aff800001014101014200",
  );
  assert.deepEqual(pipe.receive(schema) as unknown, one);
  const more: Recursive = new Map([
    ["A", new Map([["B", none], ["C", none]])], // biome-ignore format: one map, one line
    ["D", none],
  ]);
  assert.deepEqual(transfer(schema, more as never, schema) as unknown, more);
});

test("TestRecursiveSliceType: [GOB-18] a slice of itself", () => {
  const schema: gob.AnySchema = gob.named("main.recursiveSlice", gob.slice(gob.lazy(() => schema)));
  const pipe = new Pipe();
  const bytes = pipe.send(schema, [[[]], []] as never);
  assert.equal(
    hex(bytes),
    "1c7f0201010e726563757273697665536c69636501ff800001ff80000007ff800002010000",
  );
  assert.deepEqual(pipe.receive(schema) as unknown, [[[]], []]);
});

test("TestDefaultsInArray: [GOB-15] zeros in slices are sent", () => {
  const Type7 = gob.struct("Type7", {
    B: gob.slice(gob.bool()),
    I: gob.slice(gob.int()),
    S: gob.slice(gob.string()),
    F: gob.slice(gob.float64()),
  });
  const value = {
    B: [false, false, true],
    I: [0, 0, 1],
    S: ["hi", "", "there"],
    F: [0, 0, 1],
  };
  const pipe = new Pipe();
  assert.equal(
    hex(pipe.send(Type7, value)),
    "2e7f03010105547970653701ff8000010401014201ff820001014901ff840001015301ff860001014601ff8800000014ff81020101065b5d626f6f6c01ff82000102000013ff83020101055b5d696e7401ff84000104000016ff85020101085b5d737472696e6701ff8600010c000017ff87020101095b5d666c6f6174363401ff88000108000020ff800103000001010300000201030268690005746865726501030000fef03f00",
  );
  assert.deepEqual(pipe.receive(Type7), value);
});

test("TestSingletons: [GOB-7] values that are no structs, one after the other", () => {
  const pipe = new Pipe();
  const both = <S extends gob.AnySchema>(schema: S, value: gob.In<S>): void => {
    pipe.send(schema, value);
    assert.deepEqual(pipe.receive(schema) as unknown, value);
  };
  both(gob.int(), 17);
  both(gob.float32(), 17.5);
  both(gob.string(), "bike shed");
  both(gob.slice(gob.string()), ["bike", "shed", "paint", "color"]);
  both(
    gob.map(gob.string(), gob.int()),
    new Map([
      ["seven", 7],
      ["twelve", 12],
    ]),
  );
  both(gob.array(7, gob.int()), [4, 55, 0, 0, 0, 0, 0]);
  both(gob.array(7, gob.int()), [4, 55, 1, 44, 22, 66, 1234]);
  pipe.send(gob.int(), 172);
  assert.throws(() => pipe.receive(gob.float32()), { code: "type-mismatch", message: /type/ });
});

test("TestMapBug1: [GOB-11] the struct in a map is defined with the map", () => {
  const Elem = gob.struct("Bug1Elem", { Name: gob.string(), Id: gob.int() });
  const StructMap = gob.named("main.Bug1StructMap", gob.map(gob.string(), Elem));
  const pipe = new Pipe();
  const value = new Map([["val1", { Name: "elem1", Id: 1 }]]);
  assert.equal(
    hex(pipe.send(StructMap, value)),
    "1eff810401010d427567315374727563744d617001ff8200010c01ff8000001b7f030102ff8000010201044e616d65010c0001024964010400000013ff8200010476616c310105656c656d31010200",
  );
  assert.deepEqual(pipe.receive(StructMap), value);
  value.set("val2", { Name: "elem2", Id: 2 });
  pipe.send(StructMap, value);
  assert.deepEqual(pipe.receive(StructMap), value);
});

test("TestSliceReusesMemory: [GOB-24] a slice that is long enough is used again, bytes are not", () => {
  const runes = gob.slice(gob.int32());
  const into = [..."ABCDE"].map((letter) => letter.codePointAt(0)!);
  const want = [..."abcd"].map((letter) => letter.codePointAt(0)!);
  assert.equal(transfer(runes, want, runes, into), into);
  assert.deepEqual(into, want);
  // Decoded bytes are always a new array, where Go reuses the receiver's.
  const old = unhex("4142434445");
  assert.deepEqual(transfer(gob.bytes(), unhex("61626364"), gob.bytes(), old), unhex("61626364"));
  assert.deepEqual(old, unhex("4142434445"));
});

test("TestSequentialDecoder: [GOB-8] without definitions any decoder can take over", () => {
  const encoder = new gob.Encoder();
  for (let i = 0; i < 10; i++) encoder.append(gob.string(), `${i}`);
  let rest = encoder.take();
  for (let i = 0; i < 10; i++) {
    const decoder = new gob.Decoder();
    decoder.push(rest);
    assert.equal(decoder.tryDecode(gob.string()), `${i}`);
    rest = rest.subarray(rest.length - decoder.bufferedBytes);
  }
  assert.equal(rest.length, 0);
});

test("TestChanFuncIgnored: [GOB-14] Go's struct with channels and functions is one without", () => {
  const Bug2 = gob.struct("Bug2", { A: gob.int() });
  const go = "177f030101044275673201ff80000101010141010400000005ff80012e00";
  assert.equal(hex(new Pipe().send(Bug2, { A: 23 })), go);
  assert.deepEqual(decode(Bug2, go), { A: 23 });
});

test("TestGobPtrSlices: [GOB-15] a slice of pointers to structs that hold such slices", () => {
  const Bug3 = gob.struct("Bug3", {
    Num: gob.int(),
    get Children() {
      return gob.slice(ptr(Bug3));
    },
  });
  const pipe = new Pipe();
  const value = [
    { Num: 1, Children: [] },
    { Num: 2, Children: [] },
  ];
  assert.equal(
    hex(pipe.send(ptr(gob.slice(ptr(Bug3))), value)),
    "0dff81020102ff820001ff800000217f030102ff8000010201034e756d01040001084368696c6472656e01ff820000000aff820002010200010400",
  );
  assert.deepEqual(pipe.receive(gob.slice(ptr(Bug3))), value);
});

const refuses = (schema: gob.AnySchema, value: unknown, message: RegExp): void => {
  const encoder = new gob.Encoder();
  const want = { code: "bad-value", message };
  assert.throws(() => encoder.append(schema, value as never), want, schema.kind);
  assert.equal(encoder.take().length, 0);
};

test("TestCatchInvalidNilValue: [GOB-31] nil is an error for every type but interfaces", () => {
  const Empty = gob.struct("T", {});
  for (const schema of [gob.int(), gob.string(), gob.bytes(), Empty, gob.time()]) {
    for (const nil of [null, undefined]) refuses(schema, nil, new RegExp(`got ${nil}`));
  }
});

test("TestTopLevelNilPointer: [GOB-31] a nil pointer at the top is an error in Go's words", () => {
  refuses(ptr(gob.int()), undefined, /^gob: cannot encode nil pointer of type \*int$/);
});

test("TestNilPointerPanics: [GOB-31] pointers must not be nil at the top; zeros may stand there", () => {
  const intMap = gob.map(gob.int(), gob.int());
  const strings = gob.slice(gob.string());
  for (const schema of [gob.string(), intMap, strings]) {
    refuses(ptr(schema), undefined, /cannot encode nil pointer/);
  }
  assert.deepEqual(transfer(intMap, new Map(), intMap), new Map());
  assert.deepEqual(transfer(ptr(intMap), new Map(), intMap), new Map());
  assert.equal(transfer(gob.int(), 0, gob.int()), 0);
  assert.deepEqual(transfer(strings, [], strings), []);
  assert.deepEqual(transfer(strings, [""], strings), [""]);
});

test("TestMultipleEncodingsOfBadType: [GOB-31] a struct that was refused is refused again", () => {
  const Secret = gob.struct("Bug4Secret", { a: gob.int() });
  const Public = gob.struct("Bug4Public", { Name: gob.string(), Secret });
  const value = { Name: "name", Secret: { a: 1 } };
  for (let i = 0; i < 2; i++) refuses(Public, value, /Go does not export a/);
});
