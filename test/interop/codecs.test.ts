/** net/rpc between TypeScript and Go with every codec, over every transport, in both directions. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import * as netrpc from "goplug/netrpc";
import { connectSocket } from "../../lib/net/socket.js";
import { Broker, fromDuplex, Session } from "../../mux/index.js";
import type { ServerError } from "../../protocol/errors.js";
import { everything, methods, samples } from "../fixtures/contracts/everything.js";
import { codecsBinary, goTest, runGo, startGo } from "../helpers/go.js";
import { scratchDirectory } from "../helpers/scratch.js";

interface Codec {
  readonly client: () => netrpc.ClientCodec;
  readonly server: () => netrpc.ServerCodec;
}
const { GO_MSGPACK_V1, GO_MSGPACK_V2 } = netrpc;
const msgpack = (options: netrpc.MsgpackOptions = {}): Codec => ({
  client: () => netrpc.msgpackClientCodec(options),
  server: () => netrpc.msgpackServerCodec(options),
});
const spec = (options: netrpc.MsgpackOptions = {}): Codec => ({
  client: () => netrpc.msgpackSpecClientCodec(options),
  server: () => netrpc.msgpackSpecServerCodec(options),
});
const codecs: Readonly<Record<string, Codec>> = {
  gob: { client: () => netrpc.gobClientCodec(), server: () => netrpc.gobServerCodec() },
  json: { client: () => netrpc.jsonClientCodec(), server: () => netrpc.jsonServerCodec() },
  ugorji: msgpack(),
  "ugorji-spec": spec(),
  "go-msgpack-v1": msgpack({ dialect: GO_MSGPACK_V1 }),
  "go-msgpack-v1-spec": spec({ dialect: GO_MSGPACK_V1 }),
  "go-msgpack-v2": msgpack({ dialect: GO_MSGPACK_V2 }),
};
const BROKER_ID = 7;
type Network = "tcp" | "unix" | "http" | "broker";
const pairs = Object.keys(codecs).flatMap((name): [string, Network][] =>
  (["tcp", "unix", "broker"] as const).map((network) => [name, network]),
);
pairs.push(["gob", "http"]);

const socketPath = (t: TestContext) => join(scratchDirectory(t), "s");

const isTcp = (network: Network) => network === "tcp" || network === "http";

/** Our client, connected to a Go server. */
async function connect(t: TestContext, name: string, network: Network): Promise<netrpc.RpcClient> {
  const where = isTcp(network) ? "127.0.0.1:0" : socketPath(t);
  const { child } = startGo(t, await codecsBinary(), ["serve", name, network, where], {
    mayDie: true,
  });
  const [text] = (await once(createInterface({ input: child.stdout! }), "line")) as [string];
  const address = { network: isTcp(network) ? "tcp" : "unix", address: text } as const;
  const codec = codecs[name]!.client();
  let rpc: netrpc.RpcClient;
  if (network === "http") rpc = await netrpc.dialHttp(address, { codec });
  else if (network !== "broker") rpc = await netrpc.dial(address, { codec });
  else {
    const session = Session.client(await connectSocket(address));
    t.after(() => session.close());
    rpc = new netrpc.RpcClient(await new Broker(session).dial(BROKER_ID), { codec });
  }
  t.after(() => rpc.close());
  return rpc;
}

for (const [name, network] of pairs) {
  goTest(`[NETRPC-16] our client calls Go's server: ${name} over ${network}`, async (t) => {
    const rpc = await connect(t, name, network);
    const plugin = netrpc.caller(rpc, "Plugin", methods);
    for (const [sampleName, sample] of Object.entries(samples)) {
      assert.deepEqual(await plugin.Sample(sampleName), sample);
      assert.equal(await plugin.Check(sample), "");
    }
    // [GOB-49] All other keys are left out.
    assert.equal(await plugin.Check({ Name: "zero" }), "");
    assert.equal(await plugin.Check({ Name: "zero", Inner: {}, Some: undefined }), "");
    await assert.rejects(plugin.Fail("boom"), { message: "boom", name: "ServerError" });
    await assert.rejects(plugin.Sample("none"), { message: "no such sample" });
    await refusals(rpc);
    const order: number[] = [];
    const note = (ms: number) => order.push(ms);
    await Promise.all([plugin.Slow(150).then(note), plugin.Slow(1).then(note)]);
    assert.deepEqual(order, [1, 150]);
    const many = Array.from({ length: 2000 }, (_, n) => plugin.Double(BigInt(n)));
    for (const [n, double] of (await Promise.all(many)).entries()) {
      assert.equal(double, 2n * BigInt(n));
    }
    assert.equal(await plugin.Double(2n ** 61n), 2n ** 62n);
  });
}

