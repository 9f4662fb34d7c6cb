/** Go's net/rpc/jsonrpc: both sides, by the text on the wire. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryPair } from "../../../lib/net/memory-pair.js";
import { time } from "../../../protocol/gob/wellknown/index.js";
import { JsonDecoder, JsonEncoder } from "../../../protocol/json/stream.js";
import {
  type JsonCodecOptions,
  jsonClientCodec,
  jsonServerCodec,
  RpcClient,
  RpcServer,
  service,
} from "../../../protocol/netrpc/index.js";
import * as s from "../../../protocol/schema/index.js";
import { Time } from "../../../protocol/schema/time.js";

const args = s.struct("Args", { A: s.int(), B: s.int() });
const quot = s.struct("Quot", { Quo: s.int(), Rem: s.int() });
const methods = {
  Div: { args, reply: quot },
  Nil: { args: s.empty(), reply: s.any() },
  NilQuot: { args: s.empty(), reply: s.optional(quot) },
  Echo: { args: s.string(), reply: s.string() },
  Big: { args: s.uint64(), reply: s.uint64() },
  NaN: { args: s.empty(), reply: s.float64() },
};

const settle = () => new Promise(setImmediate);

function rawServer(options?: JsonCodecOptions) {
  const [near, far] = memoryPair();
  const server = new RpcServer();
  server.register(
    "Plugin",
    service(methods, {
      Div: ({ A, B }) => {
        if (B === 0) throw new Error("divide by zero");
        return { Quo: Math.trunc(A / B), Rem: A % B };
      },
      Nil: () => null,
      NilQuot: () => undefined,
      Echo: (text) => text,
      Big: (n) => n,
      NaN: () => Number.NaN,
    }),
  );
  const done = server.serveConn(far, { codec: jsonServerCodec(options) });
  let text = "";
  let isEnded = false;
  near.start({
    onData: (chunk) => {
      text += Buffer.from(chunk).toString();
    },
    onEnd: () => {
      isEnded = true;
    },
  });
  return {
    near,
    done,
    /** Sends, and gives what comes back; undefined if that is the end of the connection. */
    async ask(request: string): Promise<string | undefined> {
      text = "";
      near.write(Buffer.from(request));
      await settle();
      await settle();
      return text === "" && isEnded ? undefined : text;
    },
  };
}

const missing = '"result":null,"error":"jsonrpc: request body missing params"}\n';
const answers: [request: string, answer: string][] = [
  [
    '{"method":"Plugin.Div","params":[{"A":7,"B":2}],"id":1}\n',
    '{"id":1,"result":{"Quo":3,"Rem":1},"error":null}\n',
  ],
  [
    '{"method":"Plugin.Div","params":[{"A":7,"B":0}],"id":2}',
    '{"id":2,"result":null,"error":"divide by zero"}\n',
  ],
  [
    '{"METHOD":"Plugin.Div","Params":[{"a":7,"b":2}],"Id":3}',
    '{"id":3,"result":{"Quo":3,"Rem":1},"error":null}\n',
  ],
  ['{"method":"Plugin.Echo","params":[],"id":"text"}', '{"id":"text","result":"","error":null}\n'],
  ['{"method":"Plugin.Echo","params":[null],"id":1.50}', '{"id":1.50,"result":"","error":null}\n'],
  [
    '{"method":"Plugin.Echo","params":["é\\u2603","more"],"id":{"a": [1]}}',
    '{"id":{"a": [1]},"result":"é☃","error":null}\n',
  ],
  ['{"method":"Plugin.Echo","params":["x"]}', '{"id":null,"result":"x","error":null}\n'],
  ['{"method":"Plugin.Echo","params":["x"],"id":null}', '{"id":null,"result":"x","error":null}\n'],
  ['{"method":"Plugin.Echo","id":1}', `{"id":1,${missing}`],
  ['{"method":"Plugin.Echo","params":null,"id":1}', `{"id":1,${missing}`],
  [
    '{"method":"Plugin.Echo","params":{"A":1},"id":1}',
    '{"id":1,"result":null,"error":"json: cannot unmarshal object into Go value of type [1]interface {}"}\n',
  ],
  [
    '{"method":"Plugin.Echo","params":[5],"id":1}',
    '{"id":1,"result":null,"error":"json: want string, got number 5"}\n',
  ],
  ["{}", '{"id":null,"result":null,"error":"rpc: service/method request ill-formed: "}\n'],
  [
    '{"method":"Plugin.No","params":[null],"id":1}',
    '{"id":1,"result":null,"error":"rpc: can\'t find method Plugin.No"}\n',
  ],
  ['{"method":"Plugin.Nil","params":[null],"id":1}', '{"id":1,"result":{},"error":null}\n'],
  ['{"method":"Plugin.NilQuot","params":[{}],"id":1}', '{"id":1,"result":{},"error":null}\n'],
  [
    '{"method":"Plugin.Big","params":[18446744073709551615],"id":18446744073709551615}',
    '{"id":18446744073709551615,"result":18446744073709551615,"error":null}\n',
  ],
  [
    '{"method":"Plugin.NaN","params":[null],"id":1}',
    '{"id":1,"result":null,"error":"json: unsupported value: NaN"}\n',
  ],
];
for (const [request, answer] of answers) {
  test(`[NETRPC-22] [NETRPC-24] our server answers ${request.trim()}`, async () => {
    const peer = rawServer();
    assert.equal(await peer.ask(request), answer);
    assert.equal(await peer.ask(answers[0]![0]), answers[0]![1]);
  });
}

