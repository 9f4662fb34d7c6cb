/** From Go's codec_test.go and encoder_test.go: values behind interfaces. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "goplug/gob";
import { decode, hex, unhex } from "../helpers.js";
import { Pipe } from "./pipe.js";

/** The method of Go's interface Squarer. Here it comes from the class that is registered under a name. */
interface Squarer {
  square(): number;
}
class Int implements Squarer {
  readonly of: number;
  constructor(of: number) {
    this.of = of;
  }
  square() {
    return this.of ** 2;
  }
}
class Float extends Int {}
class Vector implements Squarer {
  readonly of: readonly number[];
  constructor(of: readonly number[]) {
    this.of = of;
  }
  square() {
    return this.of.reduce((sum, x) => sum + x ** 2, 0);
  }
}

const IntCodec = gob.codec({
  wire: gob.named("main.Int", gob.int()),
  encode: (value: Int) => value.of,
  decode: (of) => new Int(of),
});
const FloatCodec = gob.codec({
  wire: gob.named("main.Float", gob.float64()),
  encode: (value: Float) => value.of,
  decode: (of) => new Float(of),
});
const VectorCodec = gob.codec({
  wire: gob.named("main.Vector", gob.slice(gob.int())),
  encode: (value: Vector) => value.of,
  decode: (of) => new Vector(of),
});
const Point = gob.struct("main.Point", { X: gob.int(), Y: gob.int() });

const registry = new gob.Registry()
  .register("main.Int", IntCodec)
  .register("main.Float", FloatCodec)
  .register("main.Vector", VectorCodec)
  .register("main.Point", Point);

const squarer = gob.named("main.Squarer", gob.any());
const InterfaceItem = gob.struct("InterfaceItem", {
  I: gob.int(),
  Sq1: squarer,
  Sq2: squarer,
  Sq3: squarer,
  F: gob.float64(),
  Sq: gob.slice(squarer),
});
const int = gob.value(IntCodec, new Int(3));
const float = gob.value(FloatCodec, new Float(5));

test("TestInterface: [GOB-25] [GOB-26] each value becomes what its name is registered for", () => {
  const vector = gob.value(VectorCodec, new Vector([1, 2, 3]));
  const item = { I: 1, Sq1: int, Sq2: float, Sq3: vector, F: 11.5, Sq: [int, float, null, vector] };
  const pipe = new Pipe({ registry });
  assert.equal(
    hex(pipe.send(InterfaceItem, item)),
    "467f0301010d496e746572666163654974656d01ff800001060101490104000103537131011000010353713201100001035371330110000101460108000102537101ff820000001cff810201010e5b5d6d61696e2e5371756172657201ff82000110000045ff80010201086d61696e2e496e7404020006010a6d61696e2e466c6f6174080400fe1440010b6d61696e2e566563746f72ff8302010106566563746f7201ff84000104000042ff8405000302040601fe27400104086d61696e2e496e74040200060a6d61696e2e466c6f6174080400fe1440000b6d61696e2e566563746f72ff8405000302040600",
  );
  const out = pipe.receive(InterfaceItem);
  assert.equal(out.I, 1);
  assert.equal(out.F, 11.5);
  assert.ok(out.Sq1 instanceof Int && out.Sq2 instanceof Float && out.Sq3 instanceof Vector);
  const squares = [out.Sq1, out.Sq2, out.Sq3, ...out.Sq].map((of) => (of as Squarer)?.square());
  assert.deepEqual(squares, [9, 25, 14, 9, 25, undefined, 14]);
  assert.equal(out.Sq[2], null);
});

