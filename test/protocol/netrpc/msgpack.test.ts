/** net/rpc in msgpack: bytes as Go's libraries write them, what is read beyond that, and what is refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as twin from "@msgpack/msgpack";
import fc from "fast-check";
import { memoryPair } from "../../../lib/net/memory-pair.js";
import { CodecError } from "../../../protocol/errors.js";
import { time } from "../../../protocol/gob/wellknown/index.js";
import {
  MsgpackDecoder,
  MsgpackEncoder,
  type MsgpackOptions,
} from "../../../protocol/msgpack/stream.js";
import {
  type ClientCodec,
  GO_MSGPACK_V1,
  GO_MSGPACK_V2,
  msgpackClientCodec,
  msgpackServerCodec,
  msgpackSpecClientCodec,
  msgpackSpecServerCodec,
  RpcServer,
  service,
  UGORJI,
} from "../../../protocol/netrpc/index.js";
import * as s from "../../../protocol/schema/index.js";
import { Time } from "../../../protocol/schema/time.js";
import { takeRequest, takeResponse } from "./helpers.js";

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

function encode(schema: s.AnySchema, value: unknown, options?: MsgpackOptions): string {
  const encoder = new MsgpackEncoder(options);
  encoder.append(schema, value);
  return toHex(encoder.take());
}
function decode(schema: s.AnySchema, text: string, options?: MsgpackOptions): unknown {
  const decoder = new MsgpackDecoder(options);
  decoder.push(hex(text));
  return decoder.tryDecode(schema);
}

const args = s.struct("Args", { A: s.int(), B: s.int() });
const methods = {
  Greet: { args: s.any(), reply: s.string() },
  Fail: { args: s.any(), reply: s.string() },
  Mult: { args, reply: s.int() },
};
const SERVICE_METHOD = "ad536572766963654d6574686f64";
const greet = "ac506c7567696e2e4772656574";

// Captured from Go (ugorji, WriteExt): the requests of its client and the answers of its server.
const captured: [
  seq: number,
  method: keyof typeof methods,
  args: unknown,
  out: string,
  back: string,
][] = [
  [
    0,
    "Greet",
    null,
    `82${SERVICE_METHOD}${greet}a353657100c0`,
    `83${SERVICE_METHOD}${greet}a353657100a54572726f72a0a648656c6c6f21`,
  ],
  [
    2,
    "Fail",
    null,
    `82${SERVICE_METHOD}ab506c7567696e2e4661696ca353657102c0`,
    `83${SERVICE_METHOD}ab506c7567696e2e4661696ca353657102a54572726f72a4626f6f6d80`,
  ],
  [
    3,
    "Mult",
    { A: 7, B: -8 },
    `82${SERVICE_METHOD}ab506c7567696e2e4d756c74a353657103 82a14107a142f8`,
    `83${SERVICE_METHOD}ab506c7567696e2e4d756c74a353657103a54572726f72a0d0c8`,
  ],
];

function rawServer(codec = msgpackServerCodec()) {
  const [near, far] = memoryPair();
  const server = new RpcServer();
  const implementation = {
    Greet: () => "Hello!",
    Fail: () => Promise.reject(new Error("boom")),
    Mult: ({ A, B }: { A: number; B: number }) => A * B,
  };
  server.register("Plugin", service(methods, implementation));
  const done = server.serveConn(far, { codec });
  const received: Buffer[] = [];
  const ended = new Promise<void>((resolve) => {
    near.start({ onData: (chunk) => received.push(Buffer.from(chunk)), onEnd: () => resolve() });
  });
  const settle = () => new Promise(setImmediate);
  const heard = async () => {
    await settle();
    await settle();
    return toHex(Buffer.concat(received.splice(0)));
  };
  return {
    send: (text: string) => near.write(hex(text)),
    end: () => near.end(),
    heard,
    done,
    ended,
  };
}

for (const [seq, method, value, out, back] of captured) {
  const header = { ServiceMethod: `Plugin.${method}`, Seq: seq };
  test(`[NETRPC-17] Plugin.${method} is the bytes that Go's client sends`, () => {
    const bytes = takeRequest(msgpackClientCodec(), header, methods[method].args, value, undefined);
    assert.equal(toHex(bytes), out.replaceAll(" ", ""));
  });

  test(`[NETRPC-17] Plugin.${method} is answered with the bytes of Go's server`, async () => {
    const peer = rawServer();
    peer.send(out);
    assert.equal(await peer.heard(), back);
  });

  test(`[NETRPC-17] the answer to Plugin.${method} is read, byte by byte too`, () => {
    const codec = msgpackClientCodec();
    const response = feed(codec, back);
    assert.deepEqual(response, { Seq: seq, Error: method === "Fail" ? "boom" : "" });
    if (method === "Mult") assert.equal(codec.readBody(s.int(), undefined), -56);
    else if (method === "Greet") assert.equal(codec.readBody(s.string(), undefined), "Hello!");
    else assert.equal(codec.discardBody(), true);
  });
}

/** Pushes single bytes, in one buffer that is used again; returns the header. */
function feed(codec: ClientCodec, text: string): unknown {
  const chunk = Buffer.alloc(1);
  let header: unknown;
  for (const byte of hex(text)) {
    chunk[0] = byte;
    codec.push(chunk);
    if (typeof (header ?? Symbol()) === "symbol") header = codec.readHeader();
    codec.retain();
    chunk[0] = 0xc1;
  }
  return header;
}

