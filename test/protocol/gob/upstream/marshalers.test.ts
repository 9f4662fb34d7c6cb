/** From Go's gobencdec_test.go: types that encode themselves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "goplug/gob";
import { decode, hex, unhex } from "../helpers.js";
import {
  ArrayStruct,
  BinaryGobber,
  BinaryValueGobber,
  ByteStruct,
  Gobber,
  StringStruct,
  TextGobber,
  TextValueGobber,
  ValueGobber,
} from "./gobbers.js";
import { Pipe, transfer } from "./pipe.js";

const ptr = gob.optional;
const X = gob.int();
const GobTest0 = gob.struct("GobTest0", { X, G: ptr(ByteStruct) });
const GobTest1 = gob.struct("GobTest1", { X, G: ptr(StringStruct) });
const GobTest2 = gob.struct("GobTest2", { X, G: gob.string() });
const GobTest3 = gob.struct("GobTest3", {
  X,
  G: ptr(Gobber),
  B: ptr(BinaryGobber),
  T: ptr(TextGobber),
});
const Ignore = gob.struct("GobTestIgnoreEncoder", { X });
const A = "A".charCodeAt(0);

test("TestGobEncoderField: [GOB-16] fields behind pointers, made of a struct and of numbers", () => {
  const pipe = new Pipe();
  assert.equal(
    hex(pipe.send(GobTest0, { X: 17, G: A })),
    "227f03010108476f62546573743001ff8000010201015801040001014701ff820000000aff81050102ff840000000aff800122010341424300",
  );
  assert.deepEqual(pipe.receive(GobTest0), { X: 17, G: A });
  const value = { X: 17, G: 23, B: 24, T: 25 };
  assert.equal(
    hex(pipe.send(GobTest3, value)),
    "30ff8503010108476f62546573743301ff8600010401015801040001014701ff880001014201ff8a0001015401040000000aff87050102ff8c0000000aff89060102ff8e0000001bff860122010856414c55453d3233010856414c55453d3234013200",
  );
  assert.deepEqual(pipe.receive(GobTest3), value);
});

test("TestGobEncoderValueField: [GOB-16] a field that is the value itself", () => {
  const Holder = gob.struct("GobTestValueEncDec", { X, G: StringStruct });
  const pipe = new Pipe();
  assert.equal(
    hex(pipe.send(Holder, { X: 17, G: "HIJKL" })),
    "2c7f03010112476f625465737456616c7565456e6344656301ff8000010201015801040001014701ff8200000018ff810501010c537472696e6753747275637401ff820000000cff800122010548494a4b4c00",
  );
  assert.deepEqual(pipe.receive(Holder), { X: 17, G: "HIJKL" });
});

test("TestGobEncoderIndirectField: [GOB-16] a field behind more pointers than the method", () => {
  const Holder = gob.struct("GobTestIndirectEncDec", { X, G: ptr(ptr(ptr(StringStruct))) });
  const pipe = new Pipe();
  assert.equal(
    hex(pipe.send(Holder, { X: 17, G: "HIJKL" })),
    "2f7f03010115476f6254657374496e646972656374456e6344656301ff8000010201015801040001014701ff820000000aff81050102ff840000000cff800122010548494a4b4c00",
  );
  assert.deepEqual(pipe.receive(Holder), { X: 17, G: "HIJKL" });
});

const large = Uint8Array.from({ length: 8192 }, (_, i) => i);

test("TestGobEncoderArrayField: [GOB-16] a large field", () => {
  const Holder = gob.struct("GobTestArrayEncDec", { X, A: ArrayStruct });
  assert.deepEqual(transfer(Holder, { X: 17, A: large }, Holder), { X: 17, A: large });
});

test("TestGobEncoderIndirectArrayField: [GOB-16] a large field behind pointers", () => {
  const Holder = gob.struct("GobTestIndirectArrayEncDec", { X, A: ptr(ptr(ptr(ArrayStruct))) });
  assert.deepEqual(transfer(Holder, { X: 17, A: large }, Holder), { X: 17, A: large });
});

test("TestGobEncoderFieldsOfDifferentType: [GOB-16] bytes of one type are given to another", () => {
  const pipe = new Pipe();
  const first = hex(pipe.send(GobTest1, { X: 17, G: "ABC" }));
  assert.deepEqual(pipe.receive(GobTest0), { X: 17, G: A });
  const second = hex(pipe.send(GobTest0, { X: 17, G: "X".charCodeAt(0) }));
  assert.deepEqual(pipe.receive(GobTest1), { X: 17, G: "XYZ" });
  assert.equal(
    first + second,
    "227f03010108476f62546573743101ff8000010201015801040001014701ff820000000aff81050102ff840000000aff80012201034142430023ff8503010108476f62546573743001ff8600010201015801040001014701ff880000000aff87050102ff8a0000000aff860122010358595a00",
  );
  pipe.send(GobTest1, { X: 17, G: "no row" });
  assert.throws(() => pipe.receive(GobTest0), { code: "codec-failed", message: /not in a row/ });
});

test("TestGobEncoderValueEncoder: [GOB-16] values are sent and pointers received", () => {
  const GobTest4 = gob.struct("GobTest4", {
    X,
    V: ValueGobber,
    BV: BinaryValueGobber,
    TV: TextValueGobber,
  });
  const GobTest5 = gob.struct("GobTest5", {
    X,
    V: ptr(ValueGobber),
    BV: ptr(BinaryValueGobber),
    TV: ptr(TextValueGobber),
  });
  const value = { X: 17, V: "hello", BV: "Καλημέρα", TV: "こんにちは" };
  const pipe = new Pipe();
  assert.equal(
    hex(pipe.send(GobTest4, value)),
    "317f03010108476f62546573743401ff8000010401015801040001015601ff82000102425601ff840001025456010c00000017ff810501010b56616c7565476f6262657201ff820000001dff830601011142696e61727956616c7565476f6262657201ff840000003bff800122010b56414c55453d68656c6c6f011656414c55453dce9aceb1cebbceb7cebcceadcf81ceb1010fe38193e38293e381abe381a1e381af00",
  );
  assert.deepEqual(pipe.receive(GobTest5), value);
});

const VALUE = {
  X: 42,
  V: "forty-two",
  W: "six-by-nine",
  BV: "1nanocentury",
  BW: "πseconds",
  TV: "gravitationalacceleration",
  TW: "π²ft/s²",
};

test("TestGobEncoderValueThenPointer: [GOB-12] [GOB-16] one definition, with the name", () => {
  const GobTest6 = gob.struct("GobTest6", {
    X,
    V: ValueGobber,
    W: ptr(ValueGobber),
    BV: BinaryValueGobber,
    BW: ptr(BinaryValueGobber),
    TV: TextValueGobber,
    TW: ptr(TextValueGobber),
  });
  const pipe = new Pipe();
  assert.equal(
    hex(pipe.send(GobTest6, VALUE)),
    "477f03010108476f62546573743601ff8000010701015801040001015601ff820001015701ff82000102425601ff84000102425701ff840001025456010c0001025457010c00000017ff810501010b56616c7565476f6262657201ff820000001dff830601011142696e61727956616c7565476f6262657201ff8400000075ff800154010f56414c55453d666f7274792d74776f011156414c55453d7369782d62792d6e696e65011256414c55453d316e616e6f63656e74757279010f56414c55453dcf807365636f6e647301196772617669746174696f6e616c616363656c65726174696f6e010acf80c2b266742f73c2b200",
  );
  assert.deepEqual(pipe.receive(GobTest6), VALUE);
});

test("TestGobEncoderPointerThenValue: [GOB-12] [GOB-16] one definition, without the name", () => {
  const GobTest7 = gob.struct("GobTest7", {
    X,
    V: ptr(ValueGobber),
    W: ValueGobber,
    BV: ptr(BinaryValueGobber),
    BW: BinaryValueGobber,
    TV: ptr(TextValueGobber),
    TW: TextValueGobber,
  });
  const pipe = new Pipe();
  assert.equal(
    hex(pipe.send(GobTest7, VALUE)),
    "477f03010108476f62546573743701ff8000010701015801040001015601ff820001015701ff82000102425601ff84000102425701ff840001025456010c0001025457010c0000000aff81050102ff860000000aff83060102ff8800000075ff800154010f56414c55453d666f7274792d74776f011156414c55453d7369782d62792d6e696e65011256414c55453d316e616e6f63656e74757279010f56414c55453dcf807365636f6e647301196772617669746174696f6e616c616363656c65726174696f6e010acf80c2b266742f73c2b200",
  );
  assert.deepEqual(pipe.receive(GobTest7), VALUE);
});

test("TestGobEncoderFieldTypeError: [GOB-16] [GOB-22] bytes of methods are no string, nor one them", () => {
  const code = "type-mismatch";
  const pipe = new Pipe();
  pipe.send(GobTest1, { X: 17, G: "ABC" });
  assert.throws(() => pipe.receive(GobTest2), {
    code,
    message: /wrong type \(string\) for received field GobTest1\.G/,
  });
  pipe.send(GobTest2, { X: 17, G: "ABC" });
  assert.throws(() => pipe.receive(GobTest1), {
    code,
    message: /wrong type \(\*main\.StringStruct\) for received field GobTest2\.G/,
  });
});

test("TestGobEncoderStructSingleton: [GOB-7] at the top a marshaler is no struct", () => {
  const pipe = new Pipe();
  assert.equal(hex(pipe.send(ptr(ByteStruct), A)), "097f050102ff8200000007ff800003414243");
  assert.equal(pipe.receive(ByteStruct), A);
});

test("TestGobEncoderNonStructSingleton: [GOB-7] at the top, made of a number", () => {
  const pipe = new Pipe();
  assert.equal(
    hex(pipe.send(ptr(Gobber), 1234)),
    "097f050102ff820000000eff80000a56414c55453d31323334",
  );
  assert.equal(pipe.receive(Gobber), 1234);
});

test("TestGobEncoderIgnoreStructField: [GOB-30] skipped, made of a struct", () => {
  assert.deepEqual(transfer(GobTest0, { X: 17, G: A }, Ignore), { X: 17 });
});

test("TestGobEncoderIgnoreNonStructField: [GOB-30] skipped, made of numbers", () => {
  assert.deepEqual(transfer(GobTest3, { X: 17, G: 23, B: 24, T: 25 }, Ignore), { X: 17 });
});

test("TestGobEncoderIgnoreNilEncoder: [GOB-15] a nil pointer is left out", () => {
  const pipe = new Pipe();
  assert.equal(
    hex(pipe.send(GobTest0, { X: 18 })),
    "227f03010108476f62546573743001ff8000010201015801040001014701ff820000000aff81050102ff8400000005ff80012400",
  );
  assert.deepEqual(pipe.receive(GobTest0), { X: 18 });
});

test("TestGobEncoderExtraIndirect: [GOB-16] received behind one pointer more", () => {
  assert.equal(transfer(ptr(StringStruct), "foo-bar", ptr(ptr(StringStruct))), "foo-bar");
});

test("TestGobEncodeIsZero: [GOB-15] zeros of times, arrays and structs with methods", () => {
  const Array2 = gob.marshaler({
    name: "main.isZeroBugArray",
    encode: (value: readonly number[]) => Uint8Array.from(value),
    decode: (bytes) => [...bytes],
    zero: () => [0, 0],
    isZero: (value) => value.every((of) => of === 0),
    underlying: gob.array(2, gob.uint8()),
  });
  const Interface = gob.marshaler({
    name: "main.isZeroBugInterface",
    encode: () => new Uint8Array(0),
    decode: () => ({ I: null }),
    zero: () => ({ I: null }),
    isZero: ({ I }: { I: null }) => I === null,
    underlying: gob.struct("", { I: gob.any() }),
  });
  const Bug = gob.struct("isZeroBug", {
    T: gob.time(),
    S: gob.string(),
    I: gob.int(),
    A: Array2,
    F: Interface,
  });
  const at = new gob.Time({ unixSeconds: 1_000_000_000n, nanoseconds: 0 });
  const pipe = new Pipe();
  const value = { T: at, S: "hello", I: -55, A: [1, 2], F: { I: null } };
  assert.equal(
    hex(pipe.send(Bug, value)),
    "377f0301010969735a65726f42756701ff8000010501015401ff8200010153010c0001014901040001014101ff840001014601ff8600000010ff810501010454696d6501ff820000001aff830501010e69735a65726f427567417272617901ff840000001eff850501011269735a65726f427567496e7465726661636501ff8600000021ff80010f010000000eb32cc10000000000ffff010568656c6c6f016d0102010200",
  );
  assert.deepEqual(pipe.receive(Bug), value);
});

test("TestGobEncodePtrError: [GOB-24] [GOB-25] a nil error takes the place of another", () => {
  const pipe = new Pipe();
  assert.equal(hex(pipe.send(gob.any(), null)), "03100000");
  assert.equal(pipe.receive(gob.any(), new Error("foo")), null);
});

test("TestNetIP: [GOB-36] an address from before it had methods", () => {
  const bytes = "070a000401020304";
  assert.equal(decode(gob.ip(), bytes), "1.2.3.4");
  assert.deepEqual(decode(gob.bytes(), bytes), unhex("01020304"));
});

test("TestIgnoreDepthLimit: [GOB-30] [GOB-33] skipped values nest as deep as the limit", () => {
  const Output = gob.struct("", { Hello: gob.int() });
  const want = { code: "limit", message: /invalid nesting depth/ };
  let list: gob.AnySchema = gob.array(1, gob.int());
  let numbers: unknown = [1];
  let struct: gob.AnySchema = gob.struct("", { F: gob.int() });
  let fields: unknown = { F: 1 };
  for (let i = 0; i < 100; i++) {
    list = gob.array(1, list);
    numbers = [numbers];
    struct = gob.struct("", { F: struct });
    fields = { F: fields };
  }
  for (const [schema, value] of [
    [list, numbers],
    [struct, fields],
  ] as const) {
    const Nested = gob.struct("", { Hello: gob.int(), F: schema });
    const bytes = new gob.Encoder().encode(Nested, { Hello: 7, F: value } as never);
    const limited = new gob.Decoder({ maxDepth: 100 });
    limited.push(bytes);
    assert.throws(() => limited.tryDecode(Output), want);
    assert.deepEqual(decode(Output, bytes), { Hello: 7 });
  }
});
