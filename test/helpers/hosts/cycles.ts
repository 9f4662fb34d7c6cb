/** Starts, calls and kills a plugin many times, and asserts that nothing is left of it. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import type { TestContext } from "node:test";
import { Client } from "goplug";
import { greeter, handshake } from "../../../examples/greeter/contract.js";
import { isAlive } from "../../../lib/host/process/process-table.js";
import { scratchDirectory } from "../scratch.js";

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

/** How many there are of each kind of thing that this process could leak. Handles that are closing get time to close. */
async function resources(): Promise<Record<string, number>> {
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  if (existsSync("/proc/self/fd")) counts.descriptors = readdirSync("/proc/self/fd").length;
  counts.listeners = process
    .eventNames()
    .reduce((sum, event) => sum + process.listenerCount(event), 0);
  return counts;
}

/** Runs `count` lives of a greeter plugin, {@link AT_ONCE} at a time, and asserts that no resource, file or process is left. */
export async function cycles(
  t: TestContext,
  command: readonly string[],
  count: number,
): Promise<void> {
  const TMPDIR = scratchDirectory(t);
  // The first start opens what stays open for good: epoll, the signal pipe.
  await cycle(command, TMPDIR);
  const before = await resources();
  const pids: number[] = [];
  let left = count;
  const worker = async () => {
    while (left-- > 0) pids.push(await cycle(command, TMPDIR));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  assert.equal(pids.length, count);
  assert.deepEqual(pids.filter(isAlive), []);
  assert.deepEqual(readdirSync(TMPDIR), []);
  assert.deepEqual(await resources(), before);
}
