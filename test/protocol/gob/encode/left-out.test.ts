/** [GOB-49] A struct without some of its keys, in every place where a struct can stand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bigInt, Decoder, Encoder, Time, time, zero } from "../../../../protocol/gob/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { encode, hex, refusesValue, through, whole } from "../helpers.js";

const Inner = s.struct("Inner", { A: s.int(), B: s.string() });
/** Not `optional`: their keys can be left out all the same. */
const All = s.struct("All", {
  Bool: s.bool(),
  Int: s.int(),
  Big: s.int64(),
  Float: s.float64(),
  Complex: s.complex128(),
  Text: s.string(),
  Raw: s.rawString(),
  Bytes: s.bytes(),
  ByteList: s.slice(s.uint8()),
  List: s.slice(Inner),
  Array: s.array(2, Inner),
  Scalars: s.array(2, s.float32()),
  Lists: s.array(1, s.slice(s.int())),
  Maps: s.array(1, s.map(s.string(), s.int())),
  Anys: s.array(1, s.any()),
  Times: s.array(1, time()),
  Map: s.map(s.string(), Inner),
  Record: s.record(Inner),
  Any: s.any(),
  Dynamic: s.dynamic(),
  Inner,
  Named: s.named("main.Inner", Inner),
  renamed: s.field(
    "Renamed",
    s.lazy(() => Inner),
  ),
  Time: time(),
  Number: bigInt(),
  Pointer: s.optional(Inner),
  Empty: s.empty(),
});

/** The bytes of the `n`th value on one stream: with the loop over fields, and with generated code. */
function bytesOfBoth<S extends s.AnySchema>(schema: S, value: s.In<S>): [string, string] {
  const encoder = new Encoder();
  const first = hex(encoder.encode(schema, value));
  let last = "";
  for (let i = 0; i < 150; i++) last = hex(encoder.encode(schema, value));
  return [first, last];
}

test("[GOB-49] a struct of no keys arrives as the zero of each field", () => {
  assert.deepEqual(through(All, {}, All), zero(All));
  assert.deepEqual(Object.keys(zero(All)).includes("Pointer"), false);
  assert.equal(zero(All).Time.isZero, true);
  assert.equal(zero(All).Number, 0n);
});

test("[GOB-49] what is left out has the bytes of the zero, and an undefined key is left out", () => {
  // A nil map is left out; the zero of the schema is an empty one, which is sent.
  const { Map: _map, Record: _record, Maps: _maps, ...rest } = zero(All);
  const undefinedKeys = Object.fromEntries(Object.keys(zero(All)).map((key) => [key, undefined]));
  const wanted = bytesOfBoth(All, rest as s.In<typeof All>);
  assert.deepEqual(bytesOfBoth(All, {}), wanted);
  assert.deepEqual(bytesOfBoth(All, undefinedKeys), wanted);
  assert.deepEqual(bytesOfBoth(All, Object.create(null)), wanted);
});

test("[GOB-49] fields after a key that is left out keep their places", () => {
  const Five = s.struct("Five", { A: s.int(), B: s.string(), C: s.bool(), D: Inner, E: s.int() });
  const encoder = new Encoder();
  const decoder = new Decoder();
  const values = [{}, { A: 1 }, { B: "x", E: 2 }, { C: true }, { D: {}, E: 1 }, { A: 1, E: 1 }];
  for (let i = 0; i < 300; i++) {
    const value = values[i % values.length]!;
    decoder.push(encoder.encode(Five, value));
    const expected = { ...zero(Five), ...value, D: { A: 0, B: "" } };
    assert.deepEqual(whole(decoder.tryDecode(Five)), expected);
  }
});

test("[GOB-49] keys may be left out in lists, maps, arrays, pointers and interfaces", () => {
  const inner = { A: 0, B: "" };
  assert.deepEqual(through(s.slice(Inner), [{}, { A: 1 }], s.slice(Inner)), [
    inner,
    { A: 1, B: "" },
  ]);
  assert.deepEqual(through(s.array(1, Inner), [{ B: "x" }], s.array(1, Inner)), [{ A: 0, B: "x" }]);
  const map = s.map(s.string(), Inner);
  assert.deepEqual(through(map, new Map([["k", {}]]), map), new Map([["k", inner]]));
  const record = s.record(Inner);
  assert.deepEqual(through(record, { k: {} }, record).k, inner);
  const pointers = s.slice(s.optional(Inner));
  assert.deepEqual(through(pointers, [{}], pointers), [inner]);
  const value = s.value(s.named("main.Inner", Inner), { B: "x" });
  const received = through(s.any(), value, s.dynamic()) as { value: unknown };
  assert.deepEqual(received.value, { A: 0, B: "x" });
});

