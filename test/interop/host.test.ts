/** A TypeScript host with Go plugins: those of `test/go`, and go-plugin's own examples. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { TestContext } from "node:test";
import {
  type Client,
  type ClientConfig,
  type ClientPluginSet,
  definePlugin,
  gob,
  type PluginError,
  type RpcError,
  ServerError,
  toDuplex,
} from "goplug";
import { greeter, handshake as greeterHandshake } from "../../examples/greeter/contract.js";
import { kv } from "../../examples/kv/contract.js";
import { callbackService } from "../fixtures/callback.js";
import {
  callback,
  circle,
  fixture,
  fixtureWithBroker,
  handshake,
  scalars,
  square,
} from "../fixtures/contracts/fixture.js";
import { patternDigest, readDigest, writePattern } from "../fixtures/pattern.js";
import { firstText } from "../helpers/first-text.js";
import { goBinary, goTest, runGo, upstreamBinary } from "../helpers/go.js";
import { newHost } from "../helpers/hosts/new-host.js";
import { recorder } from "../helpers/recorder.js";
import { tsPlugin } from "../helpers/ts-plugin.js";

/** A host that keeps the process running until the end of the test, even when nothing is pending. */
function host<const P extends ClientPluginSet>(t: TestContext, config: ClientConfig<P>): Client<P> {
  const client = newHost(t, config);
  const hold = setInterval(() => {}, 60_000);
  t.after(() => clearInterval(hold));
  return client;
}

async function fixtureHost(t: TestContext, options: Partial<ClientConfig> = {}) {
  const command = [await goBinary("fixture-plugin")];
  const client = host(t, { handshake, plugins: { fixture }, command, ...(options as object) });
  const connected = await client.client();
  return { client, connected, plugin: await client.dispense("fixture") };
}

goTest("[PLUGIN-1] [PLUGIN-4] [PLUGIN-5] a TypeScript host calls the Go greeter", async (t) => {
  const command = [await goBinary("greeter-plugin")];
  const client = host(t, { handshake: greeterHandshake, plugins: { greeter }, command });
  const hello = await client.dispense("greeter");
  assert.equal(await hello.Greet(), "Hello!");
  assert.equal(client.negotiatedVersion, 1);
  assert.equal(client.protocol, "netrpc");
  await client.ping();
  await client.kill();
  assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
});

goTest("[PLUGIN-5] a TypeScript host calls upstream's basic plugin, unchanged", async (t) => {
  const command = [await upstreamBinary("basic-plugin")];
  const client = host(t, { handshake: greeterHandshake, plugins: { greeter }, command });
  const hello = await client.dispense("greeter");
  assert.equal(await hello.Greet(), "Hello!");
});

goTest(
  "[PLUGIN-5] [NETRPC-6] a TypeScript host stores and reads with the Go key/value plugin",
  async (t) => {
    const command = [await goBinary("kv-plugin")];
    const client = host(t, { handshake, plugins: { kv }, command });
    const store = await client.dispense("kv");
    const value = Uint8Array.of(0, 1, 0xff);
    assert.equal(await store.Put({ key: "k", value }), null);
    assert.deepEqual(await store.Get("k"), value);
    await assert.rejects(
      store.Get("nowhere"),
      (error: ServerError) =>
        error instanceof ServerError && error.message === "no such key: nowhere",
    );
    const large = new Uint8Array(3 << 20).fill(5);
    await store.Put({ key: "large", value: large });
    assert.deepEqual(await store.Get("large"), large);
  },
);

goTest("[PLUGIN-4] an unknown plugin gives Go's text, from either side", async (t) => {
  const { connected } = await fixtureHost(t);
  const text = "unknown plugin type: nobody";
  await assert.rejects(connected.dispense("nobody" as never), {
    code: "unknown-plugin",
    message: text,
  });
  const command = [await goBinary("fixture-plugin")];
  const other = host(t, { handshake, plugins: { nobody: fixture }, command });
  await assert.rejects(other.dispense("nobody"), (error: ServerError) => {
    return error instanceof ServerError && error.message === text;
  });
});

goTest(
  "[NETRPC-5] [NETRPC-6] 100 calls at once with mixed answers each get their own",
  async (t) => {
    const { plugin } = await fixtureHost(t);
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, n) => {
        if (n % 4 === 0) return plugin.Fail(n);
        return n % 4 === 1 ? plugin.EchoString(`text ${n}`) : plugin.Double(n);
      }),
    );
    for (const [n, result] of results.entries()) {
      if (n % 4 === 0) assert.equal(result.status, "rejected");
      else {
        assert.ok(result.status === "fulfilled");
        assert.equal(result.value, n % 4 === 1 ? `text ${n}` : 2 * n);
      }
    }
  },
);

