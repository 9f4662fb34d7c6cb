/**
 * go-plugin's own tests of its client, under their names, unless they are about gRPC alone. Some have the same name in other
 * files: `README.md` in this folder lists all of them.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { PassThrough, type Readable, Transform } from "node:stream";
import { type TestContext, test } from "node:test";
import { Client, type ClientConfig, type RunnerSpec } from "goplug";
import { greeter } from "../../examples/greeter/contract.js";
import { ProcessRunner } from "../../lib/host/process/process-runner.js";
import { faulty } from "../fixtures/contracts/faulty.js";
import { fixture, handshake } from "../fixtures/contracts/fixture.js";
import { firstText } from "../helpers/first-text.js";
import { goBinary, goTest } from "../helpers/go.js";
import { newHost } from "../helpers/hosts/new-host.js";
import { gone } from "../helpers/process.js";
import { recorder } from "../helpers/recorder.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { tsPlugin } from "../helpers/ts-plugin.js";
import { within } from "../helpers/within.js";

const plugins = { fixture };

function host(t: TestContext, config: Partial<ClientConfig>): Client<typeof plugins> {
  const client = new Client({ handshake, plugins, ...config } as never) as Client<typeof plugins>;
  t.after(() => client.kill());
  return client;
}

/** Starts `bad-plugin`, waits until it has ended without being killed, and ends the client. */
async function runBadPlugin(
  t: TestContext,
  mode: readonly string[],
  config: Partial<ClientConfig>,
) {
  const command = [await goBinary("bad-plugin"), ...mode];
  const client = host(t, { command, ...config });
  await client.start();
  const exit = await within(60_000, "exited", client.exited);
  await client.kill();
  return exit;
}

goTest(
  "[HANDSHAKE-1] [PLUGIN-7] TestClient: a line is read, and a plugin that never serves is killed",
  async (t) => {
    const { logger, messages } = recorder();
    const command = [await goBinary("bad-plugin"), "line", "1|1|tcp|:1234"];
    const client = host(t, { command, logger, killGraceMs: 100 });
    assert.deepEqual(await client.start(), { network: "tcp", address: ":1234" });
    await within(60_000, "kill", client.kill());
    assert.deepEqual(await client.exited, { exitCode: undefined, signal: "SIGKILL" });
    assert.deepEqual(messages("warn"), ["plugin failed to exit gracefully"]);
  },
);

test("[HANDSHAKE-3] TestClient_killStart: kill after a failed start does not start the program again", async (t) => {
  const mark = join(scratchDirectory(t), "starts");
  const script = `echo start >> ${mark}; echo "1|11|tcp|:1234"; exec sleep 60`;
  const client = host(t, { command: ["/bin/sh", "-c", script] });
  await assert.rejects(client.start(), { code: "app-version" });
  await client.kill();
  await assert.rejects(client.start(), { code: "app-version" });
  assert.equal(readFileSync(mark, "utf8"), "start\n");
});

test("[PLUGIN-7] TestClient_testCleanup: after a graceful kill the plugin's code after serve has run", async (t) => {
  const { logger, messages } = recorder();
  const command = [await tsPlugin("test/fixtures/plugins/faulty.ts"), "nothing", "quit"];
  const client = newHost(t, { handshake, plugins: { faulty }, command, logger });
  await client.ping();
  await client.kill();
  assert.ok(messages("debug").includes("fault done"));
  assert.deepEqual([...messages("warn"), ...messages("error")], []);
});

goTest(
  "[HANDSHAKE-5] TestClient_noStdoutScannerRace: a slow reader of stdout causes no errors at the end",
  async (t) => {
    const { logger, messages } = recorder();
    const command = [await goBinary("fixture-plugin")];
    class SlowRunner extends ProcessRunner {
      readonly #slow = new Transform({
        // One chunk per turn of the event loop, and the end one turn later.
        transform: (chunk, _encoding, done) => setImmediate(done, null, chunk),
        flush: (done) => setImmediate(done),
      });
      #isPiped = false;
      override get stdout(): Readable {
        if (!this.#isPiped) super.stdout.pipe(this.#slow);
        this.#isPiped = true;
        return this.#slow;
      }
      override get handles() {
        return [];
      }
    }
    const client = host(t, { logger, runner: ({ env }) => new SlowRunner({ command, env }) });
    await client.ping();
    await client.kill();
    assert.deepEqual([...messages("warn"), ...messages("error")], []);
  },
);

goTest(
  "[PLUGIN-5] [PLUGIN-7] TestClient_testInterface: start, dispense, call, a graceful kill",
  async (t) => {
    const { logger, messages } = recorder();
    const client = host(t, { command: [await goBinary("fixture-plugin")], logger });
    assert.equal(await (await client.dispense("fixture")).Double(21), 42);
    await client.kill();
    assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
    assert.deepEqual([...messages("warn"), ...messages("error")], []);
  },
);

