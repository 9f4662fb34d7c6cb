/** What a TypeScript plugin prints arrives whole at a host that reads, in Go and in TypeScript. */
import assert from "node:assert/strict";
import { Writable } from "node:stream";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { Digest, expected, handshake, printer } from "../fixtures/contracts/printer.js";
import { byStep, goBinary, goTest, runGo } from "../helpers/go.js";
import { newHost } from "../helpers/hosts/new-host.js";
import { recorder } from "../helpers/recorder.js";
import { tsPlugin } from "../helpers/ts-plugin.js";

const source = "test/fixtures/plugins/printer.ts";
const MIB = 1 << 20;
const NOTHING = expected(0);

const METHODS = ["Console", "Awaited", "Piped", "Drained"] as const;

async function goPrints(t: TestContext, args: readonly string[], bytes: number, isStderr: boolean) {
  const stderr = isStderr ? ["-stderr"] : [];
  const command = [...args, "-bytes", `${bytes}`, ...stderr, "--", await tsPlugin(source)];
  const result = await runGo(t, await goBinary("printed-host"), command);
  const steps = byStep(result);
  const [used, other] = isStderr ? ["stderr", "stdout"] : ["stdout", "stderr"];
  assert.deepEqual(steps.get(used!)?.value, expected(bytes), result.stderr);
  assert.deepEqual(steps.get(other!)?.value, NOTHING);
  return steps;
}

for (const [method, bytes, isStderr] of [
  ["Console", 2 * MIB, false],
  ["Console", 4 * MIB, true],
  ["Console", 16 * MIB, false],
  ["Console", 64 * MIB, false],
  ["Awaited", 4 * MIB, false],
  ["Piped", 16 * MIB, true],
  ["Drained", 16 * MIB, false],
  ["End", 4 * MIB, false],
] as const) {
  const to = isStderr ? "stderr" : "stdout";
  goTest(`[PLUGIN-11] ${method} of ${bytes / MIB} MiB on ${to} arrives whole in Go`, async (t) => {
    const steps = await goPrints(t, ["-method", method], bytes, isStderr);
    assert.equal(steps.get("print")?.error, undefined);
  });
}

goTest("[PLUGIN-11] with AutoMTLS a flood arrives whole in Go", (t) =>
  goPrints(t, ["-automtls", "-method", "Console"], 16 * MIB, false).then(() => {}),
);

for (const method of ["Exit", "Throw", "ExitAtCallback"]) {
  goTest(`[PLUGIN-14] ${method}: what was printed just before the end arrives in Go`, async (t) => {
    const steps = await goPrints(t, ["-method", method], 8 * 1024, false);
    assert.notEqual(steps.get("print")?.error, undefined);
  });
}

goTest("[PLUGIN-14] an uncaught error lets a flood leave first", (t) =>
  goPrints(t, ["-method", "Throw"], 16 * MIB, false).then(() => {}),
);

goTest("[PLUGIN-11] a callback means that the bytes have left: an exit there loses none", (t) =>
  goPrints(t, ["-method", "ExitAtCallback"], 4 * MIB, false).then(() => {}),
);

async function nodeHost(t: TestContext, flags: readonly string[] = []) {
  const digest = new Digest();
  const syncStdout = new Writable({
    write(chunk, _encoding, done) {
      digest.add(chunk);
      setImmediate(done);
    },
  });
  const client = newHost(t, {
    handshake,
    plugins: { printer },
    command: [await tsPlugin(source), ...flags],
    syncStdout,
    // On a busy machine the output may take longer than the default.
    killGraceMs: 60_000,
  });
  return { client, digest, syncStdout, plugin: await client.dispense("printer") };
}

for (const method of METHODS) {
  test(`[PLUGIN-11] [PLUGIN-13] ${method} of 16 MiB arrives whole in TypeScript, though its reader is slow`, async (t) => {
    const { client, digest, plugin } = await nodeHost(t);
    await plugin[method]({ Bytes: 16 * MIB, Stderr: false });
    const { Full, MostWaiting, Errors } = await plugin.Seen();
    await client.kill();
    assert.deepEqual(digest.printed, expected(16 * MIB));
    assert.equal(Errors, 0);
    if (method === "Console") return;
    assert.ok(MostWaiting < 64 * 1024, `${MostWaiting} bytes waited`);
    assert.ok(Full >= 0);
  });
}

test("[PLUGIN-11] what is printed before a host is connected arrives whole", async (t) => {
  const { client, digest } = await nodeHost(t, ["--at-once", `${16 * MIB}`]);
  await client.kill();
  assert.deepEqual(digest.printed, expected(16 * MIB));
});

test("[HANDSHAKE-5] before the handshake and after the end, what is printed is in the log", async (t) => {
  const digest = new Digest();
  let end = "";
  const stderr = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const text = chunk.toString();
      const lines = text.split("\n").filter((line) => /^\d{12}x/.test(line));
      for (const line of lines) digest.add(`${line}\n`);
      end = (end + text).slice(-100);
      done();
    },
  });
  const command = [await tsPlugin(source), "--before", `${MIB}`];
  const client = newHost(t, { handshake, plugins: { printer }, command, stderr });
  await client.dispense("printer");
  const exited = client.exited;
  await client.kill();
  assert.deepEqual(await exited, { exitCode: 0, signal: undefined });
  assert.match(end, /after the end\n$/);
  assert.ok(digest.printed.bytes > MIB / 2, `${digest.printed.bytes}`);
});

test("[PLUGIN-11] a host that does not read loses output beyond the bound, and its log says how much", async (t) => {
  const { logger, record } = recorder();
  const held: (() => void)[] = [];
  let isStuck = true;
  let receivedBytes = 0;
  const syncStdout = new Writable({
    write(chunk, _encoding, done) {
      receivedBytes += chunk.length;
      if (isStuck) held.push(done);
      else done();
    },
  });
  const command = [await tsPlugin(source), "--bound", `${MIB}`];
  const client = newHost(t, {
    handshake,
    plugins: { printer },
    command,
    logger,
    syncStdout,
    killGraceMs: 60_000,
  });
  const plugin = await client.dispense("printer");
  // Keeps this process alive while the test waits for records.
  void client.exited;
  // What the host and both ends of the connection hold does not count.
  await plugin.Console({ Bytes: 64 * MIB, Stderr: false });
  const { level } = await record("the host does not read what the plugin prints, output is lost");
  assert.equal(level, "warn");
  isStuck = false;
  for (const done of held) done();
  const over = await record("the host reads again what the plugin prints, output was lost");
  await client.kill();
  assert.equal(receivedBytes + Number(over.fields.bytes), 64 * MIB);
  assert.ok(receivedBytes >= MIB);
});
