/** Plugins that do not come up: one typed error each, with the facts. */
import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { type TestContext, test } from "node:test";
import { Client, PluginError, type PluginErrorCode } from "goplug";
import { greeter, handshake } from "../../../examples/greeter/contract.js";
import { Deferred } from "../../../protocol/async/deferred.js";
import { goBinary, goTest } from "../../helpers/go.js";
import { scratchDirectory } from "../../helpers/scratch.js";

function client(t: TestContext, command: readonly string[], startTimeoutMs = 20_000) {
  const made = new Client({ handshake, plugins: { greeter }, command, startTimeoutMs });
  t.after(() => made.kill());
  return made;
}

async function failure(promise: Promise<unknown>): Promise<PluginError> {
  const error = await promise.then(
    () => assert.fail("it should have failed"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof PluginError, String(error));
  return error;
}

test("a missing program fails as not-found", async (t) => {
  const error = await failure(client(t, ["/no/such/plugin"]).start());
  assert.equal(error.code, "not-found");
  assert.equal(error.path, "/no/such/plugin");
  assert.match(error.message, /no such program \(\/no\/such\/plugin\).*ENOENT/);
});

test("a program without the run bit fails as not-executable", async (t) => {
  const path = join(scratchDirectory(t), "plugin");
  writeFileSync(path, "#!/bin/sh\n");
  chmodSync(path, 0o644);
  const error = await failure(client(t, [path]).start());
  assert.equal(error.code, "not-executable");
  assert.equal(error.path, path);
});

interface BadCase {
  readonly mode: readonly string[];
  readonly code: PluginErrorCode;
  readonly message: RegExp;
  readonly facts?: Partial<PluginError>;
  readonly startTimeoutMs?: number;
}

const bad: readonly BadCase[] = [
  {
    mode: ["exit", "3", "cannot open", "the database"],
    code: "exited-early",
    message: /exited before we could connect.*exit code 3.*cannot open\n {2}the database/s,
    facts: { exitCode: 3, stderrTail: "cannot open\nthe database" },
  },
  {
    mode: ["half-line-then-exit", "4"],
    code: "unrecognized",
    message: /Unrecognized remote plugin message: 1\|1\|un\n.*exit code 4/s,
    facts: { exitCode: 4, line: "1|1|un" },
  },
  {
    mode: ["garbage"],
    code: "unrecognized",
    message:
      /^Unrecognized remote plugin message: Starting up\.\.\.\nThis usually means\n {2}the plugin was not compiled.*Additional notes about plugin:\n {2}Path: /s,
    facts: { line: "Starting up..." },
  },
  { mode: ["blank"], code: "unrecognized", message: /^Unrecognized remote plugin message: \n/ },
  { mode: ["few-fields"], code: "unrecognized", message: /message: 1\|1\|unix\n/ },
  { mode: ["long-line"], code: "unrecognized", message: /a line of 65536 bytes or more/ },
  {
    mode: ["silent"],
    code: "start-timeout",
    message: /^timeout while waiting for plugin to start/,
    startTimeoutMs: 300,
  },
  {
    mode: ["half-line"],
    code: "start-timeout",
    message: /^timeout while waiting.*first line on stdout: "1\|1\|un"/s,
    facts: { line: "1|1|un" },
    startTimeoutMs: 300,
  },
  {
    mode: ["grpc"],
    code: "unsupported-protocol",
    message: /^unsupported plugin protocol "grpc"\. Supported: \[netrpc\]/,
  },
  {
    mode: ["core-version"],
    code: "core-version",
    message:
      /^incompatible core API version with plugin\. Plugin version: 2, Core version: 1\n\nTo fix this/,
    facts: { pluginVersion: 2 },
  },
  {
    mode: ["core-text"],
    code: "bad-core-version",
    message: /^error parsing core protocol version/,
  },
  {
    mode: ["app-version"],
    code: "app-version",
    message: /^incompatible API version with plugin\. Plugin version: 9, Client versions: \[1\]/,
    facts: { pluginVersion: 9, hostVersions: [1] },
  },
  { mode: ["app-text"], code: "bad-app-version", message: /^Error parsing protocol version "x"/ },
  { mode: ["network"], code: "unknown-network", message: /^unknown address type: \/nonexistent/ },
  { mode: ["tcp-address"], code: "bad-address", message: /^address nope: missing port in address/ },
];
for (const { mode, code, message, facts, startTimeoutMs } of bad) {
  goTest(`[HANDSHAKE-3] [HANDSHAKE-4] a plugin in mode ${mode[0]} fails as ${code}`, async (t) => {
    const command = [await goBinary("bad-plugin"), ...mode];
    const host = client(t, command, startTimeoutMs);
    const error = await failure(host.start());
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    assert.equal(error.path, command[0]);
    assert.ok(error.elapsedMs !== undefined);
    for (const [key, value] of Object.entries(facts ?? {})) {
      assert.deepEqual(error[key as keyof PluginError], value, key);
    }
    // The process has ended by now, and every later use fails with the same error.
    await host.exited;
    assert.equal(await failure(host.dispense("greeter")), error);
  });
}

goTest("a start can be aborted", async (t) => {
  const host = client(t, [await goBinary("bad-plugin"), "silent"]);
  const controller = new AbortController();
  const starting = host.start({ signal: controller.signal });
  controller.abort(new Error("changed my mind"));
  const error = await failure(starting);
  assert.equal(error.code, "aborted");
  assert.equal((error.cause as Error).message, "changed my mind");
  await host.exited;
});

goTest("kill ends a start under way", async (t) => {
  const host = client(t, [await goBinary("bad-plugin"), "silent"]);
  const starting = failure(host.start());
  await host.kill();
  assert.equal((await starting).code, "aborted");
  assert.equal((await failure(host.dispense("greeter"))).code, "ended");
});

goTest(
  "[PLUGIN-7] a plugin whose socket nobody serves is connect-failed, and kill ends it",
  async (t) => {
    const host = client(t, [await goBinary("bad-plugin"), "nobody"]);
    const error = await failure(host.dispense("greeter"));
    assert.equal(error.code, "connect-failed");
    assert.match(error.message, /^dial unix \/nonexistent\/goplug\.sock: /);
  },
);

goTest("[HANDSHAKE-13] a socket path that no system takes is refused, not cut", async (t) => {
  const host = client(t, [await goBinary("bad-plugin"), "long-path"]);
  assert.equal((await failure(host.dispense("greeter"))).code, "path-too-long");
});

goTest("[HANDSHAKE-5] a plugin that floods stdout after its line is read on", async (t) => {
  for (const mode of ["flood", "flood-long"]) {
    const command = [await goBinary("bad-plugin"), mode];
    let log = "";
    const drained = new Deferred();
    const stderr = new Writable({
      write: (chunk, _encoding, done) => {
        log += chunk;
        if (log.includes("drained")) drained.resolve();
        done();
      },
    });
    const host = new Client({ handshake, plugins: { greeter }, command, stderr, killGraceMs: 100 });
    t.after(() => host.kill());
    await host.start();
    // An idle client does not keep the process alive; a pending `exited` does.
    await Promise.race([drained.promise, host.exited]);
    assert.match(log, /drained/);
    await host.kill();
  }
});
