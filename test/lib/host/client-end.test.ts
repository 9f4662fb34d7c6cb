/** What a client says if its plugin has ended, was never started, or cannot be reached. */
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { Client, isPluginError } from "goplug";
import { greeter } from "../../../examples/greeter/contract.js";
import { handshake } from "../../fixtures/contracts/life.js";
import { lifeClient, lifeProgram, saying } from "../../helpers/hosts/life-client.js";
import { tsPlugin } from "../../helpers/ts-plugin.js";

const uses: Record<string, (client: ReturnType<typeof lifeClient>) => Promise<unknown>> = {
  start: (client) => client.start(),
  client: (client) => client.client(),
  dispense: (client) => client.dispense("life"),
  ping: (client) => client.ping(),
};

test("a client whose plugin has ended says how, whichever method is called; a new one is made", async (t) => {
  const command = [await lifeProgram()];
  const client = lifeClient(t, { command });
  await client.dispense("life");
  process.kill(Number(client.id), "SIGKILL");
  await client.exited;
  for (const [name, use] of Object.entries(uses)) {
    await assert.rejects(use(client), (error: unknown) => {
      assert.ok(isPluginError(error), name);
      assert.equal(error.code, "ended", name);
      assert.equal(error.signal, "SIGKILL");
      assert.match(error.message, /has ended \(ended by SIGKILL\); make a new Client/);
      return true;
    });
  }
  const next = lifeClient(t, { command });
  assert.equal(await (await next.dispense("life")).Pid(), Number(next.id));
});

test("after kill every use is an error, also the start, where Go gives the old address", async (t) => {
  const client = lifeClient(t, { command: [await lifeProgram()] });
  await client.start();
  await client.kill();
  for (const [name, use] of Object.entries(uses)) {
    await assert.rejects(use(client), { code: "ended", message: /exit code 0/ }, name);
  }
});

test("kill may be called at any time, and again: later calls wait for the first one", async (t) => {
  const command = [await lifeProgram()];
  type Prepare = (client: ReturnType<typeof lifeClient>) => unknown;
  const before: Record<string, Prepare> = {
    idle: () => {},
    // It is aborted: the start must not be waited for here.
    starting: (client) => void assert.rejects(client.start(), { code: "aborted" }),
    running: (client) => client.ping(),
    ended: async (client) => {
      await client.ping();
      process.kill(Number(client.id), "SIGKILL");
      await client.exited;
    },
  };
  for (const [name, prepare] of Object.entries(before)) {
    const client = lifeClient(t, { command });
    await prepare(client);
    const killed = client.kill();
    assert.equal(client.kill(), killed, name);
    await assert.rejects(client.ping(), { code: "ended" }, name);
    await killed;
    assert.equal(client.kill(), killed, name);
    await assert.rejects(client.ping(), { code: "ended" }, name);
    await client.exited;
  }
});

test("exited resolves without exit code and signal when there never was a process", async (t) => {
  const nobody = { exitCode: undefined, signal: undefined };
  const unused = lifeClient(t, { command: ["/no/such/plugin"] });
  await unused.kill();
  assert.deepEqual(await unused.exited, nobody);
  for (const config of [
    { command: ["/no/such/plugin"] },
    { command: ["/bin/sh"], secureConfig: { checksum: new Uint8Array(32) } },
    { command: ["/bin/sh"], unixSocket: { tempDir: "/no/such/directory" } },
  ]) {
    const client = lifeClient(t, config);
    await assert.rejects(client.start());
    assert.deepEqual(await client.exited, nobody);
  }
});

test("a protocol that is allowed but that goplug does not speak is refused before connecting", async (t) => {
  const command = saying("1|1|unix|/no/such/socket|grpc|");
  const client = lifeClient(t, { command, allowedProtocols: ["netrpc", "grpc"], killGraceMs: 0 });
  await client.start();
  assert.equal(client.protocol, "grpc");
  await assert.rejects(client.ping(), {
    code: "unsupported-protocol",
    message: "unknown server protocol: grpc",
  });
});

test("[HANDSHAKE-3] an empty protocol field is an error, as in Go; a missing one is netrpc", async (t) => {
  const empty = lifeClient(t, { command: saying("1|1|unix|/no/such/socket||") });
  await assert.rejects(empty.start(), {
    code: "unsupported-protocol",
    message: /^unsupported plugin protocol ""\. Supported: \[netrpc\]/,
  });
  const old = lifeClient(t, { command: saying("1|1|unix|/no/such/socket") });
  await old.start();
  assert.equal(old.protocol, "netrpc");
});

test("[HANDSHAKE-13] host and plugin meet on TCP, in the host's range of ports", async (t) => {
  const stderr = new PassThrough();
  const config = { minPort: 20_000, maxPort: 20_200, stderr };
  const client = lifeClient(t, {
    command: [await tsPlugin("test/fixtures/plugins/tcp.ts")],
    ...config,
  });
  const { network, address } = await client.start();
  const [ip, port] = address.split(":");
  assert.deepEqual([network, ip], ["tcp", "127.0.0.1"]);
  assert.ok(Number(port) >= 20_000 && Number(port) <= 20_200, address);
  await client.ping();
  await client.kill();
  assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
  // What was printed before the line is in the log, and the line was found all the same [HANDSHAKE-5].
  const log = String(stderr.read());
  for (const text of ["printed before", "written before", "warned before"]) {
    assert.ok(log.includes(text), log);
  }
});

test("[PLUGIN-4] a client of one plugin type refuses another's name", async (t) => {
  const command = [await lifeProgram()];
  const client = new Client({ handshake, plugins: { greeter }, command });
  t.after(() => client.kill());
  await assert.rejects(client.dispense("greeter"), { message: "unknown plugin type: greeter" });
});