const fatal = [
  "[]",
  '[{"method":"Plugin.Echo","params":["x"],"id":1}]',
  "null",
  "x",
  "5",
  '{"method":5,"params":["x"],"id":1}',
  '{"method":"Plugin.Echo","params":["x"],"id":1,}',
  '{"method":"Plugin.Echo" "params":["x"],"id":1}',
  '{"method":"\\x","params":["x"],"id":1}',
  '{"method":"a\nb","params":["x"],"id":1}',
  "{method:1}",
  '{"id":01}',
  '{"id":tru}',
  "{]",
];
for (const request of fatal) {
  test(`[NETRPC-22] ${JSON.stringify(request)} ends the connection without an answer`, async () => {
    const peer = rawServer();
    assert.equal(await peer.ask(request), undefined);
    await peer.done;
  });
}

test("[NETRPC-22] requests need nothing between them, and may come in pieces", async () => {
  const request = '{"method":"Plugin.Echo","params":["}\\"{"],"id":1}';
  const answer = '{"id":1,"result":"}\\"{","error":null}\n';
  const peer = rawServer();
  assert.equal(await peer.ask(request + request), answer + answer);
  for (const byte of Buffer.from(request).subarray(0, -1)) {
    peer.near.write(Uint8Array.of(byte));
    await settle();
  }
  assert.equal(await peer.ask("}"), answer);
});

test("limits end the connection", async () => {
  assert.equal(
    await rawServer({ maxMessageBytes: 20 }).ask(`{"method":"${"x".repeat(20)}"}`),
    undefined,
  );
  assert.equal(await rawServer({ maxDepth: 3 }).ask('{"params":[[[]]]}'), undefined);
  const many = `{"params":[${"{},".repeat(100)}{}]}`;
  assert.equal(await rawServer({ maxValueBytes: 10_000 }).ask(many), undefined);
  assert.notEqual(await rawServer({ maxValueBytes: 50_000 }).ask(many), undefined);
});

function rawClient() {
  const [near, far] = memoryPair();
  const rpc = new RpcClient(near, { codec: jsonClientCodec() });
  let text = "";
  far.start({
    onData: (chunk) => {
      text += Buffer.from(chunk).toString();
    },
    onEnd: () => {},
  });
  return { rpc, far, sent: () => text, answer: (of: string) => far.write(Buffer.from(of)) };
}

