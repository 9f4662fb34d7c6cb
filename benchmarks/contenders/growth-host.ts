/**
 * A Node host for the subject `growth`. On each command it makes many calls, or starts many plugins, then answers with
 * the heap size of its own process or of its plugin's: `node --expose-gc growth-host.mjs host|plugin COMMAND...`.
 */

import { type Caller, Client } from "goplug";
import { answer } from "./answer.js";
import { bench, handshake, heap, TEXT } from "./bench-contract.js";
import { heapBytes } from "./heap-bytes.js";

const CALLS = 200_000;
const IN_FLIGHT = 64;
const STARTS = 10;

type Bench = Caller<typeof bench.methods>;

async function manyCalls(plugin: Bench): Promise<void> {
  let left = CALLS;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      if ((await plugin.Echo(TEXT)) !== TEXT) throw new Error("wrong reply");
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}

async function manyStarts(command: readonly string[]): Promise<void> {
  for (let i = 0; i < STARTS; i++) {
    const client = new Client({ handshake, plugins: { bench }, command });
    try {
      const plugin = await client.dispense("bench");
      await plugin.Echo(TEXT);
    } finally {
      await client.kill();
    }
  }
}

async function main([whose, ...command]: readonly string[]): Promise<void> {
  const client = new Client({ handshake, plugins: { bench, heap }, command });
  const plugin = await client.dispense("bench");
  const bytes =
    whose === "host" ? heapBytes : (await client.dispense("heap")).Bytes.bind(undefined, {});
  await answer(async (name) => {
    await (name === "calls" ? manyCalls(plugin) : manyStarts(command));
    return { bytes: await bytes() };
  });
  await client.kill();
}

main(process.argv.slice(2));