goTest("[NETRPC-5] a Go plugin's answers overtake each other", async (t) => {
  const { plugin } = await fixtureHost(t);
  const waiting = plugin.Wait("gate");
  assert.equal(await plugin.Double(1), 2);
  await plugin.Release("gate");
  assert.equal(await waiting, "gate");
});

goTest(
  "[GOB-56] a contract with a misspelt field is told once over calls and dispenses, and refused if strict",
  async (t) => {
    const { String: text, ...rest } = scalars.fields;
    const misspelt = gob.struct("Scalars", { ...rest, Strnig: text });
    const plugins = {
      fixture: definePlugin({ EchoScalars: { args: misspelt, reply: misspelt } }),
    };
    const command = [await goBinary("fixture-plugin")];
    const { logger, records } = recorder();
    const client = host(t, { handshake, command, plugins, logger });
    for (let i = 0; i < 2; i++) {
      const plugin = await client.dispense("fixture");
      for (let calls = 0; calls < 2; calls++) {
        const got = await plugin.EchoScalars({ Int: 5, Strnig: "lost" });
        assert.deepEqual([got.Int, got.Strnig], [5, ""]);
      }
    }
    const difference =
      "fields of Scalars differ: the peer's Scalars lacks Strnig (it has String); the schema lacks String";
    assert.deepEqual(
      records.filter(({ message }) => message.startsWith("contract does not match")),
      [
        {
          level: "warn",
          message: "contract does not match the peer's type",
          fields: { type: "Scalars", peerType: "Scalars", difference },
        },
      ],
    );

    const strict = host(t, { handshake, command, plugins, strict: true });
    const plugin = await strict.dispense("fixture");
    const refused = { code: "bad-reply", message: /lacks Strnig \(it has String\)/ };
    await assert.rejects(plugin.EchoScalars({ Int: 5 }), refused);
    await assert.rejects(plugin.EchoScalars({ Int: 6 }), refused);
    await strict.ping();
  },
);

goTest("[NETRPC-1] values of many kinds come back from a Go plugin as they went", async (t) => {
  const { plugin } = await fixtureHost(t);
  const scalars = {
    Bool: true,
    Int: -(2 ** 40),
    Int32: 2 ** 30,
    Int64: -(2n ** 63n),
    Uint8: 255,
    Uint64: 2n ** 64n - 1n,
    Float32: 0.5,
    Float64: 0.1,
    String: "héllo, 世界",
    Bytes: Uint8Array.of(1, 2),
  };
  assert.deepEqual(await plugin.EchoScalars(scalars), scalars);
  const zero = {
    Bool: false,
    Int: 0,
    Int32: 0,
    Int64: 0n,
    Uint8: 0,
    Uint64: 0n,
    Float32: 0,
    Float64: 0,
    String: "",
    Bytes: new Uint8Array(),
  };
  assert.deepEqual(await plugin.EchoScalars(zero), zero);
  assert.equal(await plugin.Concrete({ X: 40, Y: 2 }), 42);
  assert.equal(await plugin.Nothing(), undefined);
});

goTest(
  "[GOB-28] a Go plugin's shapes and errors are known by their registered names",
  async (t) => {
    const { plugin } = await fixtureHost(t);
    const Drawing = {
      Frame: gob.value(square, { side: 10 }),
      Shapes: [gob.value(circle, { radius: 1 }), gob.value(square, { side: 2 })],
      Err: null,
    };
    const { Frame, Shapes, Err } = await plugin.Scale({ By: 2, Drawing });
    assert.deepEqual(
      [Frame, ...Shapes].map((shape) => shape?.value),
      [{ side: 20 }, { radius: 2 }, { side: 4 }],
    );
    assert.equal(Err, null);
    // Decoded shapes can be sent again.
    const again = await plugin.Scale({ By: 3, Drawing: { Frame, Shapes, Err: null } });
    assert.deepEqual(again.Shapes[0]?.value, { radius: 6 });

    const refused = await plugin.Scale({ By: 0.5, Drawing });
    assert.deepEqual(refused, { Frame: null, Shapes: [], Err: { factor: 0.5 } });
  },
);

goTest(
  "[GOB-28] without a registry such values come tagged, with the peer's own type",
  async (t) => {
    const plain = definePlugin({ Scale: fixture.methods.Scale });
    const command = [await goBinary("fixture-plugin")];
    const plugin = await host(t, { handshake, plugins: { fixture: plain }, command }).dispense(
      "fixture",
    );
    const squareOf = gob.named("goplug.test/peers/internal/fixture.Square", square);
    const Drawing = { Frame: gob.value(squareOf, { side: 1 }), Shapes: [], Err: null };
    const { Frame } = await plugin.Scale({ By: 2, Drawing });
    assert.deepEqual(Frame?.value, { Side: 2 });
    const { Err } = await plugin.Scale({ By: 0.5, Drawing });
    assert.deepEqual((Err as gob.TypedValue).value, { Factor: 0.5 });
  },
);