goTest(
  "[HANDSHAKE-3] TestClient_grpcNotAllowed: a gRPC plugin is refused by default",
  async (t) => {
    const client = host(t, { command: [await goBinary("bad-plugin"), "grpc"] });
    await assert.rejects(client.start(), { code: "unsupported-protocol" });
  },
);

test("TestClient_cmdAndReattach: both is an error", () => {
  const reattach = { address: { network: "tcp", address: ":1" }, pid: 1 } as const;
  assert.throws(() => new Client({ handshake, plugins, command: ["x"], reattach }), {
    message: /^exactly one of Cmd, or Reattach, or RunnerFunc must be set/,
  });
});

test("TestClient_secureConfigAndReattach: both is an error", () => {
  const reattach = { address: { network: "tcp", address: ":1" }, pid: 1 } as const;
  const secureConfig = { checksum: new Uint8Array(32) };
  assert.throws(() => new Client({ handshake, plugins, secureConfig, reattach }), {
    message: "only one of Reattach or SecureConfig can be set",
  });
});

goTest("TestClient_reattachNoProtocol: without a protocol it is netrpc", async (t) => {
  const first = host(t, { command: [await goBinary("fixture-plugin")] });
  await first.start();
  const { protocol, ...reattach } = first.reattachConfig!;
  assert.equal(protocol, "netrpc");
  const second = host(t, { reattach });
  assert.equal(await (await second.dispense("fixture")).Double(21), 42);
  assert.equal(second.protocol, "netrpc");
  await second.kill();
  await first.exited;
});

goTest(
  "[PLUGIN-5] [PLUGIN-7] TestClient_testInterfaceReattach: a daemon of its own session is reattached to",
  async (t) => {
    const TMPDIR = scratchDirectory(t);
    const out = join(TMPDIR, "line");
    const descriptor = openSync(out, "w");
    const env = { ...process.env, TMPDIR, BASIC_PLUGIN: "hello", PLUGIN_PROTOCOL_VERSIONS: "1" };
    const daemon = spawn(await goBinary("fixture-plugin"), ["-quiet"], {
      env,
      detached: true,
      stdio: ["ignore", descriptor, "ignore"],
    });
    closeSync(descriptor);
    const pid = daemon.pid!;
    t.after(() => daemon.kill("SIGKILL"));
    while (!readFileSync(out, "utf8").endsWith("\n")) await new Promise(setImmediate);
    const [, , , address = ""] = readFileSync(out, "utf8").split("|");
    const reattach = { address: { network: "unix", address }, pid, protocol: "netrpc" } as const;
    const client = host(t, { reattach });
    assert.equal(await (await client.dispense("fixture")).Double(21), 42);
    assert.equal(client.reattachConfig, reattach);
    assert.equal(client.id, String(pid));
    await within(60_000, "kill", client.kill());
    await gone(pid);
    await within(60_000, "exited", client.exited);
  },
);

goTest("[HANDSHAKE-3] TestClientStart_badVersion: an unknown version fails", async (t) => {
  const command = [await goBinary("bad-plugin"), "line", "1|11|tcp|:1234"];
  await assert.rejects(host(t, { command }).start(), {
    code: "app-version",
    pluginVersion: 11,
    hostVersions: [1],
  });
});

goTest(
  "[HANDSHAKE-11] TestClientStart_badNegotiatedVersion: a plugin of version 2 only fails",
  async (t) => {
    const command = [await goBinary("fixture-plugin"), "-serve-versions", "2"];
    await assert.rejects(host(t, { command }).start(), { code: "app-version", pluginVersion: 2 });
  },
);

goTest(
  "[HANDSHAKE-11] TestClient_wrongVersion: a host of version 1 and a plugin of 2 and 3",
  async (t) => {
    const command = [await goBinary("fixture-plugin"), "-serve-versions", "2,3"];
    await assert.rejects(host(t, { command }).client(), { code: "app-version" });
  },
);

goTest(
  "[HANDSHAKE-11] TestClient_legacyClient: version 1 is chosen from a plugin of 1 and 2",
  async (t) => {
    const command = [await goBinary("fixture-plugin"), "-serve-versions", "1,2"];
    const client = host(t, { command });
    await client.ping();
    assert.equal(client.negotiatedVersion, 1);
  },
);

goTest("[HANDSHAKE-4] TestClient_Start_Timeout: 50 ms pass", async (t) => {
  const client = host(t, { command: [await goBinary("bad-plugin"), "silent"], startTimeoutMs: 50 });
  await assert.rejects(within(60_000, "start", client.start()), { code: "start-timeout" });
});

goTest(
  "[PLUGIN-8] TestClient_Stderr: the stream gets the lines, and an exit of its own is no kill",
  async (t) => {
    const { logger, messages } = recorder();
    const stderr = new PassThrough();
    const exit = await runBadPlugin(t, ["stderr", "HELLO", "WORLD"], { stderr, logger });
    assert.deepEqual(exit, { exitCode: 0, signal: undefined });
    assert.equal(String(stderr.read()), "HELLO\nWORLD\n");
    assert.deepEqual([...messages("warn"), ...messages("error")], []);
  },
);

