/** The documents say what is there: their TypeScript compiles, and the files they name exist. */
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { complaints, createProgram } from "../../scripts/compile.js";
import { listFiles, packageJson, ROOT, readText } from "../../scripts/files.js";

const DOCUMENTS = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];

interface Snippet {
  readonly file: string;
  readonly text: string;
}

/** The ```ts blocks; one that starts with `// name.ts` is that file, so that others can import it. */
function snippets(document: string): Snippet[] {
  return Array.from(readText(document).matchAll(/^```ts\n(.*?)^```$/gms), ([, text = ""], i) => ({
    file: /^\/\/ (\S+\.ts)\n/.exec(text)?.[1] ?? `snippet-${i + 1}.ts`,
    text,
  }));
}

test("the README's TypeScript compiles", (t) => {
  const found = snippets("README.md");
  assert.notEqual(found.length, 0, "README.md has no ```ts blocks");
  // Inside the repository, where "goplug" and Node's types are found.
  const folder = `.cache/readme-${process.pid}`;
  t.after(() => rmSync(join(ROOT, folder), { recursive: true, force: true }));
  mkdirSync(join(ROOT, folder), { recursive: true });
  const files = found.map(({ file, text }) => {
    writeFileSync(join(ROOT, folder, file), text);
    return `${folder}/${file}`;
  });
  const program = createProgram(files, { noUnusedLocals: false, noUnusedParameters: false });
  assert.deepEqual(complaints(program, files), []);
});

for (const document of DOCUMENTS) {
  test(`${document} names only files that exist`, () => {
    const missing = namedPaths(readText(document)).filter((path) => !exists(path));
    assert.deepEqual(missing, []);
  });

  test(`${document} names only npm scripts that exist`, () => {
    const { scripts } = packageJson();
    const named = readText(document).matchAll(/\bnpm (?:run ([\w:]+)|(test)\b)/g);
    for (const [, script, npmTest] of named)
      assert.ok((script ?? npmTest ?? "") in scripts, script);
  });
}

const allFiles = listFiles();
const folders = new Set(allFiles.map((path) => path.split("/")[0]));
const extension = /\.(md|ts|js|cjs|json|go|mod)$/;

/** What stands in backticks and looks like a path of ours, and the targets of relative links. */
function namedPaths(text: string): string[] {
  const prose = text.replace(/^```.*?^```$/gms, "");
  const quoted = Array.from(prose.matchAll(/`([\w.@*<>/-]+)`/g), ([, path = ""]) => path).filter(
    (path) => (path.includes("/") ? folders.has(path.split("/")[0]) : extension.test(path)),
  );
  const linked = Array.from(prose.matchAll(/\]\((?!https?:|#)([^)#]+)/g), ([, path = ""]) => path);
  return [...quoted, ...linked];
}

/** `<name>` and `*` stand for any name; a name without a folder may be anywhere. */
function exists(path: string): boolean {
  const escaped = path.replace(/\/$/, "").replace(/[.+]/g, "\\$&");
  const anyName = escaped.replace(/<\w+>|\*/g, "[^/]+");
  const pattern = new RegExp(`${path.includes("/") ? "^" : "(^|/)"}${anyName}(/|$)`);
  return allFiles.some((file) => pattern.test(file));
}