const accepted: [what: string, bytes: string][] = [
  ["go-msgpack's sorted keys", `82a353657100${SERVICE_METHOD}${greet}c0`],
  ["str8 and a map16", `de0002d90d${SERVICE_METHOD.slice(2)}d90c${greet.slice(2)}a353657100c0`],
  ["further keys", `83${SERVICE_METHOD}${greet}a353657100a45a7a7a7a93010203c0`],
  ["no Seq", `81${SERVICE_METHOD}${greet}c0`],
  ["Seq as uint64", `82${SERVICE_METHOD}${greet}a3536571cf0000000000000000c0`],
  ["Seq as int64", `82${SERVICE_METHOD}${greet}a3536571d30000000000000000c0`],
  ["Seq as a float", `82${SERVICE_METHOD}${greet}a3536571cb0000000000000000c0`],
  ["an array", `92${greet}00c0`],
];
for (const [what, bytes] of accepted) {
  test(`[NETRPC-17] a header with ${what} is read`, async () => {
    const peer = rawServer();
    peer.send(bytes);
    assert.match(await peer.heard(), /a353657100a54572726f72a0a648656c6c6f21$/);
  });
}

test("[NETRPC-7] header keys in lower case are not matched, as in Go", async () => {
  const peer = rawServer();
  peer.send(`82ad736572766963656d6574686f64${greet}a373657100c0`);
  const heard = Buffer.from(await peer.heard(), "hex").toString("latin1");
  assert.match(heard, /rpc: service\/method request ill-formed: /);
});

test("[NETRPC-17] an argument that does not fit is answered, and the connection goes on", async () => {
  const peer = rawServer();
  peer.send(`82${SERVICE_METHOD}ab506c7567696e2e4d756c74a353657109 93a178a179c3`);
  const text = Buffer.from(await peer.heard(), "hex").toString("latin1");
  assert.match(text, /msgpack: Args\.A: want int, got string/);
  peer.send(captured[2]![3]);
  assert.match(await peer.heard(), /d0c8$/);
});

test("[NETRPC-7] an unknown method with a nil body is refused at once", async () => {
  const peer = rawServer();
  peer.send(`82${SERVICE_METHOD}a8506c7567696e2e58a353657101c0`);
  assert.match(
    Buffer.from(await peer.heard(), "hex").toString("latin1"),
    /can't find method Plugin.X/,
  );
});

const fatal: [what: string, bytes: string][] = [
  ["c1 as a header", "c1"],
  ["a header that is nil", "c0"],
  ["a header that is an int", "07"],
  ["a negative Seq", `82${SERVICE_METHOD}${greet}a3536571ffc0`],
  ["a ServiceMethod that is an int", `82${SERVICE_METHOD}07a353657100c0`],
  ["a map of 2^32-1 entries", "dfffffffff"],
  ["an array of 2^32-1 entries", "ddffffffff"],
  ["bytes of 2^32-1", "c6ffffffff"],
  ["a text of 2^32-1", "dbffffffff"],
  ["an extension of 2^32-1", "c9ffffffff01"],
  ["arrays in arrays without end", "91".repeat(2000)],
];
for (const [what, bytes] of fatal) {
  test(`[NETRPC-18] ${what} ends the connection without an answer`, async () => {
    const peer = rawServer();
    peer.send(bytes);
    await peer.ended;
    await peer.done;
    assert.equal(await peer.heard(), "");
  });
}

