import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { calls } from "./calls.js";
import { gob } from "./gob.js";
import { formatTable, type Row } from "./rows.js";
import { yamux } from "./yamux.js";

/** `npm run bench -- SUBJECT... [--case REGEX] [--rounds N] [--json FILE]` */

export interface RunOptions {
  readonly rounds: number;
  /** Whether `--case` asks for this case. */
  wants(name: string): boolean;
  /** A line about what is compared. */
  note(text: string): void;
}

const SUBJECTS: Readonly<Record<string, (options: RunOptions) => Promise<Row[]>>> = {
  calls,
  gob,
  yamux,
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
  const unknown = positionals.filter((subject) => !(subject in SUBJECTS));
  if (unknown.length > 0 || positionals.length === 0 || !(rounds >= 1)) {
    const names = Object.keys(SUBJECTS).join(", ");
    console.error(`usage: npm run bench -- SUBJECT... [--case REGEX] [--rounds N] [--json FILE]`);
    console.error(`subjects: ${names}`);
    process.exitCode = 2;
    return;
  }
  const pattern = new RegExp(values.case);
  const options: RunOptions = {
    rounds,
    wants: (name) => pattern.test(name),
    note: (text) => console.log(text),
  };
  console.log(`node ${process.version}, ${cpus().length} cores, ${rounds} rounds`);
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
