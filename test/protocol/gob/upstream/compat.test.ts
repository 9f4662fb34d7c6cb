/** From Go's codec_test.go and encoder_test.go: which types fit which. Pointers, fields, wrong types. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "goplug/gob";
import { decode, hex } from "../helpers.js";
import { Pipe, transfer } from "./pipe.js";

const ptr = gob.optional;

test("TestNesting: [GOB-13] a struct behind a pointer in itself comes back", () => {
  const RT = gob.struct("RT", {
    A: gob.string(),
    get Next() {
      return ptr(RT);
    },
  });
  const pipe = new Pipe();
  const value = { A: "level1", Next: { A: "level2" } };
  assert.equal(
    hex(pipe.send(RT, value)),
    "1f7f03010102525401ff80000102010141010c0001044e65787401ff8000000015ff8001066c6576656c310101066c6576656c320000",
  );
  assert.deepEqual(pipe.receive(RT), value);
});

const T0 = gob.struct("T0", { A: gob.int(), B: gob.int(), C: gob.int(), D: gob.int() });
const T1 = gob.struct("T1", {
  A: gob.int(),
  B: ptr(gob.int()),
  C: ptr(ptr(gob.int())),
  D: ptr(ptr(ptr(gob.int()))),
});
const T2 = gob.struct("T2", {
  A: ptr(ptr(ptr(gob.int()))),
  B: ptr(ptr(gob.int())),
  C: ptr(gob.int()),
  D: gob.int(),
});

test("TestAutoIndirection: [GOB-11] pointers are not on the wire, however many there are", () => {
  const value = { A: 17, B: 177, C: 1777, D: 17_777 };
  assert.equal(
    hex(new Pipe().send(T1, value)),
    "277f03010102543101ff80000104010141010400010142010400010143010400010144010400000011ff80012201fe016201fe0de201fe8ae200",
  );
  assert.equal(
    hex(new Pipe().send(T2, value)),
    "277f03010102543201ff80000104010141010400010142010400010143010400010144010400000011ff80012201fe016201fe0de201fe8ae200",
  );
  assert.deepEqual(transfer(T1, value, T0), value);
  assert.deepEqual(transfer(T2, value, T0), value);
  assert.deepEqual(transfer(T0, value, T1), value);
  assert.deepEqual(transfer(T0, value, T2), value);
  // Decoded into a value that exists.
  const into = { A: 0, B: 0, C: 0, D: 0 };
  assert.equal(transfer(T0, value, T2, into), into);
  assert.deepEqual(into, value);
});

test("TestReorderedFields: [GOB-23] fields are matched by name, and one too many is zero", () => {
  const RT0 = gob.struct("RT0", { A: gob.int(), B: gob.string(), C: gob.float64() });
  const RT1 = gob.struct("RT1", {
    C: gob.float64(),
    B: gob.string(),
    A: gob.int(),
    NotSet: gob.string(),
  });
  const out = transfer(RT0, { A: 17, B: "hello", C: 3.25 }, RT1);
  assert.deepEqual(out, { C: 3.25, B: "hello", A: 17, NotSet: "" });
});

test("TestIgnoredFields: [GOB-30] fields of every kind that the receiver lacks are skipped", () => {
  const RT1 = gob.struct("RT1", {
    C: gob.float64(),
    B: gob.string(),
    A: gob.int(),
    NotSet: gob.string(),
  });
  const IT0 = gob.struct("IT0", {
    A: gob.int64(),
    B: gob.string(),
    Ignore_d: gob.slice(gob.int()),
    Ignore_e: gob.array(3, gob.float64()),
    Ignore_f: gob.bool(),
    Ignore_g: gob.string(),
    Ignore_h: gob.bytes(),
    Ignore_i: ptr(RT1),
    Ignore_m: gob.map(gob.string(), gob.int()),
    C: gob.float64(),
  });
  const value = {
    A: 17n,
    B: "hello",
    Ignore_d: [1, 2, 3],
    Ignore_e: [1, 2, 3],
    Ignore_f: true,
    Ignore_g: "pay no attention",
    Ignore_h: Buffer.from("to the curtain"),
    Ignore_i: { C: 3.1, B: "hi", A: 7, NotSet: "hello" },
    Ignore_m: new Map([
      ["one", 1],
      ["two", 2],
    ]),
    C: 3.25,
  };
  const want = { C: 3.25, B: "hello", A: 17, NotSet: "" };
  assert.deepEqual(transfer(IT0, value, RT1), want);
  // Go's bytes of the value, with one entry in the map.
  const go =
    "ff817f0301010349543001ff8000010a010141010400010142010c00010849676e6f72655f6401ff8200010849676e6f72655f6501ff8400010849676e6f72655f66010200010849676e6f72655f67010c00010849676e6f72655f68010a00010849676e6f72655f6901ff8600010849676e6f72655f6d01ff8800010143010800000013ff81020101055b5d696e7401ff8200010400001aff830101010a5b335d666c6f6174363401ff84000108010600002eff850301010352543101ff86000104010143010800010142010c0001014101040001064e6f74536574010c0000001eff870401010e6d61705b737472696e675d696e7401ff8800010c0104000062ff800122010568656c6c6f01030204060103fef03f40fe084001010110706179206e6f20617474656e74696f6e010e746f20746865206375727461696e0101f8cdcccccccccc084001026869010e010568656c6c6f000101036f6e650201fe0a4000";
  const one = { ...value, Ignore_m: new Map([["one", 1]]) };
  assert.equal(hex(new Pipe().send(IT0, one)), go);
  assert.deepEqual(decode(RT1, go), want);
});

test("TestBadRecursiveType: [GOB-31] a pointer to nothing but itself is refused", () => {
  const Rec: gob.AnySchema = ptr(ptr(ptr(gob.lazy(() => Rec))));
  const message = /recursive/;
  const encoder = new gob.Encoder();
  assert.throws(() => encoder.append(Rec, {} as never), { code: "bad-value", message });
  assert.throws(() => encoder.append(Rec, undefined as never), { code: "bad-value", message });
});

test("TestIndirectSliceMapArray: [GOB-11] composites behind pointers fit those that are not", () => {
  const Direct = gob.struct("Direct", {
    A: gob.array(3, gob.int()),
    S: gob.slice(gob.int()),
    M: gob.map(gob.string(), gob.int()),
  });
  const Indirect = gob.struct("Indirect", {
    A: ptr(ptr(ptr(gob.array(3, gob.int())))),
    S: ptr(ptr(ptr(gob.slice(gob.int())))),
    M: ptr(ptr(ptr(ptr(gob.map(gob.string(), gob.int()))))),
  });
  const value = { A: [1, 2, 3], S: [4, 5, 6], M: new Map([["one", 1]]) };
  assert.equal(
    hex(new Pipe().send(Indirect, value)),
    "2a7f03010108496e64697265637401ff8000010301014101ff820001015301ff840001014d01ff8600000016ff81010101065b335d696e7401ff820001040106000013ff83020101055b5d696e7401ff8400010400001eff850401010e6d61705b737472696e675d696e7401ff8600010c0104000014ff8001030204060103080a0c0101036f6e650200",
  );
  assert.deepEqual(transfer(Indirect, value, Direct), value);
  assert.deepEqual(transfer(Direct, value, Indirect), value);
});

test("TestUnexportedFields: [GOB-14] what is not in the schema is neither sent nor touched", () => {
  const U = gob.struct("U", { A: gob.int(), B: gob.string(), D: gob.uint() });
  const pipe = new Pipe();
  const value = { A: 17, B: "hello", c: 3.25, D: 23 };
  assert.equal(
    hex(pipe.send(U, value)),
    "207f030101015501ff80000103010141010400010142010c0001014401060000000eff800122010568656c6c6f011700",
  );
  const into = { A: 0, B: "", c: 1234, D: 0 };
  pipe.receive(U, into);
  assert.deepEqual(into, { ...value, c: 1234 });
  const Lower = gob.struct("U", { c: gob.float64() });
  assert.throws(() => new Pipe().send(Lower, { c: 1 }), { message: /Go does not export c/ });
});

test("TestLocalRemoteTypesMismatch: [GOB-32] a struct without fields is no slice", () => {
  const bytes = "097f030102ff8000000003ff8000";
  assert.throws(() => decode(gob.slice(ptr(gob.empty())), bytes), {
    code: "type-mismatch",
    message: /^gob: decoding into local type \*\[\]\*struct \{\}, received remote type struct/,
  });
});

const ET2 = gob.struct("ET2", { X: gob.string() });
const ET1 = gob.struct("ET1", {
  A: gob.int(),
  Et2: ptr(ET2),
  get Next() {
    return ptr(ET1);
  },
});

test("TestEncoderDecoder: [GOB-9] one pair of ends carries value after value", () => {
  const ET0 = gob.struct("ET0", { A: gob.int(), B: gob.string() });
  const own = new Pipe();
  own.send(ET0, { A: 7, B: "gobs of fun" });
  assert.deepEqual(own.receive(ET0), { A: 7, B: "gobs of fun" });
  assert.equal(own.decoder.bufferedBytes, 0);

  const pipe = new Pipe();
  const value = { A: 7, Et2: { X: "" } };
  const again = "07ff80010e010000";
  const first =
    "297f0301010345543101ff80000103010141010400010345743201ff820001044e65787401ff8000000017ff810301010345543201ff82000101010158010c000000" +
    again;
  for (const bytes of [first, again]) {
    assert.equal(hex(pipe.send(ET1, value)), bytes);
    assert.deepEqual(pipe.receive(ET1), value);
    assert.equal(pipe.decoder.bufferedBytes, 0);
  }
  pipe.send(ET1, value);
  assert.throws(() => pipe.receive(ET2), { code: "type-mismatch" });
});

test("TestWrongTypeDecoder: [GOB-21] [GOB-23] no field in common, another name, another type", () => {
  const value = { A: 7, Et2: { X: "" } };
  assert.throws(() => transfer(ET1, value, ET2), {
    code: "type-mismatch",
    message: /type mismatch: no fields matched compiling decoder for ET2/,
  });
  const ET3 = gob.struct("ET3", {
    A: gob.int(),
    Et2: ptr(ET2),
    get DifferentNext() {
      return ptr(ET1);
    },
  });
  assert.deepEqual(transfer(ET1, value, ET3), value);
  const ET4 = gob.struct("ET4", { A: gob.int(), Et2: gob.float64(), Next: gob.int() });
  assert.throws(() => transfer(ET1, value, ET4), {
    code: "type-mismatch",
    message: /wrong type \(float64\) for received field ET1\.Et2/,
  });
});

test("TestTypeToPtrType: [GOB-11] a struct fits a pointer to one", () => {
  const Type0 = gob.struct("Type0", { A: gob.int() });
  assert.deepEqual(transfer(Type0, { A: 7 }, ptr(Type0)), { A: 7 });
});

test("TestPtrTypeToType: [GOB-11] a pointer to a struct fits one", () => {
  const Type1 = gob.struct("Type1", { A: gob.uint() });
  assert.deepEqual(transfer(ptr(Type1), { A: 17 }, Type1), { A: 17 });
});

test("TestTypeToPtrPtrPtrPtrType: [GOB-11] four pointers are as good as one", () => {
  const Type2 = gob.struct("Type2", { A: ptr(ptr(ptr(ptr(gob.float64())))) });
  const pipe = new Pipe();
  assert.equal(
    hex(pipe.send(Type2, { A: 27.4 })),
    "187f03010105547970653201ff8000010101014101080000000dff8001f86666666666663b4000",
  );
  assert.deepEqual(pipe.receive(ptr(ptr(ptr(ptr(Type2))))), { A: 27.4 });
});

test("TestArray: [GOB-18] [GOB-5] arrays have their length, and bytes in them are numbers", () => {
  const Type5 = gob.struct("Type5", {
    A: gob.array(3, gob.string()),
    B: gob.array(3, gob.uint8()),
  });
  const Type6 = gob.struct("Type6", { A: gob.array(2, gob.string()) });
  const value = { A: ["hello", ",", "world"], B: [1, 2, 3] };
  const pipe = new Pipe();
  assert.equal(
    hex(pipe.send(Type5, value)),
    "207f03010105547970653501ff8000010201014101ff820001014201ff8400000019ff81010101095b335d737472696e6701ff8200010c0106000018ff83010101085b335d75696e743801ff840001060106000018ff8001030568656c6c6f012c05776f726c64010301020300",
  );
  assert.deepEqual(pipe.receive(Type5), value);
  assert.throws(() => transfer(Type5, value, Type6), {
    code: "type-mismatch",
    message: /wrong type \(\[2\]string\) for received field Type5\.A/,
  });
});

test("TestStructNonStruct: [GOB-32] a struct fits no string, nor a string a struct", () => {
  const Struct = gob.struct("Struct", { A: gob.string() });
  const NonStruct = gob.named("main.NonStruct", gob.string());
  assert.deepEqual(transfer(Struct, { A: "hello" }, Struct), { A: "hello" });
  assert.equal(transfer(NonStruct, "hello", NonStruct), "hello");
  const code = "type-mismatch";
  assert.throws(() => transfer(Struct, { A: "hello" }, NonStruct), { code, message: /type/ });
  assert.throws(() => transfer(NonStruct, "hello", Struct), { code, message: /type/ });
});

test("TestSliceIncompatibility: [GOB-22] bytes are no slice of integers", () => {
  assert.throws(() => transfer(gob.bytes(), Buffer.of(1, 2, 3), gob.slice(gob.int())), {
    code: "type-mismatch",
    message: /^gob: decoding into local type \*\[\]int, received remote type bytes/,
  });
});
