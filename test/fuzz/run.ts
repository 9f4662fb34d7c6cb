/**
 * The long differential fuzz: `npm run fuzz:gob [-- --cases N] [--seed N]`. It starts at a random seed and counts up. Seeds that fail
 * are added to seeds.json, which the suite replays.
 */
import { randomInt } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { goBinary } from "../helpers/go.js";
import { runSession, STREAMS_PER_SEED } from "./session.js";

const SEEDS = new URL("seeds.json", import.meta.url);
/** How much of each failure is printed. */
const MAX_CHARS = 2000;
/** How many seeds run at a time: while Go works on one, we work on the other. */
const PARALLEL = 2;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { cases: { type: "string", default: "20000" }, seed: { type: "string" } },
  });
  const program = await goBinary("gob-fuzz");
  const first = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  const wanted = Number(values.cases);
  console.log(`seeds from ${first}`);
  let next = first;
  let cases = 0;
  const failed: number[] = [];
  const worker = async () => {
    while (cases < wanted) {
      const seed = next++;
      const outcome = await runSession(program, seed, STREAMS_PER_SEED);
      cases += outcome.cases;
      if (outcome.failures.length === 0) continue;
      failed.push(seed);
      for (const failure of outcome.failures) console.log(`\n${failure.slice(0, MAX_CHARS)}`);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  console.log(
    `\n${cases} cases, seeds ${first} to ${next - 1}, ${failed.length} failed: ${failed}`,
  );
  if (failed.length > 0) keep(failed);
}

/** Adds the seeds to seeds.json. */
function keep(failed: readonly number[]): void {
  const known = JSON.parse(readFileSync(SEEDS, "utf8")) as number[];
  const seeds = [...new Set([...known, ...failed])].sort((a, b) => a - b);
  writeFileSync(SEEDS, `[${seeds.join(", ")}]\n`);
  process.exitCode = 1;
}

main();
