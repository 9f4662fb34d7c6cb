/** Compares the public names with the committed list; `--update` writes the list anew. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, readText, report } from "./files.js";
import { NAMES_FILE, publicNames } from "./public-names.js";

const names = publicNames();
if (process.argv.includes("--update"))
  writeFileSync(join(ROOT, NAMES_FILE), `${JSON.stringify(names, null, 2)}\n`);

const listed = JSON.parse(readText(NAMES_FILE)) as Record<string, string[]>;
const problems: string[] = [];
for (const subPath of new Set([...Object.keys(names), ...Object.keys(listed)])) {
  const now = names[subPath] ?? [];
  const before = listed[subPath] ?? [];
  for (const name of now) if (!before.includes(name)) problems.push(`${subPath}: new: ${name}`);
  for (const name of before) if (!now.includes(name)) problems.push(`${subPath}: gone: ${name}`);
}
if (problems.length > 0) problems.push("if meant: npx tsx scripts/check-public-names.ts --update");
report("public names", problems, `${Object.values(names).flat().length} names as listed`);
