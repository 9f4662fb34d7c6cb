/** Descriptions, dumps, streams and streams in streams. */
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { test } from "node:test";
import {
  decodeGob,
  decoderStream,
  decodeStream,
  describe,
  duration,
  Encoder,
  encodeGob,
  encoderStream,
  encodeStream,
  gobBytes,
  inspect,
  ipNet,
  StreamDecoder,
  time,
} from "../../../protocol/gob/index.js";
import type { AnySchema } from "../../../protocol/schema/index.js";
import * as s from "../../../protocol/schema/index.js";
import { decoderOf, encode, hex, through, unhex } from "./helpers.js";

const Point = s.struct("main.Point", { X: s.int(), Y: s.int() });
const points = Array.from({ length: 20 }, (_, i) => ({ X: i, Y: -1 - i }));

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of source) all.push(value);
  return all;
}

test("a schema is described as Go source", () => {
  const Node: AnySchema = s.struct("main.Node", {
    Id: s.int64(),
    Celsius: s.named("main.Celsius", s.float32()),
    Next: s.optional(s.lazy(() => Node)),
    Points: s.map(s.string(), s.slice(Point)),
    Any: s.any(),
    Raw: s.bytes(),
    When: time(),
    For: duration(),
    Mask: ipNet(),
    Inline: s.struct("", { A: s.array(2, s.bool()) }),
    None: s.empty(),
    Twin: s.struct("other.Point", { Z: s.int8() }),
  });
  const source = [
    "type Node struct {",
    "\tId      int64",
    "\tCelsius Celsius",
    "\tNext    *Node",
    "\tPoints  map[string][]Point",
    "\tAny     any",
    "\tRaw     []byte",
    "\tWhen    time.Time",
    "\tFor     time.Duration",
    "\tMask    net.IPNet",
    "\tInline  Anonymous",
    "\tNone    struct{}",
    "\tTwin    Point2",
    "}",
    "",
    "type Celsius float32",
    "",
    "type Point struct {",
    "\tX int",
    "\tY int",
    "}",
    "",
    "type Anonymous struct {",
    "\tA [2]bool",
    "}",
    "",
    "type Point2 struct {",
    "\tZ int8",
    "}",
    "",
  ];
  assert.equal(describe(Node), source.join("\n"));
  assert.equal(
    describe(s.map(s.string(), s.slice(s.optional(s.uint16())))),
    "map[string][]*uint16",
  );
  assert.throws(() => describe({ kind: "nonsense" }), /not a schema/);
});

test("the types of a stream are described as Go source", () => {
  const encoder = new Encoder();
  encoder.append(s.slice(Point), points);
  encoder.append(s.struct("Point", { Z: s.map(s.string(), time()), E: s.empty() }), {
    Z: new Map(),
    E: undefined,
  });
  encoder.append(s.named("main.Pair", s.array(2, s.any())), [null, null]);
  const decoder = decoderOf(encoder.take());
  assert.equal(decoder.describeTypes(), "");
  while (decoder.bufferedBytes > 0) decoder.trySkip();
  const text = decoder.describeTypes();
  for (const part of [
    "// 65: []Point",
    "// 64\ntype Point struct {\n\tX int\n\tY int\n}",
    "type Point_66 struct {\n\tZ map[string]Type67\n\tE Type69\n}",
    "type Type67 struct{} // brings its own bytes: GobEncode",
    "type Pair [2]any",
    "type Type69 struct{}",
  ]) {
    assert.ok(text.includes(part), `${part}\n--\n${text}`);
  }
});

test("types that are not defined, or without end, are described as far as they go", () => {
  const decoder = decoderOf(
    unhex("0dff81020102ff820001ffd00000 0dff83020102ff840001ff840000 0aff8503010102412d00"),
  );
  assert.throws(() => decoder.trySkip());
  assert.match(decoder.describeTypes(), /undefined type 104/);
  assert.match(decoder.describeTypes(), /…/);
});

test("[GOB-10] a dump shows every token of a value", () => {
  const dump = inspect(encode(Point, { X: 22, Y: 0 })).split("\n");
  assert.equal(dump[0], "1e                        message length 30");
  assert.equal(dump[1], "7f                        type id -64: definition of 64 follows");
  assert.equal(dump[2], "03                          +3 -> field 2 StructT");
  assert.ok(dump.some((line) => /^04 +id 2 \(int\)$/.test(line)));
  assert.equal(dump.at(-4), "01                        +1 -> field 0 X");
  assert.equal(dump.at(-3), "2c                          int 22");
  assert.equal(dump.at(-2), "00                        end of Point");
});

