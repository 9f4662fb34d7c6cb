/**
 * The long differential fuzz: `npm run fuzz:gob [-- --cases N] [--seed N]`. Seeds are taken one after
 * the other from a random one; one that fails is added to seeds.json, which the suite replays.
 */
import { randomInt } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { goBinary } from "../helpers/go.js";
import { runSession, STREAMS_PER_SEED } from "./session.js";

const SEEDS = new URL("seeds.json", import.meta.url);
/** Of each failure, unless one seed is looked at. */
const MAX_CHARS = 2000;
/** Seeds under way at a time: one for Go and one for us. */
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

function keep(failed: readonly number[]): void {
  const known = JSON.parse(readFileSync(SEEDS, "utf8")) as number[];
  const seeds = [...new Set([...known, ...failed])].sort((a, b) => a - b);
  writeFileSync(SEEDS, `[${seeds.join(", ")}]\n`);
  process.exitCode = 1;
}

main();
