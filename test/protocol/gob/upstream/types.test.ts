/** From Go's type_test.go: ids and names of types; from codec_test.go: dumps of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import * as gob from "goplug/gob";
import { decode, decoderOf, hex, whole } from "../helpers.js";
import { DT, OnTheFly } from "./dt.js";
import { Pipe } from "./pipe.js";

/** All encoders share one registry of types, as in a Go process. */
const processOf = () => {
  const types = new gob.TypeRegistry();
  /** The id that a value of `schema` is sent with. */
  const idOf = (schema: gob.AnySchema, value: unknown): number => {
    const decoder = decoderOf(new gob.Encoder({ types }).encode(schema, value as never));
    decoder.trySkip();
    const [, id] = /^\/\/ (\d+)/m.exec(decoder.describeTypes()) ?? [];
    return Number(id ?? 0);
  };
  return { types, idOf };
};

test("TestBasic: [GOB-8] the ids of the basic types, and what they are called", () => {
  const cases: [gob.AnySchema, unknown, number, string][] = [
    [gob.bool(), true, 1, "bool"],
    [gob.int(), 1, 2, "int"],
    [gob.uint(), 1, 3, "uint"],
    [gob.float64(), 1, 4, "float"],
    [gob.bytes(), Buffer.of(1), 5, "bytes"],
    [gob.string(), "x", 6, "string"],
    [gob.complex128(), { re: 1, im: 0 }, 7, "complex"],
  ];
  for (const [schema, value, id, name] of cases) {
    const bytes = new gob.Encoder().encode(schema, value as never);
    assert.equal(bytes[1], 2 * id);
    assert.match(gob.inspect(bytes), new RegExp(`type id ${id} \\(${name}\\)`));
    assert.throws(() => decode(gob.slice(gob.bool()), bytes), {
      message: new RegExp(`received remote type ${name}`),
    });
  }
});

test("TestReregistration: [GOB-8] basic types keep their ids, however often they are met", () => {
  const { idOf } = processOf();
  for (const schema of [gob.int(), gob.int64({ as: "number" }), gob.uint(), gob.uint32()]) {
    assert.equal(idOf(schema, 1), 0, "no definition");
  }
  assert.equal(idOf(gob.named("main.Name", gob.string()), "x"), 0);
  assert.equal(idOf(gob.slice(gob.int()), []), 64, "the first id is still free");
});

/** Asserts that equal types share an id and others do not, and how the last one is spelled here and by a receiver. */
function checkType(
  [first, twin, ...others]: readonly gob.AnySchema[],
  value: unknown,
  spelled: string,
): void {
  const { idOf, types } = processOf();
  const id = idOf(first!, value);
  assert.equal(idOf(twin!, value), id, "one type");
  const ids = others.map((schema) => idOf(schema, zeroOf(schema)));
  assert.equal(new Set([id, ...ids]).size, 1 + others.length, "types of their own");
  const last = others.at(-1)!;
  assert.equal(gob.describe(last), spelled);
  const decoder = decoderOf(new gob.Encoder({ types }).encode(last, zeroOf(last) as never));
  decoder.trySkip();
  assert.equal(decoder.describeTypes(), `// ${ids.at(-1)}: ${spelled}\n`);
}

function zeroOf(schema: gob.AnySchema): unknown {
  if (schema.kind === "map") return new Map();
  const { length = 0, elem } = schema as Partial<gob.ArraySchema<gob.AnySchema>>;
  return new Array(length).fill(elem?.kind === "bool" ? false : 0);
}

test("TestArrayType: [GOB-11] arrays of one length and element are one type", () => {
  const of = (length: number, elem: gob.AnySchema) => gob.array(length, elem);
  checkType(
    [of(3, gob.int()), of(3, gob.int()), of(4, gob.int()), of(3, gob.bool())],
    [1, 2, 3],
    "[3]bool",
  );
});

test("TestSliceType: [GOB-11] slices of one element are one type", () => {
  checkType([gob.slice(gob.int()), gob.slice(gob.int()), gob.slice(gob.bool())], [1], "[]bool");
});

test("TestMapType: [GOB-11] maps of one key and element are one type", () => {
  const of = (elem: gob.AnySchema) => gob.map(gob.string(), elem);
  checkType([of(gob.int()), of(gob.int()), of(gob.bool())], new Map(), "map[string]bool");
});

const Bar = gob.struct("Bar", { X: gob.string() });
const float = gob.optional(gob.float64());
const Foo = gob.struct("Foo", {
  A: gob.int(),
  B: gob.int32(),
  C: gob.string(),
  D: gob.bytes(),
  E: float,
  F: gob.optional(gob.optional(gob.optional(float))),
  G: gob.optional(Bar),
  H: gob.optional(Bar),
  get I() {
    return gob.optional(Foo);
  },
});

test("TestStructType: [GOB-10] [GOB-11] a struct with pointers and itself", () => {
  const pipe = new Pipe();
  const value = { A: 0, B: 0, C: "", D: new Uint8Array(0), E: 1, F: 2, G: { X: "x" } };
  const one = { A: 1, B: 0, C: "", D: new Uint8Array(0) };
  assert.equal(
    hex(pipe.send(Foo, { ...value, I: one })),
    "497f03010103466f6f01ff80000109010141010400010142010400010143010c00010144010a0001014501080001014601080001014701ff820001014801ff820001014901ff8000000017ff810301010342617201ff82000101010158010c00000012ff8005fef03f014001010178000201020000",
  );
  assert.deepEqual(pipe.receive(Foo), { ...value, I: one });
  assert.equal(
    pipe.decoder.describeTypes(),
    `// 64
type Foo struct {
\tA int
\tB int
\tC string
\tD []byte
\tE float64
\tF float64
\tG Bar
\tH Bar
\tI Foo
}
// 65
type Bar struct {
\tX string
}
`,
  );
});

