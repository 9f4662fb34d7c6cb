/**
 * The values behind the vectors in `vectors-go119.json`, in TypeScript: what has to be encoded, in
 * Go's order, to get the bytes that Go wrote. Types carry the names of the Go program.
 */

import {
  addr,
  bigFloat,
  bigInt,
  bigRat,
  duration,
  ip,
  ipNet,
  rawMessage,
  Time,
  time,
  url,
  uuid,
} from "../../../protocol/gob/index.js";
import type { AnySchema } from "../../../protocol/schema/index.js";
import * as s from "../../../protocol/schema/index.js";

export interface Step {
  readonly schema: AnySchema;
  readonly value: unknown;
}

const utf8 = (text: string) => new Uint8Array(Buffer.from(text));
const rep = (text: string, count: number) => text.repeat(count);

// --- types -------------------------------------------------------------------------------------
const { int, string, bytes, bool, slice, array, map, optional, struct, any, named, value } = s;
const { float64, float32, uint8, lazy, empty, marshaler, complex64, complex128 } = s;

export const Point = struct("main.Point", { X: int(), Y: int() });
const Empty = struct("main.Empty", {});
const AllKinds = struct("main.AllKinds", {
  Bool: bool(),
  Int: int(),
  Int8: s.int8(),
  Int16: s.int16(),
  Int32: s.int32(),
  Int64: s.int64(),
  Uint: s.uint(),
  Uint8: uint8(),
  Uint16: s.uint16(),
  Uint32: s.uint32(),
  Uint64: s.uint64(),
  F32: float32(),
  F64: float64(),
  C64: complex64(),
  C128: complex128(),
  Str: string(),
  Bytes: bytes(),
});
const Zeroish = struct("main.Zeroish", {
  A: int(),
  S: string(),
  B: bytes(),
  L: slice(int()),
  M: optional(map(string(), int())),
  P: optional(int()),
  I: any(),
  N: Point,
  NP: optional(Point),
  Ar: array(2, int()),
  A0: array(0, int()),
  BA: array(3, uint8()),
});
/** Schemas of recursive types are typed loosely: these tests are about bytes. */
const loose = (name: string, fields: Record<string, unknown>): AnySchema => struct(name, fields);
const List: AnySchema = loose("main.List", {
  V: int(),
  get Next() {
    return optional(List);
  },
});
const Tree: AnySchema = loose("main.Tree", {
  V: int(),
  get Kids() {
    return slice(optional(Tree));
  },
});
const TreeM: AnySchema = loose("main.TreeM", {
  Name: string(),
  get Kids() {
    return optional(map(string(), optional(TreeM)));
  },
});
const A: AnySchema = loose("main.A", {
  N: int(),
  get B() {
    return optional(B);
  },
});
const B: AnySchema = loose("main.B", {
  S: string(),
  get A() {
    return optional(A);
  },
});
const MA: AnySchema = loose("main.MA", {
  get Bs() {
    return slice(MB);
  },
});
const MB: AnySchema = loose("main.MB", {
  get As() {
    return slice(MA);
  },
});
const RecSlice: AnySchema = named("main.RecSlice", slice(lazy(() => RecSlice)));
const RecMap: AnySchema = named(
  "main.RecMap",
  map(
    string(),
    lazy(() => RecMap),
  ),
);
const RecMapKey: AnySchema = loose("main.RecMapKey", {
  get M() {
    return optional(map(string(), slice(RecMapKey)));
  },
});
const RecArr: AnySchema = loose("main.RecArr", {
  V: int(),
  get K() {
    return array(2, optional(RecArr));
  },
});
const M1: AnySchema = loose("main.M1", {
  get F() {
    return optional(map(string(), M2));
  },
});
const M2: AnySchema = loose("main.M2", {
  get G() {
    return array(2, slice(M1));
  },
});
const Nested = struct("main.Nested", {
  Name: string(),
  P: Point,
  Ps: slice(Point),
  PPs: slice(optional(Point)),
  M: optional(map(string(), Point)),
  MP: optional(map(string(), optional(Point))),
  Ar: array(2, Point),
  PP: optional(Point),
});
const nestedZero = { Name: "", P: pt(0, 0), Ps: [], PPs: [], Ar: [pt(0, 0), pt(0, 0)] };
const Ptrs = struct("main.Ptrs", {
  A: optional(int()),
  B: optional(optional(int())),
  C: optional(optional(optional(string()))),
});
const PtrElems = struct("main.PtrElems", {
  L: slice(optional(optional(int()))),
  M: optional(map(string(), optional(optional(Point)))),
  LL: slice(slice(optional(Point))),
  A: array(1, optional(int())),
});
const Base = struct("main.Base", { ID: string(), Name: string() });
const Base2 = struct("main.Base2", { ID: int() });
const Iface = struct("main.Iface", { V: any() });
const Iface2 = struct("main.Iface2", { A: int(), V: any(), B: string(), W: any(), Z: int() });
const Ifaces = struct("main.Ifaces", { L: slice(any()) });
const Inner = struct("main.Inner", { K: string() });
const Inner2 = struct("main.Inner2", { Q: slice(Inner) });
const RecIface = struct("main.RecIface", { Next: any(), V: int() });
const Point2 = struct("main.Point2", {});
const TimeS = struct("main.TimeS", { T: time(), P: optional(time()), D: duration() });
const BigS = struct("main.BigS", {
  I: optional(bigInt()),
  F: optional(bigFloat()),
  R: optional(bigRat()),
});
const NetS = struct("main.NetS", { IP: ip(), Net: ipNet(), U: optional(url()) });
const Key = struct("main.Key", { A: string(), B: array(2, uint8()) });
const NamedSlice = named("main.NamedSlice", slice(int()));
const NamedMap = named("main.NamedMap", map(string(), int()));
const NamedStr = named("main.NamedStr", string());
const NamedInt = named("main.NamedInt", int());
const NamedArr = named("main.NamedArr", array(2, int()));
const NamedBytes = named("main.NamedBytes", bytes());
const Names = struct("main.Names", {
  I: NamedInt,
  S: NamedStr,
  B: NamedBytes,
  L: NamedSlice,
  M: optional(NamedMap),
  A: NamedArr,
  U: slice(int()),
  V: optional(map(string(), int())),
  W: array(2, int()),
  X: struct("", { Q: int() }),
  Y: slice(NamedSlice),
  Z: optional(map(NamedStr, NamedMap)),
});
const DeepB = struct("", { C: struct("", { D: int() }) });
const Deep = struct("main.Deep", { A: struct("", { B: DeepB }) });
const Floats = struct("main.Floats", {
  A: float64(),
  B: float64(),
  C: float64(),
  D: float64(),
  E: complex128(),
  F: complex128(),
  G: float32(),
});
const manyNames = Array.from({ length: 140 }, (_, i) => {
  return `${"ABCDEFG"[Math.floor(i / 20)]}${String(i % 20).padStart(2, "0")}`;
});
const ManyFields = loose(
  "main.ManyFields",
  Object.fromEntries(manyNames.map((name) => [name, int()])),
);
const many = (set: Record<string, number>) =>
  Object.fromEntries(manyNames.map((name) => [name, set[name] ?? 0]));