test("TestInterfaceBasic: [GOB-28] every predeclared type goes by its own name", () => {
  const names =
    "Int Int8 Int16 Int32 Int64 Uint Uint8 Uint16 Uint32 Uint64 Float32 Float64 Complex64 Complex128 Bool String Bytes";
  const Item = (any: gob.AnySchema) =>
    gob.struct(
      "BasicInterfaceItem",
      Object.fromEntries(names.split(" ").map((name) => [name, any])),
    );
  const sailor = Uint8Array.from(Buffer.from("sailor"));
  const i = { re: 0, im: 1 };
  const numbers = {
    Int: gob.value(gob.int(), 1),
    Int8: gob.value(gob.int8(), 1),
    Int16: gob.value(gob.int16(), 1),
    Int32: gob.value(gob.int32(), 1),
    Int64: gob.value(gob.int64(), 1n),
    Uint: gob.value(gob.uint(), 1),
    Uint8: gob.value(gob.uint8(), 1),
    Uint16: gob.value(gob.uint16(), 1),
    Uint32: gob.value(gob.uint32(), 1),
    Uint64: gob.value(gob.uint64(), 1n),
    Float32: gob.value(gob.float32(), 1),
    Float64: gob.value(gob.float64(), 1),
    Complex64: gob.value(gob.complex64(), i),
    Complex128: gob.value(gob.complex128(), i),
  };
  const others = { Bool: true, String: "hello", Bytes: sailor };
  const pipe = new Pipe();
  const Plain = Item(gob.any());
  const bytes = pipe.send(Plain, { ...numbers, ...others } as never);
  assert.equal(
    hex(bytes),
    "ffd57f030101124261736963496e746572666163654974656d01ff800001110103496e740110000104496e74380110000105496e7431360110000105496e7433320110000105496e743634011000010455696e74011000010555696e7438011000010655696e743136011000010655696e743332011000010655696e7436340110000107466c6f617433320110000107466c6f617436340110000109436f6d706c65783634011000010a436f6d706c65783132380110000104426f6f6c0110000106537472696e67011000010542797465730110000000ffe1ff800103696e74040200020104696e7438040200020105696e743136040200020105696e743332040200020105696e74363404020002010475696e7406020001010575696e743806020001010675696e74313606020001010675696e74333206020001010675696e743634060200010107666c6f61743332080400fef03f0107666c6f61743634080400fef03f0109636f6d706c657836340e050000fef03f010a636f6d706c65783132380e050000fef03f0104626f6f6c020200010106737472696e670c07000568656c6c6f01075b5d75696e74380a0800067361696c6f7200",
  );
  const ones = Object.keys(numbers).map((name) => [name, name.startsWith("Complex") ? i : 1]);
  assert.deepEqual(pipe.receive(Plain), { ...Object.fromEntries(ones), ...others });
  // With dynamic() each value keeps its type, and encodes to the same bytes.
  const Dynamic = Item(gob.dynamic());
  const typed = decode(Dynamic, bytes);
  assert.equal(hex(new Pipe().send(Dynamic, typed as never)), hex(bytes));
});

test("TestInterfacePointer: [GOB-25] what is sent behind a pointer arrives as a value", () => {
  const Item = gob.struct("PtrInterfaceItem", { Str1: gob.any(), Str2: gob.any() });
  const Str = gob.named("main.String", gob.string());
  const pipe = new Pipe({ registry: new gob.Registry().register("main.String", Str) });
  const bytes = pipe.send(Item, {
    Str1: gob.value(gob.optional(gob.string()), "howdy"),
    Str2: gob.value(gob.optional(Str), "kiddo"),
  });
  assert.equal(
    hex(bytes),
    "2f7f03010110507472496e746572666163654974656d01ff8000010201045374723101100001045374723201100000002aff800106737472696e670c070005686f776479010b6d61696e2e537472696e670c0700056b6964646f00",
  );
  assert.deepEqual(pipe.receive(Item), { Str1: "howdy", Str2: "kiddo" });
});

test("TestIgnoreInterface: [GOB-30] skipped interfaces may define types on their way", () => {
  const NoInterfaceItem = gob.struct("NoInterfaceItem", { I: gob.int(), F: gob.float64() });
  const point = gob.value(Point, { X: 2, Y: 3 });
  for (const order of ["go", "hoisted"] as const) {
    const pipe = new Pipe({ registry, order });
    const item = { I: 1, Sq1: int, Sq2: float, Sq3: point, F: 11.5, Sq: [] };
    pipe.send(InterfaceItem, item);
    assert.deepEqual(pipe.receive(NoInterfaceItem), { I: 1, F: 11.5 });
    // The type that was defined inside the skipped value is known.
    pipe.send(Point, { X: 4, Y: 5 });
    assert.deepEqual(pipe.receive(Point), { X: 4, Y: 5 });
  }
  const go =
    "467f0301010d496e746572666163654974656d01ff800001060101490104000103537131011000010353713201100001035371330110000101460108000102537101ff820000001cff810201010e5b5d6d61696e2e5371756172657201ff8200011000004fff80010201086d61696e2e496e7404020006010a6d61696e2e466c6f6174080400fe1440010a6d61696e2e506f696e74ff8303010105506f696e7401ff8400010201015801040001015901040000000dff8405010401060001fe274000";
  assert.deepEqual(decode(NoInterfaceItem, go), { I: 1, F: 11.5 });
});

