/** docs/errors.md lists every code of every error class, and no other, with the clauses that it enforces. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { listFiles, readText } from "../../scripts/files.js";

const SOURCES: readonly [name: string, path: string][] = [
  ["PluginError", "lib/errors.ts"],
  ["HandshakeError", "protocol/errors.ts"],
  ["RpcError", "protocol/errors.ts"],
  ["MuxError", "mux/errors.ts"],
  ["CodecError", "protocol/errors.ts"],
];

/** The members of `export type <name>Code`. Those of another union in it are listed at the other class. */
function unionOf(name: string, path: string): string[] {
  const [, body = ""] =
    new RegExp(`export type ${name}Code =(.*?);\\n`, "s").exec(withoutComments(readText(path))) ??
    [];
  return quoted(body, /"([a-z-]+)"/g);
}

/** The first cells of the table under `## <name>`. */
function tableOf(name: string): string[] {
  const [, section = ""] =
    new RegExp(`^## ${name}\\n(.*?)(?=^## |$(?![\\s\\S]))`, "ms").exec(
      readText("docs/errors.md"),
    ) ?? [];
  return quoted(section, /^\| `([a-z-]+)` \|/gm);
}

const withoutComments = (text: string): string => text.replace(/\/\*\*.*?\*\//gs, "");
const quoted = (text: string, pattern: RegExp): string[] =>
  Array.from(text.matchAll(pattern), ([, code = ""]) => code).sort();

for (const [name, path] of SOURCES) {
  test(`docs/errors.md has each code of ${name}, and no other`, () => {
    const codes = unionOf(name, path);
    assert.ok(codes.length > 0, `no union ${name}Code in ${path}`);
    assert.deepEqual(tableOf(name), codes);
  });
}

const HEADER = "| code | when | what to do | clauses | Go's text |";

/** The cells of each row, from the code on. */
const rows = (readText("docs/errors.md").match(/^\| `[a-z-]+` \|.*\|$/gm) ?? []).map((row) =>
  row
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim()),
);

test("every row of docs/errors.md says when and what to do, and which clauses are enforced", () => {
  const headers = readText("docs/errors.md").match(/^\| code \|.*$/gm) ?? [];
  assert.deepEqual(new Set(headers), new Set([HEADER]));
  const wrong = rows.filter(
    ([, when, what, clauses, ...text]) =>
      when === "" || what === "" || text.length !== 1 || !isClauseList(clauses ?? ""),
  );
  assert.deepEqual(wrong, []);
});

/** `[GOB-1] [GOB-2]`, each clause once, or `-` where no rule of the wire is involved. */
function isClauseList(cell: string): boolean {
  if (cell === "-") return true;
  const clauses = cell.split(" ");
  const isWellFormed = clauses.every((clause) => /^\[[A-Z]+-\d+\]$/.test(clause));
  return isWellFormed && new Set(clauses).size === clauses.length;
}

test("every clause in docs/errors.md exists in spec/", () => {
  const files = listFiles("spec").filter((path) => path.endsWith(".md"));
  const existing = new Set(
    files.flatMap((path) => quoted(readText(path), /^### ([A-Z]+-\d+) \S/gm)),
  );
  const named = quoted(readText("docs/errors.md"), /\[([A-Z]+-\d+)\]/g);
  assert.ok(named.length > 50, `${named.length} clauses`);
  assert.deepEqual(
    named.filter((clause) => !existing.has(clause)),
    [],
  );
});