test("[NETRPC-18] a body past maxMessageBytes is answered with the option's name, then it ends", async () => {
  const peer = rawServer(msgpackServerCodec({ maxMessageBytes: 1000 }));
  peer.send(`82${SERVICE_METHOD}${greet}a353657100 c6000003e8`);
  await peer.ended;
  assert.match(
    Buffer.from(await peer.heard(), "hex").toString("latin1"),
    /maxMessageBytes is 1000/,
  );
});

test("[NETRPC-18] a depth past maxDepth is a limit that names the option", () => {
  const decoder = new MsgpackDecoder({ maxDepth: 3 });
  decoder.push(hex("9191919101"));
  assert.throws(() => decoder.take(), { code: "limit", message: /maxDepth 3/ });
});

const expensive: [what: string, byte: string, options?: MsgpackOptions][] = [
  ["maps", "80"],
  ["arrays", "90"],
  ["bytes", "c400"],
  ["texts that arrive as bytes", "a0", { dialect: GO_MSGPACK_V1 }],
];
for (const [what, byte, options] of expensive) {
  test(`[NETRPC-18] many empty ${what} are refused before they are made: maxValueBytes`, () => {
    const decoder = new MsgpackDecoder(options);
    // An array of 16 million.
    decoder.push(hex(`dd01000000${byte.repeat(6_000_000)}`));
    assert.throws(() => decoder.take(), { code: "limit", message: /maxValueBytes 268435456/ });
  });
}

test("[NETRPC-18] maxValueBytes counts each value on its own", () => {
  const decoder = new MsgpackDecoder({ maxValueBytes: 1000 });
  for (let i = 0; i < 100; i++) {
    decoder.push(hex("93808080"));
    assert.equal(decoder.take()?.length, 4);
  }
});

const MAX64 = 2n ** 64n - 1n;
const ints: [value: number | bigint, bytes: string][] = [
  [0, "00"],
  [127, "7f"],
  [128, "d10080"],
  [200, "d100c8"],
  [70_000, "d200011170"],
  [2 ** 32 - 1, "d300000000ffffffff"],
  [2 ** 32, "d30000000100000000"],
  [Number.MAX_SAFE_INTEGER, "d3001fffffffffffff"],
  [-1, "ff"],
  [-33, "d0df"],
  [-(2 ** 31), "d280000000"],
  [-(2 ** 31) - 1, "d3ffffffff7fffffff"],
  [2n ** 63n - 1n, "d37fffffffffffffff"],
  [-(2n ** 63n), "d38000000000000000"],
];
for (const [value, bytes] of ints) {
  test(`[NETRPC-19] the integer ${value} keeps every digit`, () => {
    const back = decode(s.int64(), encode(s.int64(), BigInt(value)));
    assert.equal(back, BigInt(value));
    const written = encode(s.int64({ as: "safe" }), value);
    assert.equal(written, bytes);
  });
}

test("[NETRPC-19] a positive integer has the form that the dialect's library writes", () => {
  const v1 = { dialect: GO_MSGPACK_V1 };
  for (const [value, unsigned] of [
    [128n, "cc80"],
    [256n, "cd0100"],
    [65_536n, "ce00010000"],
    [2n ** 32n, "cf0000000100000000"],
  ] as const) {
    assert.equal(encode(s.uint64(), value), unsigned);
    assert.equal(encode(s.int64(), value, v1), unsigned);
    assert.equal(encode(s.int64(), -value, v1), encode(s.int64(), -value));
  }
});

test("[NETRPC-19] uint64 keeps every digit, and what is out of range is refused", () => {
  assert.equal(decode(s.uint64(), encode(s.uint64(), MAX64)), MAX64);
  const wrong: [s.AnySchema, string][] = [
    [s.int64(), "cfffffffffffffffff"],
    [s.int(), "cf0020000000000000"],
    [s.uint8(), "cd0100"],
    [s.uint(), "ff"],
    [s.float32(), "cb7fe1ccf385ebc8a0"],
  ];
  for (const [schema, text] of wrong) {
    assert.throws(() => decode(schema, text), { name: "CodecError", code: "out-of-range" });
  }
});

test("[NETRPC-19] floats stay floats, whole ones too", () => {
  assert.equal(encode(s.float64(), 1), "cb3ff0000000000000");
  assert.equal(encode(s.any(), s.value(s.float64(), -0)), "cb8000000000000000");
  assert.equal(decode(s.float64(), "07"), 7);
  assert.equal(decode(s.int(), "cb401c000000000000"), 7);
});