goTest("[PLUGIN-8] TestClient_StderrJSON: JSON that is no record is logged as it is", async (t) => {
  const { logger, messages } = recorder();
  const lines = ['["HELLO"]', "12345", '{"a":1}'];
  await runBadPlugin(t, ["stderr", ...lines], { logger });
  const said = messages("debug");
  assert.deepEqual(
    lines.filter((line) => !said.includes(line)),
    [],
  );
});

goTest("[PLUGIN-8] TestClient_textLogLevel: a [WARN] line is a warning", async (t) => {
  const { logger, messages } = recorder();
  await runBadPlugin(t, ["stderr", "[WARN] test line 98765"], { logger });
  assert.deepEqual(messages("warn"), ["[WARN] test line 98765"]);
});

goTest(
  "[PLUGIN-8] TestClient_logStderr: lines longer than the buffer reach the stream byte for byte",
  async (t) => {
    const stderr = new PassThrough();
    const { logger } = recorder();
    const lines = ["1", "x".repeat(500), "y".repeat(32), "é".repeat(40)];
    await runBadPlugin(t, ["stderr", ...lines], { stderr, logger, pluginLogBufferSize: 32 });
    assert.equal(String(stderr.read()), `${lines.join("\n")}\n`);
  },
);

goTest("[HANDSHAKE-12] TestClient_Stdin: the plugin reads the host's stdin", async (t) => {
  const path = join(scratchDirectory(t), "stdin");
  writeFileSync(path, "hello");
  const stdin = openSync(path, "r");
  t.after(() => closeSync(stdin));
  // A host in a process of its own, because this process cannot change its stdin.
  const program = await tsPlugin("test/fixtures/plugins/failing-host.ts");
  const args = [await goBinary("bad-plugin"), "stdin"];
  const child = spawn(program, args, { stdio: [stdin, "pipe", "inherit"] });
  let text = "";
  for await (const chunk of child.stdout!) text += chunk;
  assert.match(text, /stdin: "hello" <nil>/);
});

for (const skipHostEnv of [true, false]) {
  goTest(`[HANDSHAKE-9] TestClient_SkipHostEnv: ${skipHostEnv}`, async (t) => {
    process.env.GOPLUG_UPSTREAM_TEST = "foo";
    t.after(() => delete process.env.GOPLUG_UPSTREAM_TEST);
    const client = host(t, { command: [await goBinary("fixture-plugin")], skipHostEnv });
    const seen = await (await client.dispense("fixture")).Environ("GOPLUG_UPSTREAM_TEST");
    assert.deepEqual(seen, skipHostEnv ? [] : ["GOPLUG_UPSTREAM_TEST=foo"]);
  });
}

goTest("[PLUGIN-3] TestClient_ping: it answers, and after kill it is an error", async (t) => {
  const client = host(t, { command: [await goBinary("fixture-plugin")] });
  await client.ping();
  await client.kill();
  await assert.rejects(client.ping(), { code: "ended" });
});

goTest(
  "[PLUGIN-2] TestClient_syncStreams: what the plugin writes arrives in the two streams",
  async (t) => {
    const [syncStdout, syncStderr] = [new PassThrough(), new PassThrough()];
    const client = host(t, { command: [await goBinary("fixture-plugin")], syncStdout, syncStderr });
    const plugin = await client.dispense("fixture");
    const texts = Promise.all([firstText(syncStdout), firstText(syncStderr)]);
    await plugin.Print({ Stdout: Buffer.from("out"), Stderr: Buffer.from("err") });
    assert.deepEqual(await within(60_000, "output", texts), ["out", "err"]);
  },
);

const { gid } = userInfo();
for (const group of [String(gid), ...(gid === 0 ? ["root"] : [])]) {
  goTest(
    `[HANDSHAKE-8] TestSetGroup: the directory of a runner belongs to group ${group}`,
    async (t) => {
      const tempDir = scratchDirectory(t);
      let spec: RunnerSpec | undefined;
      const command = [await goBinary("greeter-plugin")];
      const client = newHost(t, {
        handshake,
        plugins: { greeter },
        unixSocket: { tempDir, group },
        runner: (given) => {
          spec = given;
          const directory = statSync(given.socketDir);
          assert.deepEqual([directory.mode & 0o777, directory.gid], [0o770, gid]);
          return new ProcessRunner({ command, env: given.env });
        },
      });
      await client.ping();
      assert.ok(spec);
      assert.ok(spec.socketDir.startsWith(tempDir));
      assert.equal(spec.env.PLUGIN_UNIX_SOCKET_DIR, spec.socketDir);
      assert.equal(spec.env.PLUGIN_UNIX_SOCKET_GROUP, group);
    },
  );
}