test("[NETRPC-22] our client's requests are Go's", async () => {
  const { rpc, sent } = rawClient();
  rpc.call("Plugin.Div", methods.Div, { A: 7, B: 2 }).catch(() => {});
  rpc.call("Plugin.Nil", { args: s.any() }, null).catch(() => {});
  await settle();
  assert.equal(
    sent(),
    '{"method":"Plugin.Div","params":[{"A":7,"B":2}],"id":0}\n{"method":"Plugin.Nil","params":[null],"id":1}\n',
  );
  await rpc.close();
});

const replies: [answer: string, value: number][] = [
  ['{"id":0,"result":5,"error":null}', 5],
  ['{"id":0,"result":5}', 5],
  ['{"jsonrpc":"2.0","id":0,"result":5}', 5],
  ['{"result":5}', 5],
  ['{"id":null,"result":5}', 5],
  // A Go client shuts down at these.
  ['{"id":0,"result":null,"error":null}', 0],
  ['{"id":0}', 0],
  // An answer that no call waits for, and then the right one.
  ['{"id":7,"result":null,"error":null}{"id":0,"result":5}', 5],
  ['{"id":18446744073709551615,"result":1}{"id":0,"result":5}', 5],
];
for (const [answer, value] of replies) {
  test(`[NETRPC-24] our client takes ${answer}`, async () => {
    const peer = rawClient();
    const call = peer.rpc.call("Plugin.X", { args: s.int(), reply: s.int() }, 1);
    peer.answer(answer);
    assert.equal(await call, value);
  });
}

const errors: [answer: string, message: string][] = [
  ['{"id":0,"result":5,"error":"boom"}', "boom"],
  ['{"id":0,"result":null,"error":""}', "unspecified error"],
  ['{"id":0,"error":{"code":-32601,"message":"no such method"}}', "no such method"],
  ['{"id":0,"error":{"code":1}}', 'invalid error {"code":1}'],
  ['{"id":0,"error":false}', "invalid error false"],
];
for (const [answer, message] of errors) {
  test(`[NETRPC-24] our client takes ${answer} as the call's error`, async () => {
    const peer = rawClient();
    const method = { args: s.int(), reply: s.int() };
    const call = peer.rpc.call("Plugin.X", method, 1);
    peer.answer(answer);
    await assert.rejects(call, { name: "ServerError", message });
    const next = peer.rpc.call("Plugin.X", method, 1);
    peer.answer('{"id":1,"result":6}');
    assert.equal(await next, 6);
  });
}

test("[NETRPC-15] a result that does not fit fails its call alone", async () => {
  const peer = rawClient();
  const call = peer.rpc.call("Plugin.X", { args: s.int(), reply: s.string() }, 1);
  peer.answer('{"id":0,"result":{},"error":null}');
  await assert.rejects(call, {
    code: "bad-reply",
    message: /reading body json: want string, got map/,
  });
  assert.equal(peer.rpc.isClosed, false);
});

for (const answer of [
  '{"id":"0","result":1}',
  '{"id":-1,"result":1}',
  '{"id":0.5,"result":1}',
  "[]",
  "x",
  '{"id":0,}',
]) {
  test(`[NETRPC-24] ${answer} ends our client's connection`, async () => {
    const peer = rawClient();
    const call = peer.rpc.call("Plugin.X", { args: s.int(), reply: s.int() }, 1);
    peer.answer(answer);
    await assert.rejects(call, { code: "protocol" });
    assert.equal(peer.rpc.isClosed, true);
  });
}

test("[NETRPC-11] an answer cut short fails the call as the end of the connection does", async () => {
  const peer = rawClient();
  const call = peer.rpc.call("Plugin.X", { args: s.int(), reply: s.int() }, 1);
  peer.answer('{"id":0,"result":');
  peer.far.end();
  await assert.rejects(call, { code: "unexpected-eof" });
});

function encode(schema: s.AnySchema, value: unknown): string {
  return new JsonEncoder().format(schema, value);
}
function decode(schema: s.AnySchema, text: string): unknown {
  return new JsonDecoder().parse(schema, text);
}

