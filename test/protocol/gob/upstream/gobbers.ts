/** The types with methods of Go's gobencdec_test.go, as schemas. */
import assert from "node:assert/strict";
import * as gob from "goplug/gob";

const toBytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

/** Go's example types send three bytes in a row, and take any number of them. */
export const ByteStruct = gob.marshaler({
  name: "main.ByteStruct",
  encode: (a: number) => Uint8Array.of(a, a + 1, a + 2),
  decode: (bytes) => {
    if (bytes.length === 0) throw new Error("no bytes");
    if (bytes.some((byte, i) => byte !== bytes[0]! + i)) throw new Error("not in a row");
    return bytes[0]!;
  },
  zero: () => 0,
});
export const StringStruct = gob.marshaler({
  name: "main.StringStruct",
  encode: toBytes,
  decode: (bytes) => Buffer.from(bytes).toString(),
  zero: () => "",
});
export const ArrayStruct = gob.marshaler({
  name: "main.ArrayStruct",
  encode: (bytes: Uint8Array) => bytes,
  decode: (bytes) => bytes,
  zero: () => new Uint8Array(8192),
});

const afterEqualSign = (bytes: Uint8Array): string =>
  /^VALUE=(.*)$/.exec(Buffer.from(bytes).toString())?.[1] ?? assert.fail("no VALUE");

/** Numbers whose methods are on the pointer. */
const gobber = (name: string, form: gob.MarshalerForm) =>
  gob.marshaler({
    name,
    form,
    encode: (value: number) => toBytes(`VALUE=${value}`),
    decode: (bytes) => Number(afterEqualSign(bytes)),
    zero: () => 0,
  });
/** Strings whose methods are on the value, so that a field with the empty one is left out. */
const valueGobber = (name: string, form: gob.MarshalerForm) =>
  gob.marshaler({
    name,
    form,
    encode: (value: string) => toBytes(`VALUE=${value}`),
    decode: afterEqualSign,
    zero: () => "",
    isZero: (value) => value === "",
  });

export const Gobber = gobber("main.Gobber", "gob");
export const BinaryGobber = gobber("main.BinaryGobber", "binary");
// Go does not ask for text methods: such a type is sent as what it is made of.
export const TextGobber = gob.named("main.TextGobber", gob.int());
export const ValueGobber = valueGobber("main.ValueGobber", "gob");
export const BinaryValueGobber = valueGobber("main.BinaryValueGobber", "binary");
export const TextValueGobber = gob.named("main.TextValueGobber", gob.string());
