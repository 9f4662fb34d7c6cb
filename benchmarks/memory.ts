/** The subject `memory`: the resident memory (RSS) of a host, each time in a fresh process. */

import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { goBinary } from "../test/helpers/go.js";
import { compareEach, type Pair } from "./compare.js";
import { Contender } from "./contender.js";
import { program } from "./program.js";
import type { Row } from "./rows.js";
import type { SubjectOptions } from "./subject.js";

const PAIRS: Readonly<Record<string, Pair>> = {
  "idle host": { contender: "node host", peer: "empty node" },
  "per plugin": { contender: "node host", peer: "go" },
};

/** The number of further plugins. The memory of a single one is smaller than the noise. */
const MORE_PLUGINS = 16;

/** The wait until the start is over and its garbage may have been collected. */
const SETTLE_MS = 300;

export async function memory({ rounds, wants }: SubjectOptions): Promise<Row[]> {
  const goPlugin = [await goBinary("bench-plugin"), "-quiet"];
  const commands: Readonly<Record<string, readonly string[]>> = {
    "node host": [...(await program("idle-host")), ...goPlugin],
    "empty node": await program("idle-node"),
    go: [await goBinary("bench-host"), "--", ...goPlugin],
  };
  return compareEach(Object.keys(PAIRS).filter(wants), (name) => ({
    subject: "memory",
    case: name,
    measure: "bytes",
    pairs: [PAIRS[name]!],
    rounds,
    take: async (who) => {
      const contender = await Contender.start(who, commands[who]!);
      try {
        return await (name === "idle host" ? idle(contender) : perPlugin(contender));
      } finally {
        await contender.stop();
      }
    },
  }));
}

async function idle({ pid }: Contender): Promise<number> {
  await delay(SETTLE_MS);
  return rssBytes(pid);
}

async function perPlugin(contender: Contender): Promise<number> {
  const before = await idle(contender);
  for (let i = 0; i < MORE_PLUGINS; i++) await contender.measure("hold");
  return ((await idle(contender)) - before) / MORE_PLUGINS;
}

/** The RSS of any process, from Linux's /proc. */
function rssBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
