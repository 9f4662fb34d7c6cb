/** The documents say what is so: their programs compile and run, and the files they name exist. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { type TestContext, test } from "node:test";
import { complaints, createProgram } from "../../scripts/compile.js";
import { listFiles, packageJson, ROOT, readText } from "../../scripts/files.js";

const DOCUMENTS = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];

interface Snippet {
  readonly file: string;
  readonly text: string;
}

/** The ```ts blocks; one that starts with `// name.ts` is that file, so that others can import it. */
function snippets(document: string): Snippet[] {
  return blocks(document, "ts").map((text, i) => ({
    file: /^\/\/ (\S+\.ts)\n/.exec(text)?.[1] ?? `snippet-${i + 1}.ts`,
    text,
  }));
}

const blocks = (document: string, language: string): string[] =>
  Array.from(
    readText(document).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms")),
    ([, text = ""]) => text,
  );

/** Writes the README's snippets where "goplug" and Node's types are found; returns the folder. */
function readmeFolder(t: TestContext): string {
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, ".cache/readme-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const { file, text } of snippets("README.md")) writeFileSync(join(folder, file), text);
  return folder;
}

test("the README's TypeScript compiles", (t) => {
  const folder = relative(ROOT, readmeFolder(t));
  const files = snippets("README.md").map(({ file }) => `${folder}/${file}`);
  assert.notEqual(files.length, 0, "README.md has no ```ts blocks");
  const program = createProgram(files, { noUnusedLocals: false, noUnusedParameters: false });
  assert.deepEqual(complaints(program, files), []);
});

test("the README's host calls the README's plugin, bundled as the README says", (t) => {
  const cwd = readmeFolder(t);
  const recipe = blocks("README.md", "sh").find((text) => text.includes("esbuild"));
  assert.ok(recipe, "README.md has no ```sh block with esbuild");
  execFileSync("sh", ["-ec", recipe], { cwd, stdio: "pipe" });
  const args = ["--import", "tsx", "host.ts"];
  assert.equal(execFileSync(process.execPath, args, { cwd, encoding: "utf8" }), "Hello!\n");
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