test("[NETRPC-19] texts and bytes are told apart, or arrive as the schema says", () => {
  assert.equal(encode(s.string(), "by"), "a26279");
  assert.equal(encode(s.bytes(), hex("6279")), "c4026279");
  for (const dialect of [UGORJI, GO_MSGPACK_V1, GO_MSGPACK_V2]) {
    for (const wire of ["a26279", "c4026279", "d9026279"]) {
      assert.equal(decode(s.string(), wire, { dialect }), "by");
      assert.deepEqual(decode(s.bytes(), wire, { dialect }), hex("6279"));
    }
  }
  const raw = { dialect: GO_MSGPACK_V2 };
  assert.equal(decode(s.any(), "a26279"), "by");
  assert.deepEqual(decode(s.any(), "a26279", raw), hex("6279"));
  assert.equal(decode(s.any(), "a26279", { ...raw, rawToString: true }), "by");
  assert.deepEqual(decode(s.bytes(), "a2fffe", raw), hex("fffe"));
});

test("[NETRPC-19] keys of maps keep their kind, and no key is special", () => {
  const byInt = new Map([
    [-5, "a"],
    [2 ** 40, "b"],
  ]);
  const schema = s.map(s.int(), s.string());
  assert.equal(encode(s.map(s.int(), s.bool()), new Map([[5, true]])), "8105c3");
  assert.deepEqual(decode(schema, encode(schema, byInt)), byInt);
  assert.deepEqual(
    decode(s.any(), "8205a161a16207"),
    new Map<unknown, unknown>([
      ["b", 7],
      [5, "a"],
    ]),
  );
  const record = s.record(s.int());
  assert.deepEqual(
    Object.entries(decode(record, encode(record, { constructor: 1, "": 2 })) as object),
    [
      ["constructor", 1],
      ["", 2],
    ],
  );
  const special = decode(record, "81a95f5f70726f746f5f5f01") as object;
  assert.deepEqual(Object.entries(special), [["__proto__", 1]]);
  assert.throws(() => decode(record, "819101 01"), { code: "type-mismatch" });
});

test("[NETRPC-17] a missing or nil field is a zero, and an unknown one is passed over", () => {
  const schema = s.struct("T", {
    A: s.int(),
    S: s.slice(s.int()),
    P: s.optional(args),
    I: s.any(),
    Q: args,
  });
  const zero = { A: 0, S: [], I: null, Q: { A: 0, B: 0 } };
  assert.deepEqual(decode(schema, "80"), zero);
  assert.deepEqual(decode(schema, "c0"), zero);
  assert.deepEqual(decode(schema, "85a141c0a153c0a150c0a149c0a158930102c3"), zero);
  assert.deepEqual(decode(args, "920708"), { A: 7, B: 8 });
  const renamed = s.struct("T", { a: s.field("x_y", s.int()) });
  assert.equal(encode(renamed, { a: 1 }), "81a3785f7901");
});

const nanos = new Time({ unixSeconds: 20n, nanoseconds: 1 });
const times: [what: string, options: MsgpackOptions, time: Time, bytes: string][] = [
  ["ugorji, 4 bytes", {}, new Time({ unixSeconds: 1n }), "d6ff00000001"],
  ["ugorji, 8 bytes", {}, nanos, "d7ff0000000400000014"],
  [
    "ugorji, 12 bytes",
    {},
    new Time({ unixSeconds: -1n, nanoseconds: 999_999_999 }),
    "c70cff3b9ac9ffffffffffffffffff",
  ],
  [
    "v1, the bytes of MarshalBinary",
    { dialect: GO_MSGPACK_V1 },
    nanos,
    "c40f010000000e7791f71400000001ffff",
  ],
  ["v2", { dialect: GO_MSGPACK_V2 }, nanos, "d7ff0000000400000014"],
];
for (const [what, options, value, bytes] of times) {
  test(`[NETRPC-20] a time is exact to the nanosecond: ${what}`, () => {
    assert.equal(encode(time(), value, options), bytes);
    assert.deepEqual(decode(time(), bytes, options), value);
  });
}