test("TestInterfaceIndirect: [GOB-28] a type registered behind a pointer is found again", () => {
  const T = gob.struct("main.IT", {});
  const list = gob.slice(gob.named("main.I", gob.any()));
  const pipe = new Pipe({ registry: new gob.Registry().register("*main.IT", T) });
  const bytes = pipe.send(list, [gob.value(gob.optional(T), {})]);
  assert.equal(
    hex(bytes),
    "0b7f020102ff8000011000001bff800001082a6d61696e2e4954ff8103010102495401ff8200000004ff820100",
  );
  assert.deepEqual(pipe.receive(list), [{}]);
});

const NewType0 = gob.struct("main.NewType0", { S: gob.string() });
const NewType0Ptr = gob.named("*main.NewType0", NewType0);

test("TestDecodeIntoNothing: [GOB-30] what is skipped leaves both ends in step", () => {
  const A = gob.struct("", { A: gob.int() });
  const Struct0 = gob.struct("Struct0", { I: gob.any() });
  const list = gob.slice(gob.any());
  const of = (S: string) => gob.value(NewType0Ptr, { S });
  const sends: ((pipe: Pipe) => unknown)[] = [
    (pipe) => pipe.send(A, { A: 23 }),
    (pipe) => pipe.send(A, { A: 23 }),
    (pipe) => pipe.send(gob.string(), "hello, world"),
    (pipe) => pipe.send(gob.slice(gob.int()), [1, 2, 3, 4]),
    (pipe) => pipe.send(Struct0, { I: of("value0") }),
    (pipe) => pipe.send(list, ["hi", of("value1"), gob.value(gob.int(), 23)]),
  ];
  for (const order of ["go", "hoisted"] as const) {
    for (const [i, send] of sends.entries()) {
      const pipe = new Pipe({ order });
      send(pipe);
      if (i === 0) assert.equal(pipe.receive(gob.empty()), undefined);
      else assert.equal(pipe.decoder.trySkip(), true);
      pipe.send(NewType0, { S: `Value ${i}` });
      assert.deepEqual(pipe.receive(NewType0), { S: `Value ${i}` });
    }
  }
  const go = [
    "1a7f030101075374727563743001ff8000010101014901100000002eff80010e2a6d61696e2e4e65775479706530ff81030101084e6577547970653001ff82000101010153010c0000000dff8209010676616c75653000000cff82010756616c7565203400",
    "0b7f020102ff8000011000003cff80000306737472696e670c04000268690e2a6d61696e2e4e65775479706530ff81030101084e6577547970653001ff82000101010153010c00000014ff8209010676616c7565310003696e740402002e0cff82010756616c7565203500",
  ];
  for (const [i, bytes] of go.entries()) {
    const decoder = new gob.Decoder();
    decoder.push(unhex(bytes));
    assert.equal(decoder.trySkip(), true);
    assert.deepEqual(decoder.tryDecode(NewType0), { S: `Value ${i + 4}` });
  }
});

test("TestNestedInterfaces: [GOB-26] an interface in an interface in one at the top", () => {
  const Outer = gob.struct("main.Bug0Outer", { Bug0Field: gob.any() });
  const Inner = gob.struct("main.Bug0Inner", { A: gob.int() });
  const names = new gob.Registry()
    .register("*main.Bug0Outer", Outer)
    .register("*main.Bug0Inner", Inner);
  const pipe = new Pipe({ registry: names });
  const inner = gob.value(Inner, { A: 7 });
  const value = gob.value(Outer, { Bug0Field: gob.value(Outer, { Bug0Field: inner }) });
  assert.equal(
    hex(pipe.send(gob.any(), value)),
    "3610000f2a6d61696e2e427567304f757465727f03010109427567304f7574657201ff800001010109427567304669656c6401100000004eff804b010f2a6d61696e2e427567304f75746572ff802e010f2a6d61696e2e42756730496e6e6572ff810301010942756730496e6e657201ff82000101010141010400000007ff8203010e000000",
  );
  assert.deepEqual(pipe.receive(gob.any()), { Bug0Field: { Bug0Field: { A: 7 } } });
});

