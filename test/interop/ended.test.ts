/** What a host's users are told when the plugin ends while they use it, or is killed. */
import assert from "node:assert/strict";
import { finished } from "node:stream/promises";
import { type TestContext, test } from "node:test";
import {
  type ClientConfig,
  type ExitFacts,
  isMuxError,
  isPluginError,
  isRpcError,
  type MuxBroker,
  type PluginError,
  type RpcClient,
  toDuplex,
} from "goplug";
import { ProcessRunner } from "../../lib/host/process/process-runner.js";
import { callback, fixture, handshake } from "../fixtures/contracts/fixture.js";
import { goBinary, goTest } from "../helpers/go.js";
import { newHost } from "../helpers/hosts/new-host.js";
import { tsPlugin } from "../helpers/ts-plugin.js";

/** The contract, and what lies below it. */
const open = {
  client: (broker: MuxBroker, rpc: RpcClient) => ({
    broker,
    rpc,
    plugin: fixture.client(broker, rpc),
  }),
};

/** A host, and everything that it may be doing when the plugin ends. */
async function busyHost(t: TestContext, config: Partial<ClientConfig>) {
  const client = newHost(t, { handshake, plugins: { fixture: open }, ...config } as ClientConfig<{
    fixture: typeof open;
  }>);
  const connected = await client.client();
  const { broker, rpc, plugin: made } = await client.dispense("fixture");
  const plugin = await made;
  const stream = async () => broker.dial(await plugin.OfferWriter());
  const lent = await broker.dialClient(await plugin.Offer());
  const raw = await stream();
  const rawEnd = new Promise((_, reject) => raw.start({ onData() {}, onEnd: reject }));
  const prefixed = await stream();
  const read = toDuplex(await stream());
  const written = toDuplex(await stream()).resume();
  const flood = () => written.write(new Uint8Array(1 << 20), (error) => error ?? flood());
  flood();
  const pending: Record<string, Promise<unknown>> = {
    call: plugin.Wait("never"),
    "raw call": rpc.call("Plugin.Wait", fixture.methods.Wait, "never") as Promise<unknown>,
    accept: broker.accept(broker.nextId()),
    dial: broker.dial(4_000_000),
    stream: rawEnd,
    prefix: prefixed.readPrefix(4),
    "read Duplex": read.toArray(),
    "written Duplex": finished(written),
  };
  for (const waiting of Object.values(pending)) waiting.catch(() => {});
  // Proves that all of it is with the plugin.
  await plugin.Double(1);
  const later: Record<string, () => Promise<unknown>> = {
    call: () => plugin.Double(1) as Promise<unknown>,
    "raw call": () => rpc.call("Plugin.Double", fixture.methods.Double, 1) as Promise<unknown>,
    "borrowed call": () =>
      lent.call("Plugin.Double", callback.methods.Double, 1) as Promise<unknown>,
    accept: () => broker.accept(broker.nextId()),
    dial: () => broker.dial(1),
    ping: () => client.ping(),
    dispense: () => client.dispense("fixture"),
    "connected ping": () => connected.ping(),
    "connected dispense": () => connected.dispense("fixture"),
    start: () => client.start(),
  };
  return { client, plugin, rpc, pending, later };
}

const failure = (promise: Promise<unknown>): Promise<PluginError> =>
  promise.then(
    (value) => assert.fail(`it succeeded with ${value}`),
    (error: unknown) => {
      assert.ok(isPluginError(error), String(error));
      return error;
    },
  );

/** Everything fails with the one error, which has `facts`. */
async function assertEnded(
  { pending, later }: Awaited<ReturnType<typeof busyHost>>,
  facts: Partial<ExitFacts>,
): Promise<void> {
  for (const [name, waiting] of Object.entries(pending)) {
    const error = await failure(waiting);
    assert.equal(error.code, "ended", name);
    assert.ok(isRpcError(error.cause) || isMuxError(error.cause), `${name}: ${error.cause}`);
    assert.equal(error.phase, name.endsWith("call") ? "call" : "stream", name);
    assertFacts(error, facts, name);
  }
  for (const [name, use] of Object.entries(later)) {
    const error = await failure(use());
    assert.equal(error.code, "ended", name);
    assertFacts(error, facts, name);
  }
}

