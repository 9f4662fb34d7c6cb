/**
 * Checks that every wire rule is implemented and tested: each heading `### GOB-12 Title` in spec/*.md is cited as
 * [GOB-12] by a source file and by a test. A citation of a clause that does not exist is an error.
 */
import { listFiles, readText, report } from "./files.js";

const SOURCES = ["lib", "mux", "protocol"];
const OTHERS = ["test", "scripts", "examples", "benchmarks", "spec"];
const HEADING = /^### ([A-Z]{2,}-\d+) \S/gm;
const CITATION = /\[([A-Z]{2,}-\d+)\]/g;
// Lists and ranges in one bracket are refused, because CITATION would not find them.
const UNREAD = /\[[A-Z]{2,}-\d+[^\]\dA-Z][^\]\n]*\]/g;

const ids = (text: string, pattern: RegExp): string[] =>
  Array.from(text.matchAll(pattern), (match) => match[1] ?? match[0]);

const problems: string[] = [];
const clauses = new Map<string, string>();
for (const path of listFiles("spec").filter((path) => path.endsWith(".md"))) {
  for (const id of ids(readText(path), HEADING)) {
    const first = clauses.get(id);
    if (first !== undefined) problems.push(`${path}: clause ${id} is already in ${first}`);
    else clauses.set(id, path);
  }
}

// A bracket such as [SHA-256] in other text is not a citation. Only the prefixes of existing clauses count.
const prefixes = new Set(Array.from(clauses.keys(), (id) => id.slice(0, id.lastIndexOf("-"))));
const isClause = (id: string): boolean => prefixes.has(/[A-Z]+/.exec(id)?.[0] ?? "");

const cited = { source: new Set<string>(), test: new Set<string>() };
for (const folder of [...SOURCES, ...OTHERS]) {
  for (const path of listFiles(folder).filter((path) => /\.(ts|go|md|json)$/.test(path))) {
    const text = readText(path);
    for (const id of ids(text, CITATION).filter(isClause)) {
      if (!clauses.has(id)) problems.push(`${path}: cites [${id}], which is no clause`);
      if (SOURCES.includes(folder)) cited.source.add(id);
      if (folder === "test") cited.test.add(id);
    }
    for (const text_ of ids(text, UNREAD).filter(isClause))
      problems.push(`${path}: ${text_}: cite each clause in brackets of its own`);
  }
}

for (const [id, path] of clauses) {
  if (!cited.source.has(id))
    problems.push(`${path}: no file under ${SOURCES.join("|")} cites [${id}]`);
  if (!cited.test.has(id)) problems.push(`${path}: no file under test cites [${id}]`);
}
report("clauses", problems, `${clauses.size} clauses, all cited by sources and tests`);
