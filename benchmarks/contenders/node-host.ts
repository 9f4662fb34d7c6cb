/**
 * A Node host that measures calls. The twin of `test/go/peers/cmd/bench-host`. The case "start" starts further plugins
 * of the same command, one after the other, and times each from its spawn to its first reply.
 */

import { type Caller, Client } from "goplug";
import type { Measured } from "../contender.js";
import { answer } from "./answer.js";
import { bench, handshake, pattern, SAMPLE, TEXT } from "./bench-contract.js";
import { type CallCase, measureCalls, measured, textCases } from "./call-measure.js";

type Bench = Caller<typeof bench.methods>;

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
const FIELDS = Object.keys(SAMPLE) as (keyof typeof SAMPLE)[];

function cases(plugin: Bench): Readonly<Record<string, CallCase>> {
  const small = pattern(64 << 10);
  const large = pattern(4 << 20);
  const struct = async () => {
    const reply = await plugin.Struct(SAMPLE);
    return FIELDS.every((field) => reply[field] === SAMPLE[field]);
  };
  const bytes = (payload: Uint8Array) => async () => same(await plugin.Bytes(payload), payload);
  return {
    ...textCases(() => echo(plugin)),
    "struct 1": { inFlight: 1, call: struct },
    "struct 64": { inFlight: 64, call: struct },
    "64KiB 64": { inFlight: 64, call: bytes(small) },
    "4MiB down": { inFlight: 8, call: async () => same(await plugin.Down(4 << 20), large) },
    "4MiB up": { inFlight: 8, call: async () => (await plugin.Up(large)) === large.length },
    "4MiB echo": { inFlight: 8, call: bytes(large) },
  };
}

const echo = async (plugin: Bench) => (await plugin.Echo(TEXT)) === TEXT;

/** Measures the time up to the first reply. The end of the plugin does not count. */
async function starts(command: readonly string[], ms: number): Promise<Measured> {
  const times: number[] = [];
  let elapsedMs = 0;
  for (const deadline = performance.now() + ms; performance.now() < deadline; ) {
    const before = performance.now();
    const client = new Client({ handshake, plugins: { bench }, command });
    try {
      if (!(await echo(await client.dispense("bench")))) throw new Error("wrong reply");
      const startMs = performance.now() - before;
      elapsedMs += startMs;
      times.push(startMs);
    } finally {
      await client.kill();
    }
  }
  return measured(times, elapsedMs);
}

async function main(command: readonly string[]): Promise<void> {
  const client = new Client({ handshake, plugins: { bench }, command });
  const known = cases(await client.dispense("bench"));
  await answer((name, ms) =>
    name === "start" ? starts(command, ms) : measureCalls(known[name] as CallCase, ms),
  );
  await client.kill();
}

main(process.argv.slice(2));
