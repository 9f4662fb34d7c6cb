/** docs/errors.md lists every code of every error class, and no other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readText } from "../../scripts/files.js";

const SOURCES: readonly [name: string, path: string][] = [
  ["PluginError", "lib/errors.ts"],
  ["HandshakeError", "protocol/errors.ts"],
  ["RpcError", "protocol/errors.ts"],
  ["MuxError", "mux/errors.ts"],
  ["CodecError", "protocol/errors.ts"],
];

/** The members of `export type <name>Code`; those taken over from another union are listed there. */
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

test("every row of docs/errors.md says when and what to do", () => {
  const rows = readText("docs/errors.md").match(/^\| `[a-z-]+` \|.*$/gm) ?? [];
  const empty = rows.filter((row) => !/^\| `[a-z-]+` \| \S.* \| \S.* \|.*\|$/.test(row));
  assert.deepEqual(empty, []);
});
