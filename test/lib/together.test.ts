/** A TypeScript host and a TypeScript plugin, each in a process of its own. No Go is needed. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { Client, toDuplex } from "goplug";
import { greeter, handshake } from "../../examples/greeter/contract.js";
import { callbackService } from "../fixtures/callback.js";
import { fixture, fixtureWithBroker } from "../fixtures/contracts/fixture.js";
import { patternDigest, readDigest } from "../fixtures/pattern.js";
import { firstText } from "../helpers/first-text.js";
import { newHost } from "../helpers/hosts/new-host.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { tsPlugin } from "../helpers/ts-plugin.js";

test("[HANDSHAKE-13] [PLUGIN-7] TypeScript calls TypeScript, and both end cleanly", async (t) => {
  const TMPDIR = scratchDirectory(t);
  const command = [await tsPlugin("examples/greeter/plugin.ts")];
  const client = newHost(t, { handshake, plugins: { greeter }, command, env: { TMPDIR } });
  const { network, address } = await client.start();
  assert.equal(network, "unix");
  assert.ok(address.startsWith(join(TMPDIR, "plugin")));
  assert.ok(existsSync(address));
  const hello = await client.dispense("greeter");
  assert.equal(await hello.Greet(), "Hello!");
  await client.kill();
  assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
  assert.deepEqual(readdirSync(TMPDIR), []);
});

test("[PLUGIN-2] [HANDSHAKE-5] console output of a plugin reaches the sync streams, not the handshake", async (t) => {
  const syncStdout = new PassThrough();
  const syncStderr = new PassThrough();
  const command = [await tsPlugin("test/fixtures/plugins/fixture.ts")];
  const client = newHost(t, { handshake, plugins: { fixture }, command, syncStdout, syncStderr });
  const plugin = await client.dispense("fixture");
  const texts = Promise.all([firstText(syncStdout), firstText(syncStderr)]);
  await plugin.Print({ Stdout: Buffer.from("out"), Stderr: Buffer.from("err") });
  await plugin.Nothing();
  const printed = await Promise.race([texts, client.exited.then(() => assert.fail("ended"))]);
  assert.deepEqual(printed, ["out", "err"]);
});

test("[BROKER-1] callbacks and streams go both ways between TypeScript programs", async (t) => {
  const command = [await tsPlugin("test/fixtures/plugins/fixture.ts")];
  const client = newHost(t, {
    handshake,
    command,
    plugins: { fixture: fixtureWithBroker },
  });
  const { broker, plugin } = await client.dispense("fixture");
  const id = broker.nextId();
  const served = broker.acceptAndServe(id, await callbackService(broker));
  assert.equal(await plugin.CallBack({ ID: id, Method: "Double", N: 21 }), 42);
  await served;
  const reader = await broker.dial(await plugin.OfferReader(1 << 20));
  assert.deepEqual(await readDigest(toDuplex(reader)), patternDigest(1 << 20));
});

test("[PLUGIN-7] a plugin that does not end is killed, and its socket removed", async (t) => {
  const TMPDIR = scratchDirectory(t);
  const command = [await tsPlugin("examples/greeter/plugin.ts")];
  const config = { handshake, plugins: { greeter }, command, env: { TMPDIR }, killGraceMs: 50 };
  const client = newHost(t, config);
  await client.start();
  process.kill(Number(client.id), "SIGSTOP");
  await client.kill();
  assert.deepEqual(await client.exited, { exitCode: undefined, signal: "SIGKILL" });
  assert.deepEqual(readdirSync(TMPDIR), []);
});

test("a client that was killed, or never started, says so", async (t) => {
  const command = [await tsPlugin("examples/greeter/plugin.ts")];
  const client = new Client({ handshake, plugins: { greeter }, command });
  await client.kill();
  await client.kill();
  assert.equal(client.id, "");
  await assert.rejects(client.dispense("greeter"), { code: "ended", message: /make a new Client/ });

  const other = newHost(t, { handshake, plugins: { greeter }, command });
  const hello = await other.dispense("greeter");
  process.kill(Number(other.id), "SIGKILL");
  await other.exited;
  await assert.rejects(hello.Greet());
  await assert.rejects(other.dispense("greeter"));
  await other.kill();
  await assert.rejects(other.dispense("greeter"), { code: "ended", message: /ended by SIGKILL/ });
});

const COOKIE_TEXT =
  "This binary is a plugin. These are not meant to be executed directly.\n" +
  "Please execute the program that consumes these plugins, which will\n" +
  "load any plugins automatically\n";

test("[HANDSHAKE-10] a plugin started by hand prints three lines and exits with 1", async () => {
  const plugin = await tsPlugin("examples/kv/plugin.ts");
  for (const BASIC_PLUGIN of [undefined, "", "other"]) {
    const env = { ...process.env, BASIC_PLUGIN };
    const { status, stdout, stderr } = spawnSync(plugin, { env, encoding: "utf8" });
    assert.deepEqual({ status, stdout, stderr }, { status: 1, stdout: "", stderr: COOKIE_TEXT });
  }
});

test("[HANDSHAKE-1] [HANDSHAKE-6] a plugin prints six fields, a seventh when asked", async (t) => {
  const plugin = await tsPlugin("examples/greeter/plugin.ts");
  const line = async (extra: Record<string, string>) => {
    const TMPDIR = scratchDirectory(t);
    const env = { ...process.env, BASIC_PLUGIN: "hello", PLUGIN_PROTOCOL_VERSIONS: "1", TMPDIR };
    const child = spawn(plugin, {
      env: { ...env, ...extra },
      stdio: ["ignore", "pipe", "inherit"],
    });
    t.after(() => child.kill("SIGKILL"));
    const text = await firstText(child.stdout);
    return text.replace(join(TMPDIR, "plugin"), "SOCKET").replace(/SOCKET\d+/, "SOCKET");
  };
  assert.equal(await line({}), "1|1|unix|SOCKET|netrpc|\n");
  assert.equal(await line({ PLUGIN_MULTIPLEX_GRPC: "true" }), "1|1|unix|SOCKET|netrpc||true\n");
});

test("[HANDSHAKE-13] the socket is made where the host says", async (t) => {
  const PLUGIN_UNIX_SOCKET_DIR = scratchDirectory(t);
  const plugin = await tsPlugin("examples/greeter/plugin.ts");
  const env = { ...process.env, BASIC_PLUGIN: "hello", PLUGIN_UNIX_SOCKET_DIR };
  const child = spawn(plugin, { env, stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  const text = await firstText(child.stdout);
  assert.ok(text.includes(`|unix|${PLUGIN_UNIX_SOCKET_DIR}/plugin`), text);
});

test("[HANDSHAKE-13] a directory whose paths are too long is an error, and the exit code is not 0", async () => {
  const plugin = await tsPlugin("examples/greeter/plugin.ts");
  const env = {
    ...process.env,
    BASIC_PLUGIN: "hello",
    PLUGIN_UNIX_SOCKET_DIR: `/tmp/${"x".repeat(150)}`,
  };
  const { status, stdout, stderr } = spawnSync(plugin, { env, encoding: "utf8" });
  assert.equal(status, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /socket path is \d+ bytes long, at most 10[37] work/);
});

test("an idle client does not keep the process alive, a pending call does", async () => {
  const plugin = await tsPlugin("test/fixtures/plugins/fixture.ts");
  const program = await tsPlugin("test/fixtures/plugins/idle-host.ts");
  const { status, stdout } = spawnSync(program, [plugin], { encoding: "utf8", timeout: 300_000 });
  assert.equal(stdout, "waited for gate\n");
  assert.equal(status, 0);
});