goTest("[GOB-31] a value of the wrong type is refused, and the session goes on", async (t) => {
  const { plugin, connected } = await fixtureHost(t);
  await assert.rejects(plugin.Concrete({ X: 1, Y: "2" as never }), {
    code: "bad-value",
    path: "Point.Y",
  });
  assert.equal(await plugin.Double(1), 2);
  void connected;
});

goTest(
  "[BROKER-1] a Go plugin calls back into the host, and the host into the plugin's service",
  async (t) => {
    const command = [await goBinary("fixture-plugin")];
    const client = host(t, {
      handshake,
      command,
      plugins: { fixture: fixtureWithBroker },
    });
    const { broker, plugin } = await client.dispense("fixture");
    for (const [method, want] of [
      ["Double", 42],
      ["Count", 21],
    ] as const) {
      const id = broker.nextId();
      const served = broker.acceptAndServe(id, await callbackService(broker));
      assert.equal(await plugin.CallBack({ ID: id, Method: method, N: 21 }), want);
      await served;
    }
    const id = broker.nextId();
    const served = broker.acceptAndServe(id, await callbackService(broker));
    await assert.rejects(plugin.CallBack({ ID: id, Method: "Fail", N: 1 }), {
      message: "callback failed",
    });
    await served;

    const rpc = await broker.dialClient(await plugin.Offer());
    const offered = await callback.client(broker, rpc);
    assert.equal(await offered.Count(1), 1);
    assert.equal(await offered.Count(2), 3);
    await assert.rejects(offered.Fail(0), { message: "callback failed" });
    await offered[Symbol.asyncDispose]();
  },
);

goTest(
  "[GOB-24] a reply is decoded into what is there, as Go's is: what is not sent keeps its value",
  async (t) => {
    const { plugin } = await fixtureHost(t);
    const zeros = {
      Bool: false,
      Int: 0,
      Int32: 0,
      Int64: 0n,
      Uint8: 0,
      Uint64: 0n,
      Float32: 0,
      Float64: 0,
      String: "",
      Bytes: new Uint8Array(),
    };
    const into = { ...zeros, Int: 7, String: "old" };
    const got = await plugin.EchoScalars({ ...zeros, Int32: 3, String: "new" }, { into });
    assert.equal(got, into);
    assert.deepEqual([got.Int, got.Int32, got.String], [7, 3, "new"]);
  },
);

goTest(
  "[BROKER-1] the broker is there beside a contract, for streams that the contract does not cover",
  async (t) => {
    const command = [await goBinary("fixture-plugin")];
    const client = host(t, { handshake, command, plugins: { fixture } });
    const { broker, dispense } = await client.client();
    const plugin = await dispense("fixture");
    const source = broker.nextId();
    const sent = broker.accept(source).then((stream) => writePattern(toDuplex(stream), 1 << 20));
    assert.deepEqual(await plugin.ReadFrom(source), patternDigest(1 << 20));
    await sent;
    const offered = await plugin.OfferReader(1 << 20);
    const stream = toDuplex(await broker.dial(offered));
    assert.deepEqual(await readDigest(stream), patternDigest(1 << 20));
  },
);

goTest("[BROKER-1] raw streams carry a mebibyte each way, lent by either side", async (t) => {
  const command = [await goBinary("fixture-plugin")];
  const client = host(t, {
    handshake,
    command,
    plugins: { fixture: fixtureWithBroker },
  });
  const { broker, plugin } = await client.dispense("fixture");
  const byteLength = 1 << 20;
  const want = patternDigest(byteLength);

  const source = broker.nextId();
  const sent = broker.accept(source).then((stream) => writePattern(toDuplex(stream), byteLength));
  assert.deepEqual(await plugin.ReadFrom(source), want);
  await sent;

  const sink = broker.nextId();
  const received = broker.accept(sink).then((stream) => readDigest(toDuplex(stream)));
  assert.deepEqual(await plugin.WriteTo({ ID: sink, Bytes: byteLength }), want);
  assert.deepEqual(await received, want);

  const readerId = await plugin.OfferReader(byteLength);
  assert.deepEqual(await readDigest(toDuplex(await broker.dial(readerId))), want);
  assert.deepEqual(await plugin.Offered(readerId), want);

  const writerId = await plugin.OfferWriter();
  await writePattern(toDuplex(await broker.dial(writerId)), byteLength);
  assert.deepEqual(await plugin.Offered(writerId), want);
});

