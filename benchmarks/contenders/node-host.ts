import { createInterface } from "node:readline";
import { type Caller, Client } from "goplug";
import { bench, handshake, pattern } from "./bench-contract.js";

/**
 * A Node host that measures on command: the twin of `test/go/cmd/bench-host`. It stays up, reads
 * `{"case":"string 64","ms":500}` on stdin and answers each line with one line.
 */

type Bench = Caller<typeof bench.methods>;
interface Case {
  readonly inFlight: number;
  /** Whether the reply was right. */
  call(plugin: Bench): Promise<boolean>;
}

const TEXT = "Hello, plugin! Hello, host!";
const SAMPLE = {
  ID: 1234567890123,
  Name: "a record of ten",
  Active: true,
  Count: -42,
  Ratio: 0.125,
  Level: 7,
  Flags: 2 ** 31,
  Offset: -100000,
  Score: 99.75,
  Comment: "with a comment of some length",
};
const small = pattern(64 << 10);
const large = pattern(4 << 20);
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

const echo = async (plugin: Bench) => (await plugin.Echo(TEXT)) === TEXT;
const FIELDS = Object.keys(SAMPLE) as (keyof typeof SAMPLE)[];
const struct = async (plugin: Bench) => {
  const reply = await plugin.Struct(SAMPLE);
  return FIELDS.every((field) => reply[field] === SAMPLE[field]);
};
const bytes = (payload: Uint8Array) => async (plugin: Bench) =>
  same(await plugin.Bytes(payload), payload);

const CASES: Readonly<Record<string, Case>> = {
  "string 1": { inFlight: 1, call: echo },
  "string 64": { inFlight: 64, call: echo },
  "struct 1": { inFlight: 1, call: struct },
  "struct 64": { inFlight: 64, call: struct },
  "64KiB 64": { inFlight: 64, call: bytes(small) },
  "4MiB down": { inFlight: 8, call: async (plugin) => same(await plugin.Down(4 << 20), large) },
  "4MiB up": { inFlight: 8, call: async (plugin) => (await plugin.Up(large)) === large.length },
  "4MiB echo": { inFlight: 8, call: bytes(large) },
};

async function measure(plugin: Bench, { inFlight, call }: Case, ms: number) {
  const times: number[] = [];
  const start = performance.now();
  const deadline = start + ms;
  const worker = async () => {
    for (let before = performance.now(); before < deadline; ) {
      if (!(await call(plugin))) throw new Error("wrong reply");
      const after = performance.now();
      times.push(after - before);
      before = after;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const elapsedNs = Math.round((performance.now() - start) * 1e6);
  const sorted = Float64Array.from(times).sort();
  const p50Ns = Math.round((sorted[sorted.length >> 1] ?? 0) * 1e6);
  return { count: times.length, elapsedNs, p50Ns };
}

async function main(): Promise<void> {
  const client = new Client({ handshake, plugins: { bench }, command: process.argv.slice(2) });
  const plugin = await client.dispense("bench");
  console.log(JSON.stringify({ ready: true, versions: { node: process.version } }));
  for await (const line of createInterface({ input: process.stdin })) {
    const { case: name, ms } = JSON.parse(line) as { case: string; ms: number };
    try {
      const result = await measure(plugin, CASES[name] as Case, ms);
      console.log(JSON.stringify({ case: name, ...result }));
    } catch (error) {
      console.log(JSON.stringify({ case: name, error: String(error) }));
    }
  }
  await client.kill();
}

main();