// p is package "example.com/full/p"
const T1 = struct("p.T1", { A: int() });
const T2 = struct("p.T2", { A: int() });
const pT1 = named("example.com/full/p.T1", T1);
const pInt = named("example.com/full/p.Int", int());
const pStr = named("example.com/full/p.Str", string());
const pSlice = named("example.com/full/p.Slice", slice(int()));
const Sq = named("example.com/full/p.Sq", struct("p.Sq", { S: float64() }));

// Marshalers of the Go program: a prefix and a text.
const prefixed = (name: string, prefix: string, form: "gob" | "binary", isOnPointer = false) =>
  marshaler({
    name,
    form,
    encode: (text: string) => utf8(prefix + text),
    decode: (of) => Buffer.from(of).toString().slice(prefix.length),
    zero: () => "",
    ...(isOnPointer ? {} : { isZero: (text: string) => text === "" }),
  });
const GobV = prefixed("main.GobV", "v:", "gob");
const GobP = prefixed("main.GobP", "p:", "gob", true);
const BinV = prefixed("main.BinV", "b:", "binary");
const BothGB = prefixed("main.BothGB", "g:", "gob");
const TextV = struct("main.TextV", { S: string() });
const GobInt = marshaler({
  name: "main.GobInt",
  encode: (of: number) => Uint8Array.of(of),
  decode: (of) => of[0] ?? 0,
  zero: () => 0,
  isZero: (of) => of === 0,
});
const constantText = (name: string, text: string, underlying: AnySchema) =>
  marshaler({
    name,
    encode: (_: boolean) => utf8(text),
    decode: () => true,
    zero: () => false,
    isZero: (of) => !of,
    underlying,
  });
