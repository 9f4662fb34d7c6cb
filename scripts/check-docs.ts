/**
 * Every source file opens with a comment that says what it is for, and every symbol that it exports has a
 * docstring: `tsx scripts/check-docs.ts [path...]`, where a path is the beginning of the files' paths.
 */
import { listFiles, readText, report } from "./files.js";
import { missingDocs } from "./missing-docs.js";

const SOURCES = ["lib", "mux", "protocol"];

const wanted = process.argv.slice(2);
const files = SOURCES.flatMap((folder) => listFiles(folder))
  .filter((path) => path.endsWith(".ts"))
  .filter((path) => wanted.length === 0 || wanted.some((start) => path.startsWith(start)));

const problems = files.flatMap((path) => missingDocs(path, readText(path)));
if (files.length === 0) problems.push(`no source file begins with ${wanted.join(" or ")}`);
report("docs", problems, `${files.length} files say what they are for, and what they export`);