function assertFacts(error: PluginError, facts: Partial<ExitFacts>, name: string): void {
  for (const [key, value] of Object.entries(facts)) {
    assert.equal(error[key as keyof ExitFacts], value, `${name}: ${error.message}`);
  }
}

const plugins: readonly [name: string, on: typeof test, program: () => Promise<string>][] = [
  ["TypeScript", test, () => tsPlugin("test/fixtures/plugins/fixture.ts")],
  ["Go", goTest as typeof test, () => goBinary("fixture-plugin")],
];

for (const [language, on, program] of plugins) {
  on(
    `[NETRPC-11] all that a ${language} plugin's exit interrupts fails with its exit code`,
    async (t) => {
      const host = await busyHost(t, { command: [await program()] });
      const error = await failure(host.plugin.Exit(3) as Promise<unknown>);
      assert.match(error.message, /^plugin: the plugin ended during Plugin\.Exit \(exit code 3\)/);
      assert.ok(isRpcError(error.cause));
      assert.equal(error.cause.code, "unexpected-eof");
      await assertEnded(host, { exitCode: 3 });
    },
  );

  on(
    `[NETRPC-11] all that a ${language} plugin's death interrupts fails with its signal`,
    async (t) => {
      const host = await busyHost(t, { command: [await program()] });
      process.kill(Number(host.client.id), "SIGKILL");
      await assertEnded(host, { exitCode: undefined, signal: "SIGKILL" });
    },
  );

  on(`[NETRPC-11] the facts come from a runner of the user too (${language} plugin)`, async (t) => {
    const command = [await program()];
    const host = await busyHost(t, { runner: ({ env }) => new ProcessRunner({ command, env }) });
    process.kill(Number(host.client.id), "SIGKILL");
    await assertEnded(host, { exitCode: undefined, signal: "SIGKILL" });
  });

  on(
    `[NETRPC-11] a reattached ${language} plugin that dies has ended, by what is not known`,
    async (t) => {
      const first = newHost(t, { handshake, plugins: { fixture }, command: [await program()] });
      await first.ping();
      const host = await busyHost(t, { reattach: first.reattachConfig! });
      process.kill(Number(first.id), "SIGKILL");
      await assertEnded(host, { exitCode: undefined, signal: undefined });
      const error = await failure(host.client.ping());
      assert.match(error.message, /has ended \(its process is gone\)/);
    },
  );

  on(
    `[NETRPC-11] all that kill interrupts, and all use after it, fails with one code (${language} plugin)`,
    async (t) => {
      const host = await busyHost(t, { command: [await program()] });
      const killed = host.client.kill();
      await assertEnded(host, {});
      assert.deepEqual(await killed, { outcome: "exited" });
      await assertEnded(host, {});
    },
  );
}

goTest("[NETRPC-11] a Go plugin that panics is explained by its trace", async (t) => {
  const { rpc } = await busyHost(t, { command: [await goBinary("fixture-plugin")] });
  const panicking = rpc.call("Plugin.Panic", { args: fixture.methods.Wait.args }, "out of cheese");
  const error = await failure(panicking);
  assert.equal(error.code, "ended");
  assert.equal(error.exitCode, 2);
  assert.match(error.message, /^plugin: the plugin ended during Plugin\.Panic \(exit code 2\)\n/);
  assert.match(error.message, /last lines on stderr:\n/);
  assert.match(error.stderrTail ?? "", /panic|goroutine/);
});

test("a Duplex that nobody listens to does not end the host when its plugin is killed", async (t) => {
  const command = [await tsPlugin("test/fixtures/plugins/fixture.ts")];
  const client = newHost(t, { handshake, plugins: { fixture: open }, command });
  const { broker, plugin } = await client.dispense("fixture");
  const unheard = toDuplex(await broker.dial(await (await plugin).OfferWriter()));
  const closed = new Promise((resolve) => unheard.once("close", resolve));
  await client.kill();
  await closed;
});
