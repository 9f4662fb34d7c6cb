import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { yamuxBinary } from "../test/helpers/go.js";
import { tsPlugin } from "../test/helpers/ts-plugin.js";
import { Contender } from "./contender.js";
import { median, type Row } from "./rows.js";
import type { RunOptions } from "./run.js";

/** Yamux alone: clients of four implementations and one Go server, over a unix socket. */

/** Go and the Node rivals have one face only: the same measurement for both downloads. */
interface Case {
  readonly name: string;
  readonly goName?: string;
}
const CASES: readonly Case[] = [
  { name: "up" },
  { name: "down duplex", goName: "down" },
  { name: "down sink", goName: "down" },
  { name: "ping-pong" },
  { name: "1KiB writes" },
];
const CONTENDER = "goplug";
const MS_PER_CASE = 400;

export async function yamux(options: RunOptions): Promise<Row[]> {
  const go = await yamuxBinary("bench");
  const commands: Record<string, string[]> = {
    [CONTENDER]: [await tsPlugin("benchmarks/contenders/yamux-goplug.ts")],
    go: [go, "measure"],
    "yamux-js": [await tsPlugin("benchmarks/contenders/yamux-js.ts")],
    libp2p: [await tsPlugin("benchmarks/contenders/yamux-libp2p.ts")],
  };
  const contenders: Contender[] = [];
  const server = await startServer(go);
  try {
    for (const [name, command] of Object.entries(commands)) {
      const contender = await Contender.start(name, [...command, server.address]);
      contenders.push(contender);
      options.note(`${name}: ${JSON.stringify(contender.versions)}`);
    }
    const rows: Row[] = [];
    for (const wanted of CASES.filter(({ name }) => options.wants(name))) {
      rows.push(...(await compare(wanted, contenders, options.rounds)));
    }
    return rows;
  } finally {
    for (const contender of contenders) await contender.stop();
    server.stop();
  }
}

/** All contenders in random order per round; ratios are taken inside a round. */
async function compare(
  { name, goName = name }: Case,
  contenders: readonly Contender[],
  rounds: number,
): Promise<Row[]> {
  const rates = new Map<string, number[]>(contenders.map((contender) => [contender.name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const contender of shuffled(contenders)) {
      const wanted = contender.name === "go" ? goName : name;
      const { count, elapsedNs } = await contender.measure(wanted, MS_PER_CASE);
      // The first round warms up.
      if (round >= 0) rates.get(contender.name)?.push((count / elapsedNs) * 1e9);
    }
  }
  const own = rates.get(CONTENDER) as number[];
  rates.delete(CONTENDER);
  return Array.from(rates, ([peer, values]): Row => {
    const ratios = own.map((rate, round) => rate / (values[round] as number));
    return {
      subject: "yamux",
      case: name,
      contender: CONTENDER,
      peer,
      measure: "rate",
      better: "higher",
      ratio: median(ratios),
      min: Math.min(...ratios),
      max: Math.max(...ratios),
      rounds,
      value: median(own),
    };
  });
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** It ends with its stdin. */
async function startServer(program: string): Promise<{ address: string; stop(): void }> {
  const child = spawn(program, ["serve"], { stdio: ["pipe", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const { address } = JSON.parse(line) as { address: string };
    return { address, stop: () => child.stdin.end() };
  }
  throw new Error("the server ended at its start");
}