test("TestRegistration: [GOB-28] the same type may be registered twice", () => {
  const T = gob.struct("main.T", {});
  const registry = new gob.Registry().register("*main.T", T).register("*main.T", T);
  const pipe = new Pipe({ registry });
  pipe.send(gob.any(), gob.value(T, {}));
  assert.deepEqual(pipe.receive(gob.any()), {});
});

test("TestRegistrationNaming: [GOB-28] a pointer goes by the short name, a value by the full one", () => {
  const N1 = gob.named("*main.N1", gob.optional(gob.struct("main.N1", {})));
  const N2 = gob.named("main.N2", gob.struct("main.N2", {}));
  const list = gob.slice(gob.any());
  const registry = new gob.Registry().register("*main.N1", N1).register("main.N2", N2);
  for (const pipe of [new Pipe(), new Pipe({ registry })]) {
    assert.equal(
      hex(pipe.send(list, [gob.value(N1, {}), gob.value(N2, {})])),
      "0b7f020102ff8000011000001bff800002082a6d61696e2e4e31ff81030101024e3101ff820000001aff820100076d61696e2e4e32ff83030101024e3201ff8400000004ff840100",
    );
  }
  const Full = gob.named("example.com/full/gob.N2", gob.struct("gob.N2", {}));
  const bytes = Buffer.from(new Pipe().send(gob.any(), gob.value(Full, {})));
  assert.ok(bytes.includes("example.com/full/gob.N2") && bytes.includes("\u0001\u0002N2"));
});

test("TestStressParallel: [GOB-11] many pairs of ends share schemas and types, in turns", async () => {
  const T2 = gob.struct("main.T2", { A: gob.int() });
  const { types } = processOf();
  const registry = new gob.Registry();
  const work = Array.from({ length: 10 }, async (_, i) => {
    registry.register("*main.T2", T2);
    const pipe = new Pipe({ types, registry });
    for (let round = 0; round < 10; round++) {
      pipe.send(T2, { A: i });
      await turn();
      assert.deepEqual(pipe.receive(T2), { A: i });
    }
  });
  await Promise.all(work);
});

test("TestTypeRace: [GOB-32] two types in turns, and neither is a map", async () => {
  const { types } = processOf();
  const work = ["N1", "N2"].map(async (name) => {
    const pipe = new Pipe({ types });
    const N = gob.struct(`main.${name}`, {});
    for (let round = 0; round < 2; round++) {
      pipe.send(N, {});
      await turn();
    }
    const map = gob.map(gob.string(), gob.string());
    assert.throws(() => pipe.receive(map), {
      code: "type-mismatch",
      message: new RegExp(`received remote type ${name}`),
    });
  });
  await Promise.all(work);
});

test("TestDebugSingleton: [GOB-10] several streams of one process can be dumped as one", () => {
  const { types } = processOf();
  const values: [gob.AnySchema, unknown][] = [
    [gob.bool(), true],
    [gob.int(), 7],
    [gob.uint(), 10],
    [gob.float64(), 3.2],
    [gob.string(), "hello"],
    [gob.array(3, gob.int()), [11, 22, 33]],
    [gob.slice(gob.float32()), [0.5, 0.25, 0.125]],
    [gob.map(gob.string(), gob.int()), new Map([["one", 1]])],
  ];
  const streams = values.map(([schema, value]) =>
    new gob.Encoder({ types }).encode(schema, value as never),
  );
  const dump = gob.inspect(Buffer.concat(streams));
  assert.doesNotMatch(dump, /error|unread|unused|rest of/);
  for (const part of ["bool true", "int 7", "uint 10", "float 3.2", 'string "hello"', "int 33"]) {
    assert.ok(dump.includes(part), part);
  }
  assert.match(dump, /array count 3[\s\S]*slice count 3[\s\S]*float 0\.125[\s\S]*map count 1/);
});

test("TestDebugStruct: [GOB-26] a dump shows what is defined on the way", () => {
  const value = {
    A: 17,
    B: "hello",
    C: 3.25,
    M: new Map([["one", 1]]),
    I_nil: null,
    T: [11, 22, 33],
    S: ["hi", "joe"],
  };
  const pipe = new Pipe({ registry: new gob.Registry().register("main.OnTheFly", OnTheFly) });
  const I = gob.value(gob.int(), 271_828);
  const bytes = pipe.send(DT, { ...value, I, J: gob.value(OnTheFly, { A: 3 }) });
  assert.equal(
    hex(bytes),
    "4c7f03010102445401ff80000109010141010400010142010c0001014301080001014901100001014a0110000105495f6e696c01100001014d01ff820001015401ff840001015301ff860000001eff810401010e6d61705b737472696e675d696e7401ff8200010c0104000016ff83010101065b335d696e7401ff840001040106000016ff85020101085b5d737472696e6701ff8600010c000046ff800122010568656c6c6f01fe0a400103696e74040500fd084ba8010d6d61696e2e4f6e546865466c79ff87030101084f6e546865466c7901ff8800010101014101040000001cff88030106000201036f6e65020103162c420102026869036a6f6500",
  );
  assert.deepEqual(pipe.receive(DT), { ...value, I: 271_828, J: { A: 3 } });
  const dump = gob.inspect(bytes);
  assert.doesNotMatch(dump, /error|unread|unused|rest of/);
  for (const part of ["-> field 4 J", 'concrete type name "main.OnTheFly"', "end of OnTheFly"]) {
    assert.ok(dump.includes(part), part);
  }
  assert.ok(whole(decoderOf(bytes).tryDecodeAny()));
});
