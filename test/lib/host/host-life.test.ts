import assert from "node:assert/strict";
import { createHash } from "node:crypto";

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { type TestContext, test } from "node:test";
import {
  Client,
  cleanupClients,
  discover,
  type PluginError,
  type Runner,
  type RunnerSpec,
  verifyChecksum,
  wasCleanedUp,
} from "goplug";
import { greeter } from "../../../examples/greeter/contract.js";
import { ProcessRunner } from "../../../lib/host/process-runner.js";
import { handshake, life } from "../../fixtures/contracts/life.js";
import { gone } from "../../helpers/process.js";
import { tsPlugin } from "../../helpers/ts-plugin.js";

/** What a host can do with a plugin's life. */

const source = "test/fixtures/plugins/life.ts";
const plugins = { life };

function temporaryDirectory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "goplug-test-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const contradictions: [title: string, config: object, text: RegExp][] = [
  ["no way to get a plugin", {}, /^exactly one of Cmd, or Reattach, or RunnerFunc must be set/],
  [
    "two ways",
    { command: ["x"], runner: () => {} },
    /^exactly one of Cmd, or Reattach, or RunnerFunc must be set/,
  ],
  [
    "a checksum and reattach",
    { reattach: {}, secureConfig: { checksum: new Uint8Array(1) } },
    /^only one of Reattach or SecureConfig can be set/,
  ],
  [
    "ports the wrong way round",
    { command: ["x"], minPort: 2, maxPort: 1 },
    /minPort 2 is above maxPort 1/,
  ],
];
for (const [title, config, message] of contradictions) {
  test(`a configuration with ${title} is refused`, () => {
    assert.throws(() => new Client({ handshake, plugins, ...config }), {
      code: "bad-config",
      message,
    });
  });
}

test("TestClient_SecureConfig: a wrong checksum starts nothing, the right one does", async (t) => {
  const path = await tsPlugin(source);
  const start = (checksum: Uint8Array, algorithm?: string) => {
    const secureConfig = { checksum, ...(algorithm === undefined ? {} : { algorithm }) };
    const client = new Client({ handshake, plugins, command: [path], secureConfig });
    t.after(() => client.kill());
    return client.start();
  };
  const digest = (algorithm: string) => createHash(algorithm).update(readFileSync(path)).digest();
  await assert.rejects(start(Buffer.alloc(32)), {
    code: "checksum-mismatch",
    message: /^checksums did not match/,
  });
  await assert.rejects(start(Buffer.alloc(3)), { code: "checksum-mismatch" });
  await assert.rejects(start(new Uint8Array()), {
    message: "error verifying checksum: no checksum provided",
  });
  await assert.rejects(start(Buffer.alloc(32), "md55"), {
    message: /^error verifying checksum: no hash implementation provided/,
  });
  // Also without a client, as before an installation.
  await verifyChecksum(path, { checksum: digest("sha256") });
  await assert.rejects(verifyChecksum(path, { checksum: Buffer.alloc(32) }), {
    code: "checksum-mismatch",
  });
  await start(digest("sha256"));
  await start(digest("sha512"), "sha512");
});

test("TestClient_reattach: a second client uses and ends the plugin of the first", async (t) => {
  const command = [await tsPlugin(source), "--stay"];
  const first = new Client({ handshake, plugins, command });
  t.after(() => first.kill());
  const pid = await (await first.dispense("life")).Pid();
  const reattach = first.reattachConfig!;
  assert.equal(reattach.pid, pid);
  const second = new Client({ handshake, plugins, reattach });
  t.after(() => second.kill());
  assert.equal(await (await second.dispense("life")).Pid(), pid);
  assert.equal(second.reattachConfig, reattach);
  assert.equal(second.negotiatedVersion, 1);
  await second.kill();
  await gone(pid);
  await first.exited;
  assert.equal(first.reattachConfig, undefined);
});

test("reattaching to a plugin in test mode leaves it alone", async (t) => {
  const command = [await tsPlugin(source)];
  const first = new Client({ handshake, plugins, command });
  t.after(() => first.kill());
  await first.start();
  const { address } = first.reattachConfig!;
  const second = new Client({ handshake, plugins, reattach: { address, test: true } });
  const pid = await (await second.dispense("life")).Pid();
  assert.equal(second.id, "");
  await second.kill();
  assert.equal(await (await first.dispense("life")).Pid(), pid);
});

test("TestClient_reattachNotFound: a dead address or process is process-not-found", async (t) => {
  const address = { network: "unix", address: join(temporaryDirectory(t), "nobody") } as const;
  const attach = (pid: number) => new Client({ handshake, plugins, reattach: { address, pid } });
  const notFound = { code: "process-not-found", message: /^reattachment process not found/ };
  await assert.rejects(attach(process.pid).start(), notFound);
  await assert.rejects(attach(2 ** 22 + 1).start(), notFound);
  await assert.rejects(attach(0).start(), { code: "bad-config" });
});

test("reattaching checks protocol and version, which Go does not", async () => {
  const address = { network: "unix", address: "/nowhere" } as const;
  const attach = (more: object) =>
    new Client({ handshake, plugins, reattach: { address, pid: process.pid, ...more } }).start();
  await assert.rejects(attach({ protocol: "grpc" }), { code: "unsupported-protocol" });
  await assert.rejects(attach({ protocolVersion: 9 }), (error: PluginError) => {
    assert.equal(error.code, "app-version");
    assert.equal(error.pluginVersion, 9);
    assert.deepEqual(error.hostVersions, [1]);
    return true;
  });
});