test("[NETRPC-20] all forms of a time are read in all dialects", () => {
  for (const dialect of [UGORJI, GO_MSGPACK_V1, GO_MSGPACK_V2]) {
    for (const bytes of [
      "d7ff0000000400000014",
      "c4080000000400000014",
      "c40f010000000e7791f71400000001ffff",
    ]) {
      assert.deepEqual(decode(time(), bytes, { dialect }), nanos);
    }
    assert.equal((decode(time(), "c0", { dialect }) as Time).isZero, true);
  }
  assert.deepEqual(decode(time(), "a80000000400000014", { dialect: GO_MSGPACK_V2 }), nanos);
  assert.deepEqual(decode(s.any(), "d6ff00000001"), new Time({ unixSeconds: 1n }));
  for (const bad of ["d7ffffffffff00000000", "d4ff00", "a178", "07", "c401 00"]) {
    assert.throws(() => decode(time(), bad), CodecError);
  }
});

test("[NETRPC-21] the messages of msgpack-rpc are Go's byte for byte", () => {
  const client = msgpackSpecClientCodec();
  const header = { ServiceMethod: "Plugin.Greet", Seq: 0 };
  const out = takeRequest(client, header, s.any(), null, undefined);
  assert.equal(toHex(out), `940000${greet}91c0`);
  const server = msgpackSpecServerCodec();
  const ok = takeResponse(server, { ...header, Error: "" }, s.string(), "Hello!", undefined);
  assert.equal(toHex(ok), "940100c0a648656c6c6f21");
  const failed = takeResponse(
    server,
    { ...header, Seq: 2, Error: "boom" },
    s.empty(),
    undefined,
    undefined,
  );
  assert.equal(toHex(failed), "940102a4626f6f6dc0");
  assert.throws(() => client.appendRequest({ ...header, Seq: 2 ** 32 }, s.any(), null, undefined), {
    code: "out-of-range",
  });
});

for (const bytes of ["9400000791c0", "9300a16191", "dc00040000a16191c0", "940200a161c0", "07"]) {
  test(`[NETRPC-21] ${bytes} is not a request and ends the connection`, async () => {
    const peer = rawServer(msgpackSpecServerCodec());
    peer.send(bytes);
    peer.end();
    await peer.ended;
    assert.equal(await peer.heard(), "");
  });
}

test("an argument that does not fit names its place, and nothing of it is sent", () => {
  const codec = msgpackClientCodec();
  const header = { ServiceMethod: "P.M", Seq: 0 };
  const schema = s.struct("Job", { Parts: s.slice(args) });
  const bad = {
    Parts: [
      { A: 1, B: 2 },
      { A: 1, B: "x" },
    ],
  };
  assert.throws(() => codec.appendRequest(header, schema, bad, undefined), {
    name: "CodecError",
    code: "bad-value",
    path: "Job.Parts[1].B",
    message: "msgpack: Job.Parts[1].B: want int, got string",
  });
  const good = takeRequest(codec, header, s.int(), 1, undefined);
  assert.equal(toHex(good), `82${SERVICE_METHOD}a3502e4da35365710001`);
  for (const schema of [s.complex128(), s.map(s.float64(), s.int()), s.opaque("big.Int")]) {
    assert.throws(() => encode(schema, {}), { code: "bad-value" });
  }
});

test("a value of any kind keeps its kind through dynamic", () => {
  const bytes = "86a16e01a166cb3ff8000000000000a173a178a162c40101a16c9201c0a16d81a16bc3";
  const value = decode(s.dynamic(), bytes);
  assert.deepEqual(decode(s.any(), encode(s.any(), value)), decode(s.any(), bytes));
});

test("[NETRPC-33] a value that nobody looked at is written as it came", () => {
  const values = [
    // Integers, signed and not; floats of both widths, whole ones too.
    "9907ccc8d100c8cfffffffffffffffffca3f800000cb3ff0000000000000cbbff8000000000000e0d3ffffffff00000000",
    // Texts and bytes; bytes in a text that are no UTF-8; times; other extensions.
    "98a178c40178a2fffed6ff00000001d7ff0000000400000014c70cff3b9ac9ffffffffffffffffffd40501c7030501 0203",
    // Keys: texts that are no UTF-8, integers of both kinds, mixed ones.
    "82a1ffc0a1fec0",
    "82d3ffffffff00000000c005c3",
    "82cd0100c005c3",
    "8505a161ccc8a162a135a163cb3ff0000000000000a164c0a165",
    // nil and empty are two things.
    "94c09080c400",
  ];
  for (const bytes of values) {
    const value = decode(s.dynamic(), bytes);
    assert.equal(encode(s.dynamic(), value), bytes.replaceAll(" ", ""), bytes);
  }
  // The same bytes, but strings are bytes in this dialect.
  const raw = { dialect: GO_MSGPACK_V1 };
  const text = "83a161a2fffea162c401ffa163d9026279";
  assert.equal(
    encode(s.dynamic(), decode(s.dynamic(), text, raw), raw),
    text.replace("d902", "a2"),
  );
});

