import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Client } from "goplug";
import { greeter, handshake } from "../../examples/greeter/contract.js";
import { goBinary, goTest } from "../helpers/go.js";
import { tsPlugin } from "../helpers/ts-plugin.js";

/** Start, call, kill, over and over: nothing may be left of any of them. */

const CYCLES = 200;
const AT_ONCE = 4;

async function cycle(command: readonly string[], TMPDIR: string): Promise<number> {
  await using client = new Client({ handshake, plugins: { greeter }, command, env: { TMPDIR } });
  const hello = await client.dispense("greeter");
  assert.equal(await hello.Greet(), "Hello!");
  const pid = Number(client.id);
  await client.kill();
  assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
  return pid;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** What of this process could leak, by kind, once handles that are closing are closed. */
async function resources(): Promise<Record<string, number>> {
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  if (existsSync("/proc/self/fd")) counts.descriptors = readdirSync("/proc/self/fd").length;
  return counts;
}

async function cycles(t: TestContext, command: readonly string[]): Promise<void> {
  const TMPDIR = mkdtempSync(join(tmpdir(), "goplug-test-"));
  t.after(() => rmSync(TMPDIR, { recursive: true, force: true }));
  // The first start opens what stays open: epoll, the signal pipe.
  await cycle(command, TMPDIR);
  const before = await resources();
  const pids: number[] = [];
  let left = CYCLES;
  const worker = async () => {
    while (left-- > 0) pids.push(await cycle(command, TMPDIR));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  assert.equal(pids.length, CYCLES);
  assert.deepEqual(pids.filter(isAlive), []);
  assert.deepEqual(readdirSync(TMPDIR), []);
  assert.deepEqual(await resources(), before);
}

goTest(`${CYCLES} lives of a Go plugin leave nothing behind`, async (t) => {
  await cycles(t, [await goBinary("greeter-plugin")]);
});

test(`${CYCLES} lives of a TypeScript plugin leave nothing behind`, async (t) => {
  await cycles(t, [await tsPlugin("examples/greeter/plugin.ts")]);
});