const ExtSlice = constantText("main.ExtSlice", "es", slice(Point));
const ExtStruct = constantText(
  "main.ExtStruct",
  "est",
  struct("", { P: Point, L: slice(string()) }),
);
const HasExt = struct("main.HasExt", {
  A: ExtStruct,
  B: ExtSlice,
  C: slice(ExtStruct),
  Z: int(),
});
const GobHolder = struct("main.GobHolder", {
  V: GobV,
  PV: optional(GobV),
  PP: optional(GobP),
  B: BinV,
  T: TextV,
  G: BothGB,
  I: GobInt,
});
const GobPHolder = struct("main.GobPHolder", { P: GobP });
const UUID = uuid("main.UUID");
const EmbNamed = marshaler({
  name: "main.EmbNamed",
  encode: time().encode,
  decode: time().decode,
  zero: time().zero,
  underlying: struct("", { Int: pInt, Str: pStr, Time: optional(time()) }),
});
const RespBE = struct("main.RespBE", {
  Val: string(),
  Error: optional(struct("main.BasicError", { Message: string() })),
});
const mainBasicError = named("*main.BasicError", struct("main.BasicError", { Message: string() }));
const RespErr = struct("main.RespErr", { Val: string(), Err: any() });
const Request = struct("rpc.Request", { ServiceMethod: string(), Seq: s.uint64() });
const Response = struct("rpc.Response", {
  ServiceMethod: string(),
  Seq: s.uint64(),
  Error: string(),
});

// --- values ------------------------------------------------------------------------------------
function pt(X: number, Y: number) {
  return { X, Y };
}
const one = (schema: AnySchema, of: unknown): Step[] => [{ schema, value: of }];
const all = (...steps: [AnySchema, unknown][]): Step[] =>
  steps.map(([schema, of]) => ({ schema, value: of }));
const typed = (schema: AnySchema, of: unknown) => value(schema, of as never);
const iface = (schema: AnySchema, of: unknown) => one(any(), typed(schema, of));
const utc = new Time({ unixSeconds: 1683356889n, nanoseconds: 123456789 });
const at = (unixSeconds: bigint, offsetSeconds?: number) =>
  new Time({ unixSeconds, offsetSeconds });
const zeroTime = new Time({ unixSeconds: -62135596800n });
const goNaN = new DataView(Uint8Array.from([0x7f, 0xf8, 0, 0, 0, 0, 0, 1]).buffer).getFloat64(0);
const Num = (n: number) => typed(int(), n);
const pointIn = (x: number, y: number) => typed(named("main.Point", Point), pt(x, y));
const innerIn = (K: string) => typed(named("main.Inner", Inner), { K });
const ifaceSlice = slice(any());
const ifaceMap = map(string(), any());

