/**
 * Every source file opens with a comment that says what it is for, and every symbol that it exports has a
 * docstring: `tsx scripts/check-docs.ts [path...]`. Members of public types are typedoc's to check (typedoc.json).
 */
import ts from "typescript";
import { listFiles, readText, report } from "./files.js";

const SOURCES = ["lib", "mux", "protocol"];

const wanted = process.argv.slice(2);
const files = SOURCES.flatMap((folder) => listFiles(folder))
  .filter((path) => path.endsWith(".ts"))
  .filter((path) => wanted.length === 0 || wanted.some((start) => path.startsWith(start)));

const problems: string[] = [];
for (const path of files) {
  const text = readText(path);
  if (!text.startsWith("/**")) problems.push(`${path}: does not open with what it is for`);
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  for (const statement of source.statements) {
    if (isExported(statement) && !hasDocstring(statement)) {
      const { line } = source.getLineAndCharacterOfPosition(statement.getStart());
      problems.push(`${path}:${line + 1}: exported without a docstring`);
    }
  }
}
report("docs", problems, `${files.length} files open with what they are for`);

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

/** The comment at the head of the file is the file's, unless nothing stands between it and the statement. */
function hasDocstring(statement: ts.Statement): boolean {
  return ts.getJSDocCommentsAndTags(statement).some(ts.isJSDoc);
}