goTest(
  "[YAMUX-53] kill closes the streams that are still open, and only one that was written to emits an error",
  async (t) => {
    const command = [await goBinary("fixture-plugin")];
    const client = host(t, { handshake, command, plugins: { fixture: fixtureWithBroker } });
    const { broker, plugin } = await client.dispense("fixture");
    const offered = async () => toDuplex(await broker.dial(await plugin.OfferReader(1000)));
    const streams = {
      "read by a loop": await offered(),
      "read by events": await offered(),
      "written to": toDuplex(await broker.dial(await plugin.OfferWriter())),
    };
    const errors: string[] = [];
    const closed = Object.entries(streams).map(([name, stream]) => {
      stream.on("error", (error) => {
        // Node destroys what a loop has read with an error of its own, on sockets too.
        if (error.name !== "AbortError") errors.push(`${name}: ${error.message}`);
      });
      return new Promise((resolve) => stream.once("close", resolve));
    });
    for await (const _ of streams["read by a loop"]);
    streams["read by events"].resume();
    await once(streams["read by events"], "end");
    streams["written to"].resume().write("some of it");
    await client.kill();
    await Promise.all(closed);
    assert.deepEqual(errors, [
      "written to: plugin: this client has ended (killed by its host); make a new Client",
    ]);
  },
);

goTest("[NETRPC-11] a plugin that vanishes in mid-call fails every pending call", async (t) => {
  const { client, plugin } = await fixtureHost(t);
  const pending = [plugin.Wait("x"), plugin.Wait("y"), plugin.Exit(3)];
  for (const call of pending) {
    await assert.rejects(call as Promise<unknown>, (error: PluginError) => {
      assert.equal(error.code, "ended");
      assert.equal(error.exitCode, 3);
      assert.match((error.cause as RpcError).message, /unexpected EOF/);
      return true;
    });
  }
  assert.deepEqual(await client.exited, { exitCode: 3, signal: undefined });
  await assert.rejects(plugin.Double(1), { code: "ended", exitCode: 3 });
  await client.kill();
});

goTest("[PLUGIN-2] what a Go plugin prints reaches the host's sync streams", async (t) => {
  const syncStdout = new PassThrough();
  const syncStderr = new PassThrough();
  const { client, plugin } = await fixtureHost(t, { syncStdout, syncStderr });
  await plugin.Print({ Stdout: Buffer.from("to stdout\n"), Stderr: Buffer.from("to stderr\n") });
  const texts = await Promise.all([firstText(syncStdout), firstText(syncStderr)]);
  assert.deepEqual(texts, ["to stdout\n", "to stderr\n"]);
  await client.kill();
});

goTest("[HANDSHAKE-9] the plugin's environment is the host's, then the user's", async (t) => {
  process.env.GOPLUG_TEST_HOST = "host";
  process.env.PLUGIN_CLIENT_CERT = "of another host";
  t.after(() => {
    delete process.env.GOPLUG_TEST_HOST;
    delete process.env.PLUGIN_CLIENT_CERT;
  });
  const { plugin } = await fixtureHost(t, { env: { GOPLUG_TEST_USER: "user" } });
  assert.deepEqual((await plugin.Environ("GOPLUG_TEST_")).sort(), [
    "GOPLUG_TEST_HOST=host",
    "GOPLUG_TEST_USER=user",
  ]);
  assert.deepEqual((await plugin.Environ("PLUGIN_")).sort(), [
    "PLUGIN_MAX_PORT=25000",
    "PLUGIN_MIN_PORT=10000",
    "PLUGIN_PROTOCOL_VERSIONS=1",
  ]);
  const bare = await fixtureHost(t, { skipHostEnv: true });
  assert.deepEqual(await bare.plugin.Environ("GOPLUG_TEST_"), []);
});

goTest("[PLUGIN-8] the plugin's log reaches the host's stderr stream", async (t) => {
  const stderr = new PassThrough();
  const { client, plugin } = await fixtureHost(t, { stderr });
  await plugin.Log({ Level: "info", Message: "hello", Key: "k", Value: "v" });
  await client.kill();
  stderr.end();
  assert.match(String(await buffer(stderr)), /"@message":"hello"/);
});

goTest("[HANDSHAKE-12] the plugin's stdin is the host's", async (t) => {
  const host = await tsPlugin("test/fixtures/plugins/failing-host.ts");
  const args = [await goBinary("bad-plugin"), "stdin"];
  const { stdout } = await runGo(t, host, args, { input: "hello" });
  assert.equal(stdout, 'stdin: "hello" <nil>');
});