export const goValues: Record<string, Step[]> = {
  "bool-false": one(bool(), false),
  "bool-true": one(bool(), true),
  "int-0": one(int(), 0),
  "int-3": one(int(), 3),
  "int-63": one(int(), 63),
  "int-64": one(int(), 64),
  "int--1": one(int(), -1),
  "int--64": one(int(), -64),
  "int--65": one(int(), -65),
  "int--129": one(int(), -129),
  "int-maxsafe": one(int(), Number.MAX_SAFE_INTEGER),
  "int-2^53+1": one(s.int64(), 2n ** 53n + 1n),
  "int-max": one(s.int64(), 2n ** 63n - 1n),
  "int-min": one(s.int64(), -(2n ** 63n)),
  "int8--128": one(s.int8(), -128),
  "uint-0": one(s.uint(), 0),
  "uint-127": one(s.uint(), 127),
  "uint-128": one(s.uint(), 128),
  "uint-255": one(s.uint(), 255),
  "uint-256": one(s.uint(), 256),
  "uint-65535": one(s.uint16(), 65535),
  "uint-2^32": one(s.uint64(), 2n ** 32n),
  "uint-max": one(s.uint64(), 2n ** 64n - 1n),
  "uintptr-7": one(s.uintptr(), 7n),
  "float-0": one(float64(), 0),
  "float-neg0": one(float64(), -0),
  "float-1": one(float64(), 1),
  "float--1": one(float64(), -1),
  "float-17": one(float64(), 17),
  "float-0.1": one(float64(), 0.1),
  "float-pi": one(float64(), Math.PI),
  "float-inf": one(float64(), Number.POSITIVE_INFINITY),
  "float--inf": one(float64(), Number.NEGATIVE_INFINITY),
  "float-nan": one(float64(), goNaN),
  "float-max": one(float64(), Number.MAX_VALUE),
  "float-minsub": one(float64(), Number.MIN_VALUE),
  "float32-0.1": one(float32(), 0.1),
  "complex-0": one(complex128(), { re: 0, im: 0 }),
  "complex-1-2i": one(complex128(), { re: 1, im: -2 }),
  complex64: one(complex64(), { re: 0.5, im: 0.25 }),
  "string-empty": one(string(), ""),
  "string-hello": one(string(), "hello"),
  "string-utf8": one(string(), "héllo, 世界 🎉"),
  "string-nul": one(string(), "a\0b"),
  "string-127": one(string(), rep("x", 127)),
  "string-128": one(string(), rep("x", 128)),
  "string-1MB": one(string(), rep("x", 1 << 20)),
  "bytes-empty": one(bytes(), new Uint8Array()),
  "bytes-nil": one(bytes(), new Uint8Array()),
  bytes: one(bytes(), Uint8Array.of(1, 2, 255)),
  "bytes-1MB": one(bytes(), new Uint8Array(1 << 20).fill(0xab)),
  "uint8slice-named": one(NamedBytes, Uint8Array.of(9, 8)),
  duration: one(duration(), 1_500_000_000n),

  "array-int3": one(array(3, int()), [11, 22, 33]),
  "array-zero": one(array(3, int()), [0, 0, 0]),
  "array-0": one(array(0, int()), []),
  "array-byte4": one(array(4, uint8()), [1, 127, 128, 255]),
  "array-array": one(array(2, array(2, int())), [
    [1, 2],
    [3, 4],
  ]),
  "slice-int": one(slice(int()), [1, -1, 0]),
  "slice-empty": one(slice(int()), []),
  "slice-nil": one(slice(int()), []),
  "slice-string": one(slice(string()), ["a", "", "b"]),
  "slice-bool": one(slice(bool()), [true, false]),
  "slice-float32": one(slice(float32()), [0.5, 0, 0.125]),
  "slice-bytes": one(slice(bytes()), [Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3)]),
  "slice-slice": one(slice(slice(int())), [[1], [], []]),
  "slice-ptr": one(slice(optional(int())), [1, 0]),
  "map-string-int": one(map(string(), int()), new Map([["one", 1]])),
  "map-empty": one(map(string(), int()), new Map()),
  "map-nil": one(map(string(), int()), new Map()),
  "map-int-bool": one(map(int(), bool()), new Map([[-7, true]])),
  "map-struct-key": one(map(Point, string()), new Map([[pt(1, 2), "p"]])),
  "map-string-map": one(map(string(), map(string(), int())), new Map([["a", new Map([["b", 1]])]])),
  "map-string-slice": one(map(string(), slice(string())), new Map([["a", ["x", "y"]]])),
  "map-array-key": one(map(array(2, int()), bool()), new Map([[[1, 2], true]])),
  "slice-map-nil": one(slice(map(string(), int())), [new Map(), new Map([["a", 1]])]),
  "map-string-empty-struct": one(map(string(), empty()), new Map([["a", undefined]])),
  "array-bool": one(array(2, bool()), [true, false]),
  "array-string": one(array(2, string()), ["a", ""]),
  "array-struct": one(array(2, Point), [pt(1, 0), pt(0, 0)]),
  "slice-array": one(slice(array(2, int())), [[1, 2]]),
  "slice-struct-anon": one(slice(struct("", { A: int() })), [{ A: 1 }]),
  "slice-named-elem": one(slice(NamedSlice), [[1]]),
  "map-named": one(map(NamedStr, NamedInt), new Map([["a", 1]])),
  "slice-complex": one(slice(complex128()), [
    { re: 1, im: 0 },
    { re: 0, im: 0 },
  ]),
  "slice-uint16": one(slice(s.uint16()), [1, 128, 65535]),
  "slice-uint8-array": one(slice(array(2, uint8())), [[1, 255]]),

  point: one(Point, pt(22, 33)),
  "point-twice": all([Point, pt(22, 33)], [Point, pt(1, 0)]),
  "point-ptr": one(optional(Point), pt(22, 33)),
  "point-zero": one(Point, pt(0, 0)),
  "empty-struct": one(Empty, {}),
  "anon-empty-struct": one(empty(), undefined),
  "anon-struct": one(struct("", { A: int() }), { A: 5 }),
  unexported: one(struct("main.Unexp", { A: int(), C: string() }), { A: 1, C: "x" }),
  "unicode-fields": one(struct("main.UnsafeNames", { Ünï: int(), Éa: string() }), {
    Ünï: 1,
    Éa: "x",
  }),
  chanfunc: one(struct("main.ChanFunc", { V: int() }), { V: 4 }),
  allkinds: one(AllKinds, {
    Bool: true,
    Int: -1,
    Int8: -8,
    Int16: -16,
    Int32: -32,
    Int64: -64n,
    Uint: 1,
    Uint8: 8,
    Uint16: 16,
    Uint32: 32,
    Uint64: 64n,
    F32: 1.5,
    F64: 2.5,
    C64: { re: 1, im: 2 },
    C128: { re: 3, im: 4 },
    Str: "s",
    Bytes: Uint8Array.of(1),
  }),
  "allkinds-zero": one(AllKinds, {
    Bool: false,
    Int: 0,
    Int8: 0,
    Int16: 0,
    Int32: 0,
    Int64: 0n,
    Uint: 0,
    Uint8: 0,
    Uint16: 0,
    Uint32: 0,
    Uint64: 0n,
    F32: 0,
    F64: 0,
    C64: { re: 0, im: 0 },
    C128: { re: 0, im: 0 },
    Str: "",
    Bytes: new Uint8Array(),
  }),
  zeroish: one(Zeroish, {
    A: 0,
    S: "",
    B: new Uint8Array(),
    L: [],
    I: null,
    N: pt(0, 0),
    Ar: [0, 0],
    A0: [],
    BA: [0, 0, 0],
  }),
  "zeroish-empty": one(Zeroish, {
    A: 0,
    S: "",
    B: new Uint8Array(),
    L: [],
    M: new Map(),
    P: 0,
    I: null,
    N: pt(0, 0),
    NP: pt(0, 0),
    Ar: [0, 0],
    A0: [],
    BA: [0, 0, 0],
  }),
  nested: one(Nested, {
    Name: "n",
    P: pt(1, 2),
    Ps: [pt(3, 4)],
    PPs: [pt(5, 6)],
    M: new Map([["a", pt(7, 8)]]),
    MP: new Map([["b", pt(9, 10)]]),
    Ar: [pt(11, 12), pt(0, 0)],
    PP: pt(13, 14),
  }),
  "nested-zero": one(Nested, nestedZero),
  ptrs: one(Ptrs, { A: 5, B: 7, C: "deep" }),
  "ptrs-nil": one(Ptrs, {}),
  "ptrs-zero": one(Ptrs, { A: 0 }),
  "ptr-ptr-ptr": one(optional(optional(optional(Point))), pt(1, 2)),
  "ptr-elems": one(PtrElems, {
    L: [1],
    M: new Map([["k", pt(1, 2)]]),
    LL: [[pt(1, 2)]],
    A: [1],
  }),
  "floats-negzero-nan": one(Floats, {
    A: -0,
    B: goNaN,
    C: Number.NEGATIVE_INFINITY,
    D: 0,
    E: { re: -0, im: 0 },
    F: { re: 0, im: goNaN },
    G: -0,
  }),
  embedded: one(struct("main.Emb", { Base, ID: int() }), { Base: { ID: "i", Name: "n" }, ID: 3 }),
  embedded2: one(struct("main.Emb2", { Base, Base2, Extra: string() }), {
    Base: { ID: "i", Name: "n" },
    Base2: { ID: 4 },
    Extra: "e",
  }),
  "embedded-ptr": one(struct("main.EmbP", { Base: optional(Base), Z: int() }), {
    Base: { ID: "i", Name: "n" },
    Z: 1,
  }),
  "embedded-ptr-nil": one(struct("main.EmbP", { Base: optional(Base), Z: int() }), { Z: 1 }),
  "embedded-lower": one(struct("main.EmbLower", { Z: int() }), { Z: 2 }),
  dupname: one(struct("main.DupName", { Base, B2: struct("", { Base }) }), {
    Base: { ID: "1", Name: "2" },
    B2: { Base: { ID: "3", Name: "4" } },
  }),
  "manyfields-last": one(ManyFields, many({ G19: 1 })),
  "manyfields-0-130": one(ManyFields, many({ A00: 1, G10: 2 })),
  "struct-key": one(map(Key, int()), new Map([[{ A: "a", B: [1, 200] }, 5]])),
  "struct-slice-empty-struct": one(slice(Empty), [{}, {}]),
  "rpc-request0": one(Request, { ServiceMethod: "Plugin.Greet", Seq: 0n }),
  "rpc-response-err": one(Response, { ServiceMethod: "Plugin.Greet", Seq: 3n, Error: "boom" }),
  basicerror: one(RespBE, { Val: "v", Error: { Message: "bad" } }),
  "basicerror-nil": one(RespBE, { Val: "v" }),

  list1: one(List, { V: 1 }),
  list3: one(List, { V: 1, Next: { V: 2, Next: { V: 3 } } }),
  tree: one(Tree, {
    V: 1,
    Kids: [
      { V: 2, Kids: [] },
      { V: 3, Kids: [{ V: 4, Kids: [] }] },
    ],
  }),
  treem: one(TreeM, { Name: "r", Kids: new Map([["k", { Name: "c" }]]) }),
  mutual: one(A, { N: 1, B: { S: "x", A: { N: 2 } } }),
  "mutual-slices": one(MA, { Bs: [{ As: [{ Bs: [] }] }] }),
  recslice: one(RecSlice, [[], [[]]]),
  recmap: one(RecMap, new Map([["a", new Map()]])),
  recmapkey: one(RecMapKey, { M: new Map([["a", [{}]]]) }),
  m1m2: one(M1, { F: new Map([["a", { G: [[], []] }]]) }),
  "recarr-ok-leaf": one(struct("", { K: slice(RecArr) }), { K: [] }),

  names: one(Names, {
    I: 0,
    S: "",
    B: new Uint8Array(),
    L: [],
    A: [0, 0],
    U: [],
    W: [0, 0],
    X: { Q: 0 },
    Y: [],
  }),
  "deep-anon": one(Deep, { A: { B: { C: { D: 0 } } } }),
  "slice-point": one(slice(Point), [pt(1, 2), pt(0, 0)]),
  "slice-ptr-point": one(slice(optional(Point)), [pt(1, 2)]),
  "map-point": one(map(string(), Point), new Map([["a", pt(1, 2)]])),
  "array-point": one(array(1, Point), [pt(1, 2)]),
  "map-point-then-point": all(
    [map(string(), Point), new Map([["a", pt(1, 2)]])],
    [Point, pt(3, 4)],
  ),
  "point-then-map-point": all(
    [Point, pt(3, 4)],
    [map(string(), Point), new Map([["a", pt(1, 2)]])],
  ),
  "named-slice": one(NamedSlice, [1]),
  "named-map": one(NamedMap, new Map([["a", 1]])),
  "named-arr": one(NamedArr, [1, 2]),
  "mixed-stream": all(
    [int(), 1],
    [string(), "a"],
    [Point, pt(1, 2)],
    [slice(Point), [pt(3, 4)]],
    [int(), 2],
    [Point, pt(5, 6)],
  ),
  "same-def-two-paths": all([struct("", { L: slice(int()) }), { L: [1] }], [slice(int()), [2]]),
  "same-def-two-paths-rev": all([slice(int()), [2]], [struct("", { L: slice(int()) }), { L: [1] }]),
  "many-types": all(
    ...Array.from({ length: 70 }, (_, i): [AnySchema, unknown] => [
      array(i, int()),
      new Array(i).fill(0),
    ]),
  ),

  "iface-nil": one(any(), null),
  "iface-int": iface(int(), 5),
  "iface-string": one(any(), "hi"),
  "iface-zero": iface(int(), 0),
  "iface-bytes": one(any(), Uint8Array.of(1, 2)),
  "iface-int8": iface(s.int8(), -3),
  "iface-float32": iface(float32(), 1.5),
  "iface-uintptr": iface(s.uintptr(), 3n),
  "iface-complex64": iface(complex64(), { re: 1, im: 0 }),
  "iface-slice-string": iface(slice(string()), ["a"]),
  "iface-struct": iface(named("main.Point", Point), pt(1, 2)),
  "iface-struct-twice": all([any(), pointIn(1, 2)], [any(), pointIn(3, 4)]),
  "iface-ptr-struct": iface(named("*main.Point", Point), pt(1, 2)),
  "iface-pkg": iface(pT1, { A: 1 }),
  "iface-pkg-ptr": iface(named("*p.T2", optional(T2)), { A: 1 }),
  "iface-registername": iface(named("my.alias", T1), { A: 1 }),
  "iface-named-int": iface(pInt, 4),
  "iface-named-slice": iface(pSlice, [4]),
  "iface-map": iface(ifaceMap, new Map([["a", Num(1)]])),
  "iface-slice-iface": iface(ifaceSlice, [Num(1), "x", null]),
  "iface-time": iface(time(), at(0n)),
  "iface-slice-structs": one(ifaceSlice, [
    pointIn(1, 2),
    innerIn("a"),
    pointIn(3, 4),
    null,
    innerIn("b"),
  ]),
  "iface-map-structs": one(ifaceMap, new Map([["p", pointIn(1, 2)]])),
  "iface-deep-3": one(Iface, {
    V: typed(named("main.Iface2", Iface2), {
      A: 1,
      V: typed(named("main.Iface", Iface), { V: innerIn("d") }),
      B: "x",
      W: typed(named("main.Point2", Point2), {}),
      Z: 3,
    }),
  }),
  "iface-ptr-gob": iface(named("*main.GobP", optional(GobP)), "x"),
  "iface-emptystruct": iface(empty(), undefined),
  "iface-array": iface(array(2, int()), [1, 2]),
  "iface-map-string-string": iface(map(string(), string()), new Map([["a", "b"]])),
  "iface-duration": iface(duration(), 1_000_000_000n),
  "iface-named-string": iface(pStr, "q"),
  "iface-map-in-pkg": iface(map(pStr, slice(T1)), new Map([["k", [{ A: 1 }]]])),
  "iface-in-iface-basic": iface(any(), Num(5)),
  "iface-nil-in-map": one(ifaceMap, new Map([["a", null]])),
  "slice-iface": one(ifaceSlice, [
    Num(1),
    "a",
    null,
    true,
    typed(float64(), 2.5),
    Uint8Array.of(1),
  ]),
  "map-string-iface": one(ifaceMap, new Map([["k", "v"]])),
  "ifaces-nil-elems": one(Ifaces, { L: [null, Num(1), null] }),
  "struct-iface": one(Iface2, { A: 1, V: innerIn("k"), B: "b", W: innerIn("m"), Z: 9 }),
  "struct-iface-2nd": all(
    [Iface2, { A: 1, V: innerIn("k"), B: "b", W: innerIn("m"), Z: 9 }],
    [Iface2, { A: 1, V: innerIn("k"), B: "b", W: innerIn("m"), Z: 9 }],
  ),
  "struct-iface-multi-def": one(Iface2, {
    A: 1,
    V: typed(named("main.Inner2", Inner2), { Q: [{ K: "k" }] }),
    B: "b",
    W: null,
    Z: 9,
  }),
  "nested-iface": one(Iface, {
    V: typed(ifaceSlice, [typed(ifaceMap, new Map([["a", typed(ifaceSlice, [Num(1), "x"])]]))]),
  }),
  "nested-iface-struct": one(Iface2, {
    A: 1,
    V: typed(named("main.Iface", Iface), { V: innerIn("deep") }),
    B: "b",
    W: Num(7),
    Z: 9,
  }),
  "nested-iface-multi-def": one(Iface2, {
    A: 1,
    V: typed(named("main.Iface", Iface), {
      V: typed(named("main.Inner2", Inner2), { Q: [{ K: "k" }] }),
    }),
    B: "b",
    W: null,
    Z: 9,
  }),
  "nested-iface-two-types": one(Iface, {
    V: typed(ifaceSlice, [pointIn(1, 2), innerIn("a"), pointIn(3, 4)]),
  }),
  "recur-iface": one(RecIface, {
    Next: typed(named("main.RecIface", RecIface), {
      Next: typed(named("main.RecIface", RecIface), { Next: null, V: 3 }),
      V: 2,
    }),
    V: 1,
  }),
  "emb-iface": one(struct("main.EmbIface", { Shaper: any(), N: int() }), {
    Shaper: typed(Sq, { S: 2 }),
    N: 3,
  }),
  "error-iface": one(RespErr, { Val: "v", Err: typed(mainBasicError, { Message: "bad" }) }),

  "time-zero": one(time(), zeroTime),
  "time-utc": one(time(), utc),
  "time-zone": one(time(), at(1683337089n, 19800)),
  "time-negzone": one(time(), at(1683385689n, -28800)),
  "time-subminute": one(time(), at(-2208992421n, 3621)),
  "time-subminute-neg": one(time(), at(-2208985179n, -3621)),
  "time-ptr-top": one(optional(time()), utc),
  times: one(TimeS, { T: utc, P: utc, D: 1_000_000_000n }),
  "times-zero": one(TimeS, { T: zeroTime, P: zeroTime, D: 0n }),
  bigint: one(optional(bigInt()), -123456789n),
  "bigint-0": one(optional(bigInt()), 0n),
  "bigint-2^128": one(optional(bigInt()), 2n ** 128n),
  bigfloat: one(optional(bigFloat()), 1.5),
  bigrat: one(optional(bigRat()), { num: -3n, den: 7n }),
  bigs: one(BigS, { I: 1n, R: { num: 1n, den: 2n } }),
  ip4: one(ip(), "1.2.3.4"),
  "ip4-4": one(ip(), Uint8Array.of(1, 2, 3, 4)),
  netip: one(addr(), "1.2.3.4"),
  "url-ptr": one(optional(url()), "https://a.example/b?c=d"),
  "url-in-slice": one(slice(optional(url())), ["http://x/"]),
  nets: one(NetS, {
    IP: "1.2.3.4",
    Net: { IP: Uint8Array.of(1, 2, 3, 0), Mask: Uint8Array.of(255, 255, 255, 0) },
    U: "https://a.example/b?c=d",
  }),
  rawmessage: one(rawMessage(), { a: 1 }),
  uuid: one(UUID, "00010203-0405-0607-0809-0a0b0c0d0e0f"),
  "uuid-field": one(struct("", { ID: UUID }), { ID: "01000000-0000-0000-0000-000000000000" }),
  "uuid-field-zero": one(struct("", { ID: UUID }), {
    ID: "00000000-0000-0000-0000-000000000000",
  }),
  gobv: one(GobV, "x"),
  "gobv-ptr": one(optional(GobV), "x"),
  "gobv-ptrptr": one(optional(optional(GobV)), "x"),
  "gobp-ptr": one(optional(GobP), "x"),
  "gobv-then-ptr": all([GobV, "x"], [optional(GobV), "y"], [slice(int()), [1]]),
  "gobv-ptr-then-val": all([optional(GobV), "x"], [GobV, "y"], [slice(int()), [1]]),
  binv: one(BinV, "x"),
  textv: one(TextV, { S: "x" }),
  both: one(BothGB, "x"),
  gobint: one(GobInt, 7),
  gobholder: one(GobHolder, { V: "a", PV: "b", PP: "c", B: "d", T: { S: "e" }, G: "f", I: 5 }),
  "gobholder-zero": one(GobHolder, { V: "", B: "", T: { S: "" }, G: "", I: 0 }),
  "gobpholder-ptr": one(optional(GobPHolder), { P: "q" }),
  "gobpholder-zero-ptr": one(optional(GobPHolder), { P: "" }),
  "slice-gobv": one(slice(GobV), ["a", ""]),
  "slice-gobv-ptr": one(slice(optional(GobV)), ["a"]),
  "map-gobv": one(map(string(), GobV), new Map([["k", "a"]])),
  "ext-slice": one(ExtSlice, true),
  "ext-struct": one(ExtStruct, true),
  "has-ext": one(HasExt, { A: false, B: false, C: [], Z: 1 }),
  "emb-named": one(EmbNamed, at(1n)),
};