test("a custom runner starts the plugin, with a socket directory of its own", async (t) => {
  const tempDir = temporaryDirectory(t);
  const command = [await tsPlugin(source)];
  let spec: RunnerSpec | undefined;
  const client = new Client({
    handshake,
    plugins,
    unixSocket: { tempDir },
    runner: (given): Runner => {
      spec = given;
      assert.equal(statSync(given.socketDir).mode & 0o777, 0o700);
      return new ProcessRunner({ command, env: given.env });
    },
  });
  t.after(() => client.kill());
  const { address } = await client.start();
  assert.ok(spec?.socketDir.startsWith(join(tempDir, "plugin-dir")));
  assert.ok(address.startsWith(spec?.socketDir ?? "?"));
  assert.equal(spec?.env.PLUGIN_UNIX_SOCKET_DIR, spec?.socketDir);
  assert.equal(client.reattachConfig?.pid, undefined);
  await client.kill();
  assert.equal(existsSync(spec?.socketDir ?? "/"), false);
});

test("kill is not held up by a grandchild that keeps the pipes", { timeout: 20_000 }, async (t) => {
  const program = join(temporaryDirectory(t), "plugin");
  // The shell starts a sleeper that inherits the pipes, and becomes the plugin.
  writeFileSync(program, `#!/bin/sh\nsleep 30 &\nexec ${await tsPlugin(source)}\n`, {
    mode: 0o755,
  });
  const client = new Client({ handshake, plugins, command: [program], processGroup: true });
  t.after(() => client.kill());
  await (await client.dispense("life")).Pid();
  const pid = Number(client.id);
  t.after(() => {
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // The group is empty.
    }
  });
  await client.kill();
  assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
});

test("processGroup ends the plugin's children with it, when it must be killed", async (t) => {
  const directory = temporaryDirectory(t);
  const program = join(directory, "plugin");
  const pidFile = join(directory, "pid");
  writeFileSync(
    program,
    `#!/bin/sh\nsleep 60 &\necho $! > ${pidFile}\necho "1|1|unix|/nowhere|netrpc|"\nwait\n`,
    { mode: 0o755 },
  );
  const client = new Client({
    handshake,
    plugins,
    command: [program],
    processGroup: true,
    killGraceMs: 50,
  });
  await client.start();
  await client.kill();
  await gone(Number(readFileSync(pidFile, "utf8")));
});

test("managed clients are ended together, and forgotten", async (t) => {
  const command = [await tsPlugin(source)];
  const clients = [1, 2].map(() => new Client({ handshake, plugins, command, managed: true }));
  for (const client of clients) t.after(() => client.kill());
  await Promise.all(clients.map((client) => client.start()));
  const early = new Client({ handshake, plugins, command, managed: true });
  await early.start();
  await early.kill();
  // Whoever was killed is asked no more.
  early.kill = () => assert.fail("it was not forgotten");
  assert.equal(wasCleanedUp(), false);
  await cleanupClients();
  assert.equal(wasCleanedUp(), true);
  for (const client of clients) {
    assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
  }
});

test("discover finds files by Go's patterns, sorted", async (t) => {
  const directory = temporaryDirectory(t);
  mkdirSync(join(directory, "sub"));
  for (const name of ["b-1", "a-1", "a-22", "c[1]", "sub/a-3", "Ünï"]) {
    writeFileSync(join(directory, name), "");
  }
  const names = async (glob: string) =>
    (await discover(glob, directory)).map((path) => path.slice(directory.length + 1));
  assert.deepEqual(await names("a-*"), ["a-1", "a-22"]);
  assert.deepEqual(await names("?-1"), ["a-1", "b-1"]);
  assert.deepEqual(await names("[^a]-1"), ["b-1"]);
  assert.deepEqual(await names("[a-b]-1"), ["a-1", "b-1"]);
  assert.deepEqual(await names("c\\[1\\]"), ["c[1]"]);
  assert.deepEqual(await names("*/a-?"), ["sub/a-3"]);
  assert.deepEqual(await names("Ü?ï"), ["Ünï"]);
  assert.deepEqual(await names("nothing*"), []);
  assert.deepEqual(await discover("*", join(directory, "missing")), []);
  for (const glob of ["[", "[]", "a[", "\\", "[z-a]"]) {
    await assert.rejects(discover(glob, directory), { message: /syntax error in pattern/ });
  }
});

test("[PLUGIN-2] a reader that stopped reading holds up neither plugin nor memory", async (t) => {
  const stuck = new Writable({ write: () => {}, highWaterMark: 1 });
  const warnings: string[] = [];
  const silent = () => {};
  const client = new Client({
    handshake,
    plugins,
    command: [await tsPlugin(source)],
    syncStdout: stuck,
    logger: {
      trace: silent,
      debug: silent,
      info: silent,
      warn: (_, text) => warnings.push(text),
      error: silent,
    },
  });
  t.after(() => client.kill());
  const plugin = await client.dispense("life");
  await plugin.Flood(8 << 20);
  assert.equal(await plugin.Pid(), Number(client.id));
  assert.ok(stuck.writableLength < 2 << 20, `${stuck.writableLength} bytes wait`);
});

test("the stderr stream gets the log byte for byte", async (t) => {
  const stderr = new PassThrough();
  let text = "";
  stderr.on("data", (chunk) => {
    text += chunk;
  });
  const client = new Client({ handshake, plugins, command: [await tsPlugin(source)], stderr });
  t.after(() => client.kill());
  await (await client.dispense("life")).Log("hello");
  await client.kill();
  assert.match(text, /^\{"@level":"debug","@message":"plugin address"/);
  assert.match(text, /"@message":"hello"/);
});

test("a client of one plugin type refuses another's name", async (t) => {
  const client = new Client({ handshake, plugins: { greeter }, command: [await tsPlugin(source)] });
  t.after(() => client.kill());
  await assert.rejects(client.dispense("greeter"), { message: "unknown plugin type: greeter" });
});
