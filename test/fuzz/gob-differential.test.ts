/** A short run of the differential fuzz. `npm run fuzz:gob` is the long run. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { goBinary, goTest } from "../helpers/go.js";
import { runSession, STREAMS_PER_SEED } from "./session.js";

/** About a thousand values in a few seconds. */
const SEEDS = [1, 2, 3, 4, 5, 6];

const failed = JSON.parse(readFileSync(new URL("seeds.json", import.meta.url), "utf8")) as number[];

for (const seed of new Set([...SEEDS, ...failed])) {
  goTest(
    `[GOB-21] [GOB-29] random types and values mean the same here and in Go: seed ${seed}`,
    async () => {
      const program = await goBinary("gob-fuzz");
      const { cases, failures } = await runSession(program, seed, STREAMS_PER_SEED);
      assert.deepEqual(failures, []);
      assert.ok(cases > STREAMS_PER_SEED);
    },
  );
}
