/** Compares the public names with the committed list. `--update` rewrites the list. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, report } from "./files.js";
import { changedNames, NAMES_FILE, publicNames } from "./public-names.js";

const names = publicNames();
if (process.argv.includes("--update"))
  writeFileSync(join(ROOT, NAMES_FILE), `${JSON.stringify(names, null, 2)}\n`);

const problems = changedNames(names);
if (problems.length > 0) problems.push("if meant: npx tsx scripts/check-public-names.ts --update");
report("public names", problems, `${Object.values(names).flat().length} names as listed`);
