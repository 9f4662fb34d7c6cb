import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { type TestContext, test } from "node:test";
import { Client, type ClientConfig, isPluginError, type LogFields, type Logger } from "goplug";
import { handshake, life } from "../../fixtures/contracts/life.js";
import { tsPlugin } from "../../helpers/ts-plugin.js";
import { within } from "../../helpers/within.js";

/** What a client says when its plugin is no more, never was, or cannot be reached. */

const plugins = { life };

function host(t: TestContext, config: Partial<ClientConfig>): Client<typeof plugins> {
  const client = new Client({ handshake, plugins, ...config } as never) as Client<typeof plugins>;
  t.after(() => client.kill());
  return client;
}

/** A program that says `line` and stays. */
const saying = (line: string): string[] => ["/bin/sh", "-c", `echo "${line}"; exec sleep 60`];

const uses: Record<string, (client: Client<typeof plugins>) => Promise<unknown>> = {
  start: (client) => client.start(),
  client: (client) => client.client(),
  dispense: (client) => client.dispense("life"),
  ping: (client) => client.ping(),
};

test("a client whose plugin has ended says how, whatever is asked of it; a new one is made", async (t) => {
  const command = [await tsPlugin("test/fixtures/plugins/life.ts")];
  const client = host(t, { command });
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
  const next = host(t, { command });
  assert.equal(await (await next.dispense("life")).Pid(), Number(next.id));
});

test("after kill every use is an error, also the start, where Go gives the old address", async (t) => {
  const client = host(t, { command: [await tsPlugin("test/fixtures/plugins/life.ts")] });
  await client.start();
  await client.kill();
  for (const [name, use] of Object.entries(uses)) {
    await assert.rejects(use(client), { code: "ended", message: /exit code 0/ }, name);
  }
});

test("exited tells of no process when there never was one", async (t) => {
  const nobody = { exitCode: undefined, signal: undefined };
  const unused = host(t, { command: ["/no/such/plugin"] });
  await unused.kill();
  assert.deepEqual(await within(1_000, "exited", unused.exited), nobody);
  for (const config of [
    { command: ["/no/such/plugin"] },
    { command: ["/bin/sh"], secureConfig: { checksum: new Uint8Array(32) } },
    { command: ["/bin/sh"], unixSocket: { tempDir: "/no/such/directory" } },
  ]) {
    const client = host(t, config);
    await assert.rejects(client.start());
    assert.deepEqual(await within(1_000, "exited", client.exited), nobody);
  }
});

test("[PLUGIN-7] kill does not wait out the grace for a plugin that cannot be asked", async (t) => {
  const warnings: [LogFields, string][] = [];
  const silent = () => {};
  const logger: Logger = {
    trace: silent,
    debug: silent,
    info: silent,
    warn: (fields, text) => warnings.push([fields, text]),
    error: silent,
  };
  const command = saying("1|1|unix|/no/such/socket|netrpc|");
  const client = host(t, { command, logger, killGraceMs: 60_000 });
  await client.start();
  await within(5_000, "kill", client.kill());
  assert.deepEqual(await client.exited, { exitCode: undefined, signal: "SIGKILL" });
  const [[fields, text] = [{}, ""]] = warnings;
  assert.equal(text, "plugin failed to exit gracefully");
  assert.match(String(fields.error), /dial unix \/no\/such\/socket/);
});

test("a protocol that is allowed, and that goplug does not speak, is refused before connecting", async (t) => {
  const command = saying("1|1|unix|/no/such/socket|grpc|");
  const client = host(t, { command, allowedProtocols: ["netrpc", "grpc"], killGraceMs: 0 });
  await client.start();
  assert.equal(client.protocol, "grpc");
  await assert.rejects(client.ping(), {
    code: "unsupported-protocol",
    message: "unknown server protocol: grpc",
  });
});

test("[HANDSHAKE-3] an empty protocol field is an error, as in Go; a missing one is netrpc", async (t) => {
  const empty = host(t, { command: saying("1|1|unix|/no/such/socket||") });
  await assert.rejects(empty.start(), {
    code: "unsupported-protocol",
    message: /^unsupported plugin protocol ""\. Supported: \[netrpc\]/,
  });
  const old = host(t, { command: saying("1|1|unix|/no/such/socket") });
  await old.start();
  assert.equal(old.protocol, "netrpc");
});

test("a configuration is checked in Go's order", () => {
  const reattach = { address: { network: "tcp", address: ":1" }, pid: 1 };
  const secureConfig = { checksum: new Uint8Array(32) };
  const all = { command: ["x"], reattach, runner: () => {}, secureConfig, autoMtls: true };
  const ways = /^exactly one of Cmd, or Reattach, or RunnerFunc must be set/;
  const refused = (config: object, message: RegExp) =>
    assert.throws(() => new Client({ handshake, plugins, ...config } as never), {
      code: "bad-config",
      message,
    });
  refused(all, ways);
  refused({ secureConfig, autoMtls: true }, ways);
  refused({ reattach, secureConfig, autoMtls: true }, /^only one of Reattach or SecureConfig/);
});

test("[HANDSHAKE-13] host and plugin meet on TCP, in the host's range of ports", async (t) => {
  const stderr = new PassThrough();
  const config = { minPort: 20_000, maxPort: 20_200, stderr };
  const client = host(t, { command: [await tsPlugin("test/fixtures/plugins/tcp.ts")], ...config });
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