test("a dump shows all kinds of values", () => {
  const All = s.struct("All", {
    B: s.bool(),
    U: s.uint(),
    F: s.float64(),
    C: s.complex128(),
    S: s.string(),
    D: s.bytes(),
    L: s.slice(s.int()),
    M: s.map(s.string(), s.int()),
    T: time(),
    I: s.any(),
  });
  const value = {
    B: true,
    U: 7,
    F: 2.5,
    C: { re: -0, im: 1 },
    S: "x".repeat(100),
    D: unhex("0102"),
    L: [1],
    M: new Map([["k", 1]]),
    T: new Date(0),
    I: s.value(s.named("main.Point", Point), { X: 1, Y: 2 }),
  };
  const encoder = new Encoder({ order: "go" });
  const dump = inspect(encoder.encode(All, value));
  for (const text of [
    "bool true",
    "uint 7",
    "float 2.5",
    "complex -0, 1i",
    `string "${"x".repeat(60)}…"`,
    "2 bytes",
    "slice count 1",
    "map count 1",
    "15 marshaled bytes",
    'concrete type name "main.Point"',
    "value length",
  ]) {
    assert.ok(dump.includes(text), text);
  }
  const deep = new Encoder({ order: "go" });
  const nested = s.value(s.slice(s.any()), [s.value(s.named("main.Point", Point), { X: 1, Y: 1 })]);
  assert.match(inspect(deep.encode(s.any(), nested)), /chunk length \d+ \(read and discarded\)/);
});

test("a dump says what is wrong where it is, and goes on", () => {
  const cases: [string, RegExp][] = [
    ["0304", /2 rest of the stream/],
    ["80", /error: .*unsigned integer out of range/],
    ["04ffc60006 03040006", /error: .*unknown type id[\s\S]*int 3/],
    ["0aff81070102ff82000000 04ff820000", /TextMarshalerT[\s\S]*0 marshaled bytes/],
    ["03ff8100 05ff82000204", /without a kind/],
    [
      "1fff8103010105506f696e7401ff820001020101580104000101590104000000 05ff82032c00",
      /out of bounds/,
    ],
    ["0510007f6162", /type name length/],
    ["10100002502a", /rest of the stream/],
    ["05100001 6104", /error/],
    ["061000016181ff", /error/],
    ["04040006aa", /1 unused bytes/],
  ];
  for (const [bytes, want] of cases) assert.match(inspect(unhex(bytes)), want, bytes);
  const long = inspect(encode(s.slice(s.int()), new Array(100).fill(1)), { maxLines: 20 });
  assert.match(long, /… cut after 20 lines \(option maxLines\)/);
});

test("a gob stream travels inside bytes", () => {
  const wrapped = gobBytes(Point);
  assert.deepEqual(through(wrapped, { X: 1, Y: 2 }, wrapped), { X: 1, Y: 2 });
  const inner = through(wrapped, { X: 1, Y: 2 }, s.bytes());
  assert.equal(hex(inner), hex(encodeGob(Point, { X: 1, Y: 2 })));
  assert.deepEqual(decodeGob(Point, inner), { X: 1, Y: 2 });
  assert.throws(() => decodeGob(Point, Buffer.concat([inner, inner])), {
    code: "corrupt",
    message: /bytes follow the value/,
  });
  assert.throws(() => decodeGob(Point, inner.subarray(0, -1)), { code: "unexpected-eof" });
  assert.throws(() => decodeGob(Point, new Uint8Array()), { code: "eof" });
});

test("values are read from a Node stream, each with its schema", async () => {
  const encoder = new Encoder();
  encoder.append(Point, { X: 1, Y: 2 });
  encoder.append(s.string(), "skipped");
  encoder.append(s.any(), "any");
  encoder.append(s.int(), 5);
  const bytes = encoder.take();
  const chunks = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
  await using decoder = new StreamDecoder(Readable.from(chunks));
  assert.deepEqual(await decoder.decode(Point), { X: 1, Y: 2 });
  await decoder.skip();
  const any = await decoder.decodeAny();
  assert.equal((any.value as s.TypedValue).value, "any");
  assert.equal(await decoder.decode(s.int()), 5);
  await assert.rejects(decoder.decode(s.int()), { code: "eof" });
});

test("leaving the loop over values lets go of the source", async () => {
  const source = Readable.from(encodeStream(points, Point));
  for await (const point of decodeStream(source, Point)) {
    assert.deepEqual(point, { X: 0, Y: -1 });
    break;
  }
  assert.ok(source.destroyed);
});

test("values pass through Node and web streams and come out the same", async () => {
  const out: unknown[] = [];
  await pipeline(encodeStream(points, Point), async (source: AsyncIterable<Uint8Array>) => {
    for await (const point of decodeStream(source, Point)) out.push(point);
  });
  assert.deepEqual(out, points);
  const web = ReadableStream.from(points)
    .pipeThrough(encoderStream(Point))
    .pipeThrough(decoderStream(Point));
  assert.deepEqual(await collect(web), points);
});

test("errors of the source and of values come out of the loop", async () => {
  const failing = (async function* () {
    yield encode(s.int(), 1);
    throw new Error("source failed");
  })();
  const values = decodeStream(failing, s.int());
  assert.deepEqual(await values.next(), { done: false, value: 1 });
  await assert.rejects(values.next(), /source failed/);
  const cut = decodeStream([encode(Point, { X: 1, Y: 1 }).subarray(0, 10)], Point);
  await assert.rejects(cut.next(), { code: "unexpected-eof" });
  const wrong = encodeStream(["x" as never], s.int());
  await assert.rejects(wrong.next(), { code: "bad-value" });
  const broken = ReadableStream.from([unhex("0304")]).pipeThrough(decoderStream(s.int()));
  await assert.rejects(collect(broken), { code: "unexpected-eof" });
});
