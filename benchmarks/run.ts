/** Runs the benchmarks: `npm run bench -- SUBJECT... [--case REGEX] [--rounds N] [--json FILE]`. */

import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { goVersion, NO_GO } from "../test/helpers/go.js";
import { calls } from "./calls.js";
import { gob } from "./gob.js";
import { growth } from "./growth.js";
import { memory } from "./memory.js";
import { formatTable, type Row } from "./rows.js";
import { startup } from "./startup.js";
import type { Subject } from "./subject.js";
import { versions } from "./versions.js";
import { yamux } from "./yamux.js";

const SUBJECTS: Readonly<Record<string, Subject>> = {
  calls,
  gob,
  yamux,
  startup,
  memory,
  growth,
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      case: { type: "string", default: "" },
      rounds: { type: "string", default: "7" },
      json: { type: "string" },
    },
  });
  const rounds = Number(values.rounds);
  const unknown = positionals.filter((subject) => !Object.hasOwn(SUBJECTS, subject));
  if (unknown.length > 0 || positionals.length === 0 || !(Number.isInteger(rounds) && rounds > 0)) {
    const names = Object.keys(SUBJECTS).join(", ");
    console.error(`usage: npm run bench -- SUBJECT... [--case REGEX] [--rounds N] [--json FILE]`);
    console.error(`subjects: ${names}`);
    process.exitCode = 2;
    return;
  }
  if (goVersion === undefined) throw new Error(NO_GO);
  const pattern = new RegExp(values.case);
  const options = { rounds, wants: (name: string) => pattern.test(name) };
  console.log(`${versions().join(", ")}; ${cpus().length} cores, ${rounds} rounds`);
  const rows: Row[] = [];
  for (const subject of positionals) {
    const own = await SUBJECTS[subject]!(options);
    console.log(`\n${subject}\n${formatTable(own)}`);
    rows.push(...own);
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
