import { goBinary } from "../test/helpers/go.js";
import { tsPlugin } from "../test/helpers/ts-plugin.js";
import { Contender, type Measured } from "./contender.js";
import { median, type Row } from "./rows.js";
import type { RunOptions } from "./run.js";

/** Calls between a host and a plugin, each in Go and in TypeScript. */

const CASES = [
  "string 1",
  "string 64",
  "struct 1",
  "struct 64",
  "64KiB 64",
  "4MiB down",
  "4MiB up",
  "4MiB echo",
];
const PEER = "go";
const MS_PER_CASE = 400;

export async function calls(options: RunOptions): Promise<Row[]> {
  const goHost = await goBinary("bench-host");
  const goPlugin = await goBinary("bench-plugin");
  const nodeHost = await tsPlugin("benchmarks/contenders/node-host.ts");
  const plugin = await tsPlugin("benchmarks/contenders/ts-plugin.ts");
  const commands: Record<string, string[]> = {
    [PEER]: [goHost, "--", goPlugin],
    "node host": [nodeHost, goPlugin],
    "ts plugin": [goHost, "--", plugin],
    "ts both": [nodeHost, plugin],
  };
  const contenders: Contender[] = [];
  for (const [name, command] of Object.entries(commands)) {
    contenders.push(await Contender.start(name, command));
  }
  try {
    for (const { name, versions } of contenders)
      options.note(`${name}: ${JSON.stringify(versions)}`);
    const rows: Row[] = [];
    for (const name of CASES.filter((candidate) => options.wants(candidate))) {
      rows.push(...(await compare(name, contenders, options)));
    }
    return rows;
  } finally {
    for (const contender of contenders) await contender.stop();
  }
}

/** One case, all contenders in random order per round; ratios are taken inside a round. */
async function compare(
  name: string,
  contenders: readonly Contender[],
  { rounds }: RunOptions,
): Promise<Row[]> {
  const figure = figureOf(name);
  const results = new Map<string, number[]>(contenders.map((contender) => [contender.name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const contender of shuffled(contenders)) {
      const measured = await contender.measure(name, MS_PER_CASE);
      // The first round warms up.
      if (round >= 0) results.get(contender.name)?.push(figure.of(measured));
    }
  }
  const base = results.get(PEER) as number[];
  const rows: Row[] = [];
  for (const [contender, values] of results) {
    if (contender === PEER) continue;
    const ratios = values.map((value, round) => value / (base[round] as number));
    rows.push({
      subject: "calls",
      case: name,
      contender,
      peer: PEER,
      measure: figure.measure,
      better: figure.better,
      ratio: median(ratios),
      min: Math.min(...ratios),
      max: Math.max(...ratios),
      rounds,
      value: median(values),
    });
  }
  return rows;
}

/** One call at a time tells of latency, many at once of throughput. */
function figureOf(name: string) {
  return name.endsWith(" 1")
    ? ({ measure: "p50", better: "lower", of: (m: Measured) => m.p50Ns / 1000 } as const)
    : ({
        measure: "rate",
        better: "higher",
        of: (m: Measured) => (m.count / m.elapsedNs) * 1e9,
      } as const);
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
