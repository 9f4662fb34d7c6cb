/** A TypeScript plugin that cannot begin says why: on stderr, and thereby in the error of its host. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { PluginError } from "goplug";
import { handshake } from "../../fixtures/contracts/life.js";
import { byStep, goBinary, goTest, runGo } from "../../helpers/go.js";
import { lifeClient } from "../../helpers/hosts/life-client.js";
import { scratchDirectory } from "../../helpers/scratch.js";
import { tsPlugin } from "../../helpers/ts-plugin.js";

const program = () => tsPlugin("test/fixtures/plugins/cannot-begin.ts");

interface Failure {
  /** The argument of the fixture. */
  readonly way?: string;
  readonly env?: (t: TestContext) => Record<string, string> | Promise<Record<string, string>>;
  readonly reason: RegExp;
  readonly code?: string;
  /** Whether the record has the stack of the plugin's own error. */
  readonly hasStack?: boolean;
}

async function takenPort(t: TestContext): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  return String((server.address() as { port: number }).port);
}

const inScratch = (t: TestContext, name: string) => join(scratchDirectory(t), name);

const FAILURES: Readonly<Record<string, Failure>> = {
  "TMPDIR is too long for a socket": {
    env: (t) => {
      const TMPDIR = inScratch(t, "x".repeat(95));
      mkdirSync(TMPDIR);
      return { TMPDIR };
    },
    reason: /^plugin: socket path is \d+ bytes long, at most 10\d work \(.*\); choose a shorter/,
    code: "path-too-long",
  },
  "TMPDIR is missing": {
    env: (t) => ({ TMPDIR: inScratch(t, "gone") }),
    reason: /^plugin: cannot listen on unix \S+: there is no directory \S+\/gone$/,
    code: "listen-failed",
  },
  "TMPDIR is no directory": {
    env: (t) => {
      const TMPDIR = inScratch(t, "file");
      writeFileSync(TMPDIR, "");
      return { TMPDIR };
    },
    reason: /^plugin: cannot listen on unix \S+: listen E[A-Z]+: /,
    code: "listen-failed",
  },
  "no group of that name": {
    env: (t) => ({ TMPDIR: scratchDirectory(t), PLUGIN_UNIX_SOCKET_GROUP: "no-such-group" }),
    reason: /failed to find gid from "no-such-group"/,
    code: "listen-failed",
  },
  "no port is free": {
    way: "tcp",
    env: async (t) => {
      const port = await takenPort(t);
      return { PLUGIN_MIN_PORT: port, PLUGIN_MAX_PORT: port };
    },
    reason: /^plugin: cannot listen on tcp: couldn't bind plugin TCP listener$/,
    code: "listen-failed",
  },
  "a port that is no number": {
    way: "tcp",
    env: () => ({ PLUGIN_MIN_PORT: "many" }),
    reason: /couldn't get value from PLUGIN_MIN_PORT: "many"/,
    code: "listen-failed",
  },
  "the host's certificate is garbage": {
    env: () => ({ PLUGIN_CLIENT_CERT: "garbage" }),
    reason: /^client cert provided but failed to parse: /,
    code: "tls-failed",
  },
  "no plugins": { way: "no-plugins", reason: /^plugin: no plugins to serve$/, code: "bad-config" },
  "a bad bound": { way: "bound", reason: /maxWaitingOutputBytes/, code: "bad-config" },
  "a TLS provider that throws": {
    way: "tls-throws",
    reason: /^plugin tls init: Cannot read properties of undefined/,
    code: "tls-failed",
    hasStack: true,
  },
  "a TLS provider that rejects with a text": {
    way: "tls-rejects",
    reason: /^plugin tls init: no key today$/,
    code: "tls-failed",
  },
  "a certificate that Node refuses": {
    way: "tls-bad-cert",
    reason: /^plugin tls init: /,
    code: "tls-failed",
  },
  "no configuration at all": {
    way: "no-config",
    reason: /^plugin: configuration: want an object, got undefined$/,
    code: "bad-config",
  },
  "no handshake": {
    way: "no-handshake",
    reason: /^plugin: handshake: want an object/,
    code: "bad-config",
  },
  "a cookie key with =": {
    way: "cookie-key",
    reason: /^plugin: handshake\.magicCookieKey: no variable can have the name "A=B"$/,
    code: "bad-config",
  },
};

for (const [name, failure] of Object.entries(FAILURES)) {
  const { way = "", reason, code, hasStack = false } = failure;

  test(`[PLUGIN-12] ${name}: one record on stderr, nothing on stdout, exit code 1`, async (t) => {
    const { magicCookieKey, magicCookieValue } = handshake;
    const variables = { [magicCookieKey]: magicCookieValue, ...(await failure.env?.(t)) };
    const env = { ...process.env, PLUGIN_PROTOCOL_VERSIONS: "1", ...variables };
    const child = spawn(await program(), [way], { env, stdio: ["ignore", "pipe", "pipe"] });
    const exited = once(child, "exit");
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    assert.deepEqual(await exited, [1, null]);
    assert.equal(stdout, "");
    const records = stderr
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter((record) => record["@level"] !== "debug");
    assert.equal(records.length, 1, stderr);
    const [record] = records;
    assert.equal(record["@level"], "error");
    assert.equal(record["@message"], "plugin init error");
    assert.match(record.error, reason);
    assert.equal(record.code, code);
    assert.equal(/\n\s+at /.test(record.stack ?? ""), hasStack);
  });
}

test("[PLUGIN-12] the host's error holds the reason, and says nothing of what is not known", async (t) => {
  const TMPDIR = inScratch(t, "x".repeat(95));
  mkdirSync(TMPDIR);
  const client = lifeClient(t, { command: [await program()], env: { TMPDIR } });
  const error = await client.start().catch((failed: unknown) => failed);
  assert.ok(error instanceof PluginError);
  assert.deepEqual([error.code, error.exitCode], ["exited-early", 1]);
  assert.match(
    error.message,
    /\[ERROR\] plugin init error: error="plugin: socket path is \d+ bytes/,
  );
  assert.equal(Object.values(error).includes(undefined), false);
});

goTest("[PLUGIN-12] a Go host gets the record in its log", async (t) => {
  const host = await goBinary("fixture-host");
  const run = await runGo(t, host, ["-log", "--", await program(), "no-plugins"]);
  // Go sees first that the process has ended, or that stdout has.
  assert.match(byStep(run).get("start")?.error ?? "", /plugin exited before|Failed to read any/);
  const logged = run.steps.filter(({ step }) => step === "log").map(({ value }) => value);
  assert.match(JSON.stringify(logged), /plugin init error.*plugin: no plugins to serve/);
});
