/**
 * The vectors of types that this library has schemas for, by those schemas: times, big numbers, addresses and the like. In the
 * vectors' notation such a type is a marshaler with its bytes. A NaN with Go's bit pattern, which the notation lacks, is here too.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addr,
  bigFloat,
  bigInt,
  bigRat,
  duration,
  Encoder,
  ip,
  ipNet,
  rawMessage,
  Time,
  TypeRegistry,
  time,
  url,
  uuid,
} from "../../protocol/gob/index.js";
import {
  type AnySchema,
  any,
  complex128,
  empty,
  float32,
  float64,
  int,
  map,
  marshaler,
  named,
  optional,
  slice,
  string,
  struct,
  value,
} from "../../protocol/schema/index.js";
import { GOB_FILES, readVectors, toBytes } from "./notation.js";
import { renumber } from "./renumber.js";

const timeS = struct("main.TimeS", { T: time(), P: optional(time()), D: duration() });
const bigS = struct("main.BigS", {
  I: optional(bigInt()),
  F: optional(bigFloat()),
  R: optional(bigRat()),
});
const netS = struct("main.NetS", { IP: ip(), Net: ipNet(), U: optional(url()) });
const mainUuid = uuid("main.UUID");
const uuidHolder = struct("", { ID: mainUuid });
const floats = struct("main.Floats", {
  A: float64(),
  B: float64(),
  C: float64(),
  D: float64(),
  E: complex128(),
  F: complex128(),
  G: float32(),
});
/** Its method is that of the time in it. */
const embNamed = marshaler({
  name: "main.EmbNamed",
  encode: time().encode,
  decode: time().decode,
  zero: time().zero,
  underlying: struct("", {
    Int: named("example.com/full/p.Int", int()),
    Str: named("example.com/full/p.Str", string()),
    Time: optional(time()),
  }),
});

const at = (unixSeconds: bigint, offsetSeconds?: number) =>
  new Time({ unixSeconds, offsetSeconds });
const utc = new Time({ unixSeconds: 1683356889n, nanoseconds: 123456789 });
const zeroTime = at(-62135596800n);
const goNaN = new DataView(Uint8Array.from([0x7f, 0xf8, 0, 0, 0, 0, 0, 1]).buffer).getFloat64(0);

/** The schema and the value, by the id of the vector. */
const VALUES: Readonly<Record<string, readonly [schema: AnySchema, value: unknown]>> = {
  "float-nan": [float64(), goNaN],
  "floats-negzero-nan": [
    floats,
    {
      A: -0,
      B: goNaN,
      C: Number.NEGATIVE_INFINITY,
      D: 0,
      E: { re: -0, im: 0 },
      F: { re: 0, im: goNaN },
      G: -0,
    },
  ],
  "anon-empty-struct": [empty(), undefined],
  "map-string-empty-struct": [map(string(), empty()), new Map([["a", undefined]])],
  "iface-emptystruct": [any(), value(empty(), undefined)],

  duration: [duration(), 1_500_000_000n],
  "iface-duration": [any(), value(duration(), 1_000_000_000n)],
  "time-zero": [time(), zeroTime],
  "time-utc": [time(), utc],
  "time-zone": [time(), at(1683337089n, 19800)],
  "time-negzone": [time(), at(1683385689n, -28800)],
  "time-subminute": [time(), at(-2208992421n, 3621)],
  "time-subminute-neg": [time(), at(-2208985179n, -3621)],
  "time-ptr-top": [optional(time()), utc],
  times: [timeS, { T: utc, P: utc, D: 1_000_000_000n }],
  "times-zero": [timeS, { T: zeroTime, P: zeroTime, D: 0n }],
  "iface-time": [any(), value(time(), at(0n))],
  "emb-named": [embNamed, at(1n)],

  bigint: [optional(bigInt()), -123456789n],
  "bigint-0": [optional(bigInt()), 0n],
  "bigint-2^128": [optional(bigInt()), 2n ** 128n],
  bigfloat: [optional(bigFloat()), 1.5],
  bigrat: [optional(bigRat()), { num: -3n, den: 7n }],
  bigs: [bigS, { I: 1n, R: { num: 1n, den: 2n } }],

  ip4: [ip(), "1.2.3.4"],
  "ip4-4": [ip(), Uint8Array.of(1, 2, 3, 4)],
  netip: [addr(), "1.2.3.4"],
  "url-ptr": [optional(url()), "https://a.example/b?c=d"],
  "url-in-slice": [slice(optional(url())), ["http://x/"]],
  nets: [
    netS,
    {
      IP: "1.2.3.4",
      Net: { IP: Uint8Array.of(1, 2, 3, 0), Mask: Uint8Array.of(255, 255, 255, 0) },
      U: "https://a.example/b?c=d",
    },
  ],
  rawmessage: [rawMessage(), { a: 1 }],
  uuid: [mainUuid, "00010203-0405-0607-0809-0a0b0c0d0e0f"],
  "uuid-field": [uuidHolder, { ID: "01000000-0000-0000-0000-000000000000" }],
  "uuid-field-zero": [uuidHolder, { ID: "00000000-0000-0000-0000-000000000000" }],
};

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const vectors = new Map(
  GOB_FILES.flatMap((file) => readVectors(file)).map((vector) => [vector.id, vector]),
);

for (const [id, [schema, of]] of Object.entries(VALUES)) {
  const vector = vectors.get(id);
  assert.ok(vector, `there is no vector ${id}`);
  for (const firstId of [64, 65] as const) {
    test(`[${vector.clause}] ${id} encodes to Go's bytes from id ${firstId}: ${vector.go}`, () => {
      const encoder = new Encoder({ order: "go", types: new TypeRegistry({ firstId }) });
      const want = renumber(toBytes(vector.hex), firstId - 64);
      assert.equal(hex(encoder.encode(schema, of as never)), hex(want));
    });
  }
}
