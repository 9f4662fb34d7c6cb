/** The long fuzz of yamux sessions. */
import { test } from "node:test";
import { fuzz } from "../helpers/yamux/fuzz.js";

/** Half of the seeds are the same in each run, and half are random. The name of a failed test has its seed. */
const SEEDS = [
  ...Array.from({ length: 20 }, (_, i) => 100 + i),
  ...Array.from({ length: 20 }, () => Math.floor(Math.random() * 2 ** 32)),
];

for (const seed of SEEDS) {
  test(`[YAMUX-44] 30,000 frames and a random user break no rule of the session, seed ${seed}`, async (t) => {
    const { sessions, streams, deliveredBytes } = await fuzz(seed, 30_000);
    t.diagnostic(`${sessions} sessions, ${streams} streams, ${deliveredBytes} bytes delivered`);
  });
}
