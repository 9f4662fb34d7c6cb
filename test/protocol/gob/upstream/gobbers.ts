/** The types of Go's gobencdec_test.go that encode themselves, as schemas. */
import assert from "node:assert/strict";
import * as gob from "goplug/gob";

const toBytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

/** Sends three bytes that count up, and takes any number of them, but at least one. */
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
/** Sends its text. */
export const StringStruct = gob.marshaler({
  name: "main.StringStruct",
  encode: toBytes,
  decode: (bytes) => Buffer.from(bytes).toString(),
  zero: () => "",
});
/** Sends its 8192 bytes. */
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
/** Strings whose methods are on the value: a field with the empty string is left out. */
const valueGobber = (name: string, form: gob.MarshalerForm) =>
  gob.marshaler({
    name,
    form,
    encode: (value: string) => toBytes(`VALUE=${value}`),
    decode: afterEqualSign,
    zero: () => "",
    isZero: (value) => value === "",
  });

/** Has GobEncode on the pointer. */
export const Gobber = gobber("main.Gobber", "gob");
/** Has MarshalBinary on the pointer. */
export const BinaryGobber = gobber("main.BinaryGobber", "binary");
/** Has MarshalText, which gob does not use: it is sent as its underlying type. */
export const TextGobber = gob.named("main.TextGobber", gob.int());
/** Has GobEncode on the value. */
export const ValueGobber = valueGobber("main.ValueGobber", "gob");
/** Has MarshalBinary on the value. */
export const BinaryValueGobber = valueGobber("main.BinaryValueGobber", "binary");
/** Has MarshalText, which gob does not use. */
export const TextValueGobber = gob.named("main.TextValueGobber", gob.string());