test("[GOB-49] getters, inherited ones too, count as keys", () => {
  class Given {
    get A() {
      return 7;
    }
  }
  assert.deepEqual(through(Inner, new Given(), Inner), { A: 7, B: "" });
  const Odd = s.struct("Odd", { toString: s.field("ToString", s.string()) });
  assert.deepEqual(through(Odd, {}, Odd), { toString: "" });
});

test("[GOB-49] a wrong value is refused, also null, and undefined where there is no key", () => {
  const code = "bad-value";
  refusesValue(All, { Int: null }, { code, path: "All.Int" }, /want int, got null/);
  refusesValue(All, { Inner: null }, { code, path: "All.Inner" }, /want Inner, got null/);
  refusesValue(All, { Map: null }, { code, path: "All.Map" }, /got null/);
  refusesValue(All, { Time: null }, { code, path: "All.Time" }, /got null/);
  refusesValue(s.slice(s.int()), [undefined], { code }, /want int, got undefined/);
  refusesValue(s.slice(Inner), [undefined], { code }, /want Inner, got undefined/);
  refusesValue(Inner, undefined, { code }, /want Inner, got undefined/);
});

test("[GOB-49] an array of pointers cannot be left out, as in Go", () => {
  const Pointers = s.struct("Pointers", { P: s.array(2, s.optional(s.int())) });
  refusesValue(
    Pointers,
    {},
    { code: "bad-value", path: "Pointers.P[0]" },
    /nil element: cannot encode nil pointer of type \*int/,
  );
});

test("[GOB-49] a codec's field is the zero of its wire, and the codec is not called", () => {
  const seen: unknown[] = [];
  const upper = s.codec({
    wire: s.string(),
    encode: (value: string) => {
      seen.push(value);
      return value.toUpperCase();
    },
    decode: (value) => value.toLowerCase(),
  });
  const Box = s.struct("Box", { A: upper, B: upper, C: s.array(2, upper) });
  assert.deepEqual(through(Box, { B: "x" }, Box), { A: "", B: "x", C: ["", ""] });
  assert.deepEqual(seen, ["x"]);
});

test("[GOB-49] a codec with a value for nil cannot be left out, unless it is optional", () => {
  const id = s.codec({ wire: s.uint32(), absent: 0, encode: (n: number) => n, decode: (n) => n });
  const Box = s.struct("Box", { Id: id, May: s.optional(id) });
  assert.deepEqual(through(Box, { Id: 5 }, Box), { Id: 5 });
  assert.deepEqual(through(Box, { Id: 5, May: undefined }, Box), { Id: 5 });
  const facts = { code: "bad-value", path: "Box.Id" } as const;
  refusesValue(Box, {}, facts, /^gob: Box\.Id: a value is required here; use optional/);
  refusesValue(Box, { Id: undefined, May: 1 }, facts, /a value is required here/);
  const Outer = s.struct("Outer", { Box, Two: s.array(2, id) });
  refusesValue(Outer, { Two: [1, 2] }, { path: "Outer.Box.Id" }, /a value is required here/);
  refusesValue(Outer, { Box: { Id: 1 } }, { path: "Outer.Two[0]" }, /a value is required here/);
});

test("[GOB-15] an optional key of which a codec makes undefined is missing", () => {
  const maybe = s.codec({
    wire: s.struct("W", { A: s.int() }),
    encode: (n: number | undefined) => ({ A: n ?? 0 }),
    decode: ({ A }) => (A === 0 ? undefined : A),
  });
  const Box = s.struct("Box", { M: s.optional(maybe), N: s.int() });
  const encoder = new Encoder();
  const decoder = new Decoder();
  for (let i = 0; i < 150; i++) {
    decoder.push(encoder.encode(Box, { M: 0, N: i }));
    assert.deepEqual(Object.keys(whole(decoder.tryDecode(Box))), ["N"]);
  }
  decoder.push(encoder.encode(Box, { M: 0, N: 1 }));
  assert.deepEqual(decoder.tryDecode(Box, { M: 5, N: 2 }), { N: 1 });
});

test("zero makes new values, and refuses a schema that has none", () => {
  assert.notEqual(zero(Inner), zero(Inner));
  assert.deepEqual(zero(s.slice(Inner)), []);
  assert.equal(zero(s.empty()), undefined);
  assert.ok(zero(time()) instanceof Time);
  assert.deepEqual({ ...zero(Inner), B: "x" }, { A: 0, B: "x" });
  const Endless: s.AnySchema = s.struct("Endless", {
    get Next() {
      return Endless;
    },
  });
  assert.throws(() => zero(Endless), { name: "CodecError", code: "bad-value" });
  assert.throws(() => encode(Endless, {} as never), { name: "CodecError", code: "limit" });
  assert.throws(() => zero({ kind: "none" }), { name: "CodecError", code: "bad-value" });
});