test("TestGobMapInterfaceEncode: [GOB-28] slices of all predeclared types need no registration", () => {
  const minus = { re: 2, im: -2 };
  const value = new Map<string, gob.TypedValue>([
    ["up", gob.value(gob.uintptr(), 0n)],
    ["i0", gob.value(gob.slice(gob.int()), [-1])],
    ["i1", gob.value(gob.slice(gob.int8()), [-1])],
    ["i2", gob.value(gob.slice(gob.int16()), [-1])],
    ["i3", gob.value(gob.slice(gob.int32()), [-1])],
    ["i4", gob.value(gob.slice(gob.int64()), [-1n])],
    ["u0", gob.value(gob.slice(gob.uint()), [1])],
    ["u1", gob.value(gob.slice(gob.uint8()), [1])],
    ["u2", gob.value(gob.slice(gob.uint16()), [1])],
    ["u3", gob.value(gob.slice(gob.uint32()), [1])],
    ["u4", gob.value(gob.slice(gob.uint64()), [1n])],
    ["f0", gob.value(gob.slice(gob.float32()), [1])],
    ["f1", gob.value(gob.slice(gob.float64()), [1])],
    ["c0", gob.value(gob.slice(gob.complex64()), [minus])],
    ["c1", gob.value(gob.slice(gob.complex128()), [minus])],
    ["us", gob.value(gob.slice(gob.uintptr()), [0n])],
    ["bo", gob.value(gob.slice(gob.bool()), [false])],
    ["st", gob.value(gob.slice(gob.string()), ["s"])],
  ] as readonly [string, gob.TypedValue][]);
  const schema = gob.map(gob.string(), gob.any());
  const pipe = new Pipe();
  pipe.send(schema, value as never);
  const out = pipe.receive(schema);
  assert.deepEqual([...out.keys()], [...value.keys()]);
  assert.equal(out.get("up"), 0);
  assert.deepEqual(out.get("i4"), [-1]);
  assert.deepEqual(out.get("u1"), Uint8Array.of(1));
  assert.deepEqual(out.get("c0"), [minus]);
  assert.deepEqual(out.get("st"), ["s"]);
});

test("TestPtrToMapOfMap: [GOB-19] a map of interfaces in a map of interfaces", () => {
  const schema = gob.map(gob.string(), gob.any());
  const inner = new Map([["bar", "baz"]]);
  const pipe = new Pipe();
  const bytes = pipe.send(schema, new Map([["foo", gob.value(schema, inner)]]));
  assert.equal(
    hex(bytes),
    "0d7f040102ff8000010c0110000037ff80000103666f6f176d61705b737472696e675d696e74657266616365207b7dff801400010362617206737472696e670c05000362617a",
  );
  assert.deepEqual(pipe.receive(schema), new Map([["foo", inner]]));
});

test("TestNilPointerInsideInterface: [GOB-31] a nil pointer is no value for an interface", () => {
  const S = gob.struct("", { I: gob.any() });
  const nil = gob.value(gob.optional(gob.int()), undefined);
  assert.throws(() => new Pipe().send(S, { I: nil }), {
    code: "bad-value",
    message: /nil pointer.*interface/,
  });
});

test("Test29ElementSlice: [GOB-26] a count is no longer than what follows a definition", () => {
  const Z = gob.struct("main.Z", {});
  const list = gob.slice(gob.any());
  const pipe = new Pipe({ registry: new gob.Registry().register("main.Z", Z) });
  const three = pipe.send(
    list,
    [1, 2, 3].map(() => gob.value(Z, {})),
  );
  assert.equal(
    hex(three),
    "0b7f020102ff80000110000018ff800003066d61696e2e5aff81030101015a01ff820000001aff820100066d61696e2e5aff820100066d61696e2e5aff820100",
  );
  assert.deepEqual(pipe.receive(list), [{}, {}, {}]);
  const many = new Pipe({ registry: new gob.Registry().register("main.Z", Z) });
  many.send(
    list,
    Array.from({ length: 100 }, () => gob.value(Z, {})),
  );
  assert.equal(many.receive(list).length, 100);
});