const at = (unixSeconds: bigint, nanoseconds = 0, offsetSeconds?: number) =>
  new Time({ unixSeconds, nanoseconds, offsetSeconds });
const everything: [schema: s.AnySchema, value: unknown, text: string][] = [
  [s.bool(), true, "true"],
  [s.int64(), -(2n ** 63n), "-9223372036854775808"],
  [s.uint64(), 2n ** 64n - 1n, "18446744073709551615"],
  [s.int64({ as: "safe" }), 5, "5"],
  [s.float64(), -1.5e300, "-1.5e+300"],
  [s.float64(), -0, "-0"],
  [s.string(), 'a"\\\n\u2028😀', '"a\\"\\\\\\n\u2028😀"'],
  [s.bytes(), Uint8Array.of(0xff, 0, 1), '"/wAB"'],
  [s.slice(s.int()), [], "[]"],
  [s.slice(s.string()), ["a", "b"], '["a","b"]'],
  [s.array(3, s.uint8()), [1, 2, 255], "[1,2,255]"],
  [s.map(s.int(), s.string()), new Map([[-5, "x"]]), '{"-5":"x"}'],
  [
    s.record(s.slice(s.int())),
    Object.assign(Object.create(null), { a: [1], b: [] }),
    '{"a":[1],"b":[]}',
  ],
  [s.optional(s.int()), undefined, "null"],
  [args, { A: 1, B: 2 }, '{"A":1,"B":2}'],
  [s.empty(), undefined, "{}"],
  [s.any(), null, "null"],
  [time(), at(1_709_209_815n, 123_456_789), '"2024-02-29T12:30:15.123456789Z"'],
  [time(), at(0n, 500_000_000, -12_600), '"1969-12-31T20:30:00.5-03:30"'],
  [time(), at(-62_135_596_800n), '"0001-01-01T00:00:00Z"'],
];
for (const [schema, value, text] of everything) {
  test(`[NETRPC-23] ${schema.kind} ${text} is written and read`, () => {
    assert.equal(encode(schema, value), text);
    assert.deepEqual(decode(schema, text), value);
  });
}

test("[NETRPC-23] values without a schema arrive as plain values", () => {
  const plain = decode(s.any(), '{"a":[1,2.5,"x",null,true],"__proto__":{"b":9007199254740993}}');
  const wanted = new Map<string, unknown>([
    ["a", [1, 2.5, "x", null, true]],
    ["__proto__", new Map([["b", 9007199254740993n]])],
  ]);
  assert.deepEqual(plain, wanted);
  assert.equal(
    encode(s.any(), decode(s.dynamic(), '{"a":[1,2.5,{"b":null}]}')),
    '{"a":[1,2.5,{"b":null}]}',
  );
});

const refused: [schema: s.AnySchema, text: string][] = [
  [s.int(), "1.5"],
  [s.int(), "9007199254740993"],
  [s.int64(), "9223372036854775808"],
  [s.int64(), "123456789012345678901234567890"],
  [s.uint8(), "256"],
  [s.bool(), "0"],
  [s.bytes(), '"a*"'],
  [s.array(2, s.int()), "[1]"],
  [s.slice(s.int()), "{}"],
  [s.map(s.int(), s.int()), '{"x":1}'],
  [args, "[1,2]"],
  [time(), '"2024-02-30T00:00:00Z"'],
  [time(), '"2024-02-29"'],
  [time(), "5"],
];
for (const [schema, text] of refused) {
  test(`[NETRPC-23] ${schema.kind} does not take ${text}`, () => {
    assert.throws(() => decode(schema, text), { name: "CodecError", message: /^json: / });
  });
}

test("[NETRPC-23] a value without a form in JSON is refused", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => encode(s.float64(), value), {
      message: `json: unsupported value: ${value}`,
    });
  }
  assert.throws(() => encode(s.map(s.bool(), s.int()), new Map([[true, 1]])), {
    code: "bad-value",
  });
  assert.throws(() => encode(time(), at(10n ** 12n)), { code: "out-of-range" });
});
