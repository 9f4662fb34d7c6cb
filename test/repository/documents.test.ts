/** The documents are correct: their programs compile and run, and the files and names in them exist. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { type TestContext, test } from "node:test";
import { complaints, createProgram } from "../../scripts/compile.js";
import { listFiles, packageJson, ROOT, readText } from "../../scripts/files.js";
import { publicNames } from "../../scripts/public-names.js";
import { scratchDirectory } from "../helpers/scratch.js";

const DOCUMENTS = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  ...listFiles().filter((path) => /^(docs|examples)\/.*\.md$/.test(path)),
];

interface Snippet {
  readonly file: string;
  readonly text: string;
}

/** The ```ts blocks. One that starts with `// name.ts` is the file of that name, which others can import. */
function snippets(document: string): Snippet[] {
  return blocks(document, "ts").map((text, i) => ({
    file: /^\/\/ (\S+\.ts)\n/.exec(text)?.[1] ?? `${basename(document, ".md")}-${i + 1}.ts`,
    text,
  }));
}

const blocks = (document: string, language: string): string[] =>
  Array.from(
    readText(document).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms")),
    ([, text = ""]) => text,
  );

const allSnippets = DOCUMENTS.flatMap(snippets);

/**
 * Writes all snippets to one folder, because those of other documents may import the README's. The folder is in the repository, where
 * imports of "goplug" and of Node's types are found.
 */
function snippetFolder(t: TestContext): string {
  const folder = scratchDirectory(t, join(ROOT, ".cache"));
  for (const { file, text } of allSnippets) writeFileSync(join(folder, file), text);
  return folder;
}

test("the documents' TypeScript compiles", (t) => {
  const folder = relative(ROOT, snippetFolder(t));
  const files = allSnippets.map(({ file }) => `${folder}/${file}`);
  assert.equal(new Set(files).size, files.length, "two snippets have one name");
  for (const document of ["README.md", "docs/observability.md"]) {
    assert.notEqual(snippets(document).length, 0, `${document} has no \`\`\`ts blocks`);
  }
  const program = createProgram(files, { noUnusedLocals: false, noUnusedParameters: false });
  assert.deepEqual(complaints(program, files), []);
});

test("the README's host calls the README's plugin, bundled as the README says, watched as docs/ say", (t) => {
  const cwd = snippetFolder(t);
  const recipe = blocks("README.md", "sh").find((text) => text.includes("esbuild"));
  assert.ok(recipe, "README.md has no ```sh block with esbuild");
  execFileSync("sh", ["-ec", recipe], { cwd, stdio: "pipe" });
  const run = (...args: string[]) =>
    execFileSync(process.execPath, ["--import", "tsx", ...args], { cwd, encoding: "utf8" });
  assert.equal(run("host.ts"), "Hello!\n");
  // Loaded before the host, as in a program that watches itself.
  const [watch] = snippets("docs/observability.md");
  const watched = run("--import", `./${watch?.file}`, "host.ts");
  assert.match(watched, /^caller Plugin\.Greet: [\d.]+ ms$/m);
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

/** The paths in backticks that look like ours, and the targets of relative links. */
function namedPaths(text: string): string[] {
  const prose = text.replace(/^```.*?^```$/gms, "");
  const quoted = Array.from(prose.matchAll(/`([\w.@*<>/-]+)`/g), ([, path = ""]) => path).filter(
    (path) => (path.includes("/") ? folders.has(path.split("/")[0]) : extension.test(path)),
  );
  const linked = Array.from(prose.matchAll(/\]\((?!https?:|#)([^)#]+)/g), ([, path = ""]) => path);
  return [...quoted, ...linked];
}

/** Whether a file matches. `<name>` and `*` match any name, and a name without a folder matches in every folder. */
function exists(path: string): boolean {
  const escaped = path.replace(/\/$/, "").replace(/[.+]/g, "\\$&");
  const anyName = escaped.replace(/<\w+>|\*/g, "[^/]+");
  const pattern = new RegExp(`${path.includes("/") ? "^" : "(^|/)"}${anyName}(/|$)`);
  return allFiles.some((file) => pattern.test(file));
}

test("docs/from-go.md names only what exists", () => {
  const exported = new Set(Object.values(publicNames()).flat());
  const isPublic = (name: string) => exported.has(name) || exported.has(`type ${name}`);
  const sources = ["lib", "protocol"]
    .flatMap((folder) => listFiles(folder))
    .map(readText)
    .join("\n");
  const cells = Array.from(
    readText("docs/from-go.md").matchAll(/^\| `.*? \| (`.*?) \|.*\|$/gm),
    ([, cell = ""]) => cell,
  );
  assert.ok(cells.length > 30, `${cells.length} rows`);
  const named = cells.flatMap((cell) =>
    Array.from(cell.matchAll(/`([\w.]+)`/g), ([, name = ""]) => name),
  );
  const missing = named.filter((path) => {
    const [name = "", member] = path.split(".");
    const isThere = member === undefined || isPublic(member);
    return !isPublic(name) || !(isThere || new RegExp(`\\b${member}\\b`).test(sources));
  });
  assert.deepEqual(missing, []);
});