test("[NETRPC-33] keys that would become one are refused, and dynamic keeps them", () => {
  for (const bytes of ["8201c3cb3ff0000000000000c2", "82cccac0ca434a0000c0"]) {
    assert.throws(() => decode(s.any(), bytes), { code: "type-mismatch", reason: "keys" });
    assert.equal(encode(s.dynamic(), decode(s.dynamic(), bytes)), bytes);
  }
  const nan = "82cb7ff8000000000000c3cb7ff8000000000000c2";
  assert.throws(() => decode(s.any(), nan), { code: "type-mismatch" });
  assert.throws(() => decode(s.map(s.float64(), s.bool()), nan), { code: "type-mismatch" });
  assert.equal(encode(s.dynamic(), decode(s.dynamic(), nan)), nan);
  assert.deepEqual(decode(s.any(), "82a161c3a161c2"), new Map([["a", false]]));
});

test("[NETRPC-32] nil and empty stay apart, and what is added to nil is sent", () => {
  const schema = s.struct("T", {
    S: s.slice(s.int()),
    B: s.bytes(),
    U: s.slice(s.uint8()),
    M: s.map(s.string(), s.int()),
    R: s.record(s.int()),
    P: s.optional(s.slice(s.int())),
  });
  const nil = "86a153c0a142c0a155c0a14dc0a152c0a150c0";
  const empty = "86a15390a142c400a155c400a14d80a15280a15090";
  for (const bytes of [nil, empty]) assert.equal(encode(schema, decode(schema, bytes)), bytes);
  const value = decode(schema, nil) as s.Out<typeof schema>;
  assert.deepEqual(value, decode(schema, empty.replace("a15090", "a150c0")));
  value.S.push(1);
  value.M.set("k", 2);
  value.R.k = 3;
  assert.equal(encode(schema, value), "86a1539101a142c0a155c0a14d81a16b02a15281a16b03a150c0");
});

test("[NETRPC-19] a map may have keys of any kind", () => {
  const point = s.struct("P", { X: s.int() });
  const schema = s.map(point, s.bool());
  const value = new Map([[{ X: 1 }, true]]);
  assert.equal(encode(schema, value), "8181a15801c3");
  assert.deepEqual(decode(schema, "8181a15801c3"), value);
});

test("[NETRPC-33] an extension is passed on, and read by its schema", () => {
  const value = decode(s.any(), "d40501") as s.Extension;
  assert.deepEqual(value, new s.Extension(5, hex("01")));
  assert.equal(encode(s.any(), value), "d40501");
  assert.deepEqual(decode(s.extension(), "d40501"), value);
  for (const length of [2, 3, 4, 8, 16, 255, 256, 65_536]) {
    const long = new s.Extension(-7, new Uint8Array(length).fill(1));
    assert.deepEqual(decode(s.extension(), encode(s.extension(), long)), long);
  }
  assert.throws(() => decode(s.extension(), "01"), { code: "type-mismatch" });
  assert.throws(() => encode(s.extension(), hex("01")), { code: "bad-value" });
});

test("[NETRPC-19] another library reads what we write, and we read what it writes", () => {
  const { any: ours } = s;
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom(null, true, false, -1, 127, 128, 65_536, -129, 2 ** 40, 0.5),
      fc.integer(),
      fc.double({ noNaN: true }),
      fc.string({ unit: "grapheme" }),
      fc.string({ minLength: 30, maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }),
      fc.array(tie("any"), { maxLength: 20 }),
      fc.dictionary(fc.string(), tie("any"), { maxKeys: 20, noNullPrototype: true }),
    ),
  })).any;
  fc.assert(
    fc.property(value, (of) => {
      const theirs = twin.encode(of);
      const dynamic = decode(s.dynamic(), toHex(theirs));
      // Its own maps are objects, and Maps are ours: what both mean is compared as the library reads it.
      assert.deepEqual(twin.decode(hex(encode(s.dynamic(), dynamic))), twin.decode(theirs));
      decode(ours(), toHex(theirs));
    }),
    { numRuns: 500 },
  );
});