async function refusals(rpc: netrpc.RpcClient): Promise<void> {
  const call = (serviceMethod: string) => rpc.call(serviceMethod, methods.Slow, 1);
  const rejects = (serviceMethod: string, message: string) =>
    assert.rejects(call(serviceMethod), (error: ServerError) => error.message === message);
  await rejects("Plugin.Nothing", "rpc: can't find method Plugin.Nothing");
  await rejects("Nobody.Slow", "rpc: can't find service Nobody.Slow");
  await rejects("NoDot", "rpc: service/method request ill-formed: NoDot");
}

function ourServer(): netrpc.RpcServer {
  const server = new netrpc.RpcServer();
  const implementation: netrpc.Implementation<typeof methods> = {
    // [GOB-49] The zero is sent without its keys.
    Sample: (name) =>
      name === "zero"
        ? { Name: name }
        : (samples[name] ?? Promise.reject(new Error("no such sample"))),
    Check: (sent) => {
      const sample = Object.values(samples).find(({ Name }) => Name === sent.Name);
      try {
        assert.deepEqual(sent, sample);
        return "";
      } catch (error) {
        return (error as Error).message.slice(0, 1000);
      }
    },
    Slow: (ms) => delay(ms, ms),
    Double: (n) => 2n * n,
    Fail: (text) => Promise.reject(new Error(text)),
    Any: () => null,
  };
  server.register("Plugin", netrpc.service(methods, implementation));
  return server;
}

/** Starts our server, and returns the address for the Go client. */
async function listen(t: TestContext, name: string, network: Network): Promise<string> {
  const server = ourServer();
  const path = socketPath(t);
  const where = isTcp(network) ? { host: "127.0.0.1", port: 0 } : { path };
  const options = { newCodec: codecs[name]!.server };
  const listener =
    network === "http"
      ? await netrpc.listenHttp(server, where, options)
      : network === "broker"
        ? await listenBroker(t, server, path, options.newCodec)
        : await netrpc.listen(server, where, options);
  t.after(() => listener.close());
  const bound = listener.address();
  return typeof bound === "string" ? bound : `127.0.0.1:${bound!.port}`;
}

async function listenBroker(
  t: TestContext,
  server: netrpc.RpcServer,
  path: string,
  newCodec: () => netrpc.ServerCodec,
) {
  const listener = createServer(async (socket) => {
    const session = Session.server(fromDuplex(socket));
    t.after(() => session.close());
    const broker = new Broker(session);
    broker.run();
    void server.serveConn(await broker.accept(BROKER_ID), { codec: newCodec() });
  });
  listener.listen(path);
  await once(listener, "listening");
  return listener;
}

const expected: Readonly<Record<string, { value?: unknown; error?: string }>> = {
  "fail boom": { error: "boom" },
  "fail no such key": { error: "no such key" },
  "unknown method": { error: "rpc: can't find method Plugin.Nothing" },
  "unknown service": { error: "rpc: can't find service Nobody.Slow" },
  "ill-formed": { error: "rpc: service/method request ill-formed: NoDot" },
  overtaking: { value: [1, 150] },
  many: { value: 0 },
  double: { value: String(2n ** 62n) },
  close: { value: null },
};
for (const name of Object.keys(samples)) {
  Object.assign(expected, { [`sample ${name}`]: { value: "" }, [`check ${name}`]: { value: "" } });
}

for (const [name, network] of pairs) {
  goTest(`[NETRPC-16] Go's client calls our server: ${name} over ${network}`, async (t) => {
    const address = await listen(t, name, network);
    const { steps, stderr } = await runGo(
      t,
      await codecsBinary(),
      ["call", name, network, address],
      {
        mayDie: true,
      },
    );
    assert.equal(stderr, "");
    const found = Object.fromEntries(steps.map(({ step, ...rest }) => [step, rest]));
    assert.deepEqual(found, expected);
  });
}

goTest(
  "[NETRPC-19] a value without a schema is a text where the dialect distinguishes texts",
  async (t) => {
    const wanted: Record<string, unknown> = {
      json: "string x",
      ugorji: "string x",
      // These dialects do not distinguish bytes from texts. Go prints the bytes as numbers.
      "go-msgpack-v1": Uint8Array.from(Buffer.from("[]uint8 [120]")),
      "go-msgpack-v2": Uint8Array.from(Buffer.from("[]uint8 [120]")),
    };
    for (const [name, reply] of Object.entries(wanted)) {
      const rpc = await connect(t, name, "tcp");
      assert.deepEqual(await rpc.call("Plugin.Any", methods.Any, "x"), reply);
    }
  },
);

goTest("[NETRPC-17] a Go server's answer that does not fit fails only its call", async (t) => {
  for (const name of ["json", "ugorji", "go-msgpack-v1", "go-msgpack-v2", "gob"]) {
    const rpc = await connect(t, name, "tcp");
    const wrong = { args: methods.Double.args, reply: everything };
    await assert.rejects(rpc.call("Plugin.Double", wrong, 1n), { code: "bad-reply" });
    assert.equal(await rpc.call("Plugin.Double", methods.Double, 4n), 8n);
  }
});
