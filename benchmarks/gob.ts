import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { gob as codec } from "goplug";
import { goBinary } from "../test/helpers/go.js";
import { tsPlugin } from "../test/helpers/ts-plugin.js";
import { Contender } from "./contender.js";
import { PAYLOADS } from "./contenders/gob-payloads.js";
import { median, type Row } from "./rows.js";
import type { RunOptions } from "./run.js";

/** Encoding and decoding alone, against Go's encoding/gob and two msgpack codecs for JavaScript. */

const LETTERS = ["a", "b", "c", "d", "e", "f", "g"];
const CASES = ["encode", "decode"].flatMap((way) => LETTERS.map((letter) => `${way} ${letter}`));
const CONTENDER = "goplug";
const PEERS = ["msgpackr", "@msgpack/msgpack"];
const MS_PER_CASE = 200;

export async function gob(options: RunOptions): Promise<Row[]> {
  const go = await goBinary("bench-gob");
  for (const letter of LETTERS) checkPayload(go, letter);
  const contenders: Contender[] = [];
  try {
    contenders.push(await Contender.start("go", [go]));
    const own = await tsPlugin("benchmarks/contenders/gob-goplug.ts");
    contenders.push(await Contender.start(CONTENDER, [own]));
    for (const name of PEERS) {
      // Not bundled: msgpackr looks for a native helper.
      const program = new URL("contenders/gob-msgpack.ts", import.meta.url).pathname;
      const command = [process.execPath, "--import", "tsx", program, name];
      contenders.push(await Contender.start(name, command));
    }
    for (const { name, versions } of contenders) {
      const version = PEERS.includes(name) ? packageVersion(name) : JSON.stringify(versions);
      options.note(`${name}: ${version}`);
    }
    const rows: Row[] = [];
    for (const name of CASES.filter((candidate) => options.wants(candidate))) {
      rows.push(...(await compare(name, contenders, options.rounds)));
    }
    return rows;
  } finally {
    for (const contender of contenders) await contender.stop();
  }
}

/** Both sides measure the same value: Go's bytes decode to ours. */
function checkPayload(go: string, letter: string): void {
  const payload = PAYLOADS[letter]!;
  const hex = execFileSync(go, ["-payload", letter], { encoding: "utf8", maxBuffer: 1 << 24 });
  const value = codec.decodeGob(payload.schema, Buffer.from(hex.trim(), "hex"));
  if (!isDeepStrictEqual(value, payload.out)) {
    throw new Error(`payload ${letter} is another one in Go`);
  }
}

/** All contenders in random order per round; ratios are taken inside a round. */
async function compare(
  name: string,
  contenders: readonly Contender[],
  rounds: number,
): Promise<Row[]> {
  const rates = new Map<string, number[]>(contenders.map((contender) => [contender.name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const contender of shuffled(contenders)) {
      const { count, elapsedNs } = await contender.measure(name, MS_PER_CASE);
      // The first round warms up.
      if (round >= 0) rates.get(contender.name)?.push((count / elapsedNs) * 1e9);
    }
  }
  const own = rates.get(CONTENDER) as number[];
  rates.delete(CONTENDER);
  return Array.from(rates, ([peer, values]): Row => {
    const ratios = own.map((rate, round) => rate / (values[round] as number));
    return {
      subject: "gob",
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

function packageVersion(name: string): string {
  const url = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, "utf8")) as { version: string }).version;
}
