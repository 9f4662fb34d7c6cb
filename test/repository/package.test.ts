/** The published package has no sources and no addresses, and built programs run anywhere. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { buildExamples } from "../../scripts/build-examples.js";
import { listFiles, ROOT, readText } from "../../scripts/files.js";
import { scratchDirectory } from "../helpers/scratch.js";

test("the package holds the library, the clauses and the documents, and nothing else", () => {
  const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [{ files }] = JSON.parse(output) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  for (const path of [
    "LICENSE",
    "README.md",
    "CHANGELOG.md",
    "package.json",
    "docs/life.md",
    "spec/handshake.md",
  ])
    assert.ok(paths.includes(path), path);
  const allowed =
    /^(LICENSE|README\.md|CHANGELOG\.md|package\.json|(docs|spec)\/[\w-]+\.md|dist\/(lib|mux|protocol)\/.+\.(js|js\.map|d\.ts))$/;
  assert.deepEqual(
    paths.filter((path) => !allowed.test(path)),
    [],
  );
});

test("the lock file holds no addresses, so that any npm configuration can install it", () => {
  assert.doesNotMatch(readText("package-lock.json"), /"resolved"/);
});

test("the script of the continuous integration can be run", () => {
  assert.ok(statSync(join(ROOT, ".ci/run")).mode & 0o100);
});

// A plugin is copied to where its host looks for plugins. Without the cookie it prints what it is and exits with 1, which shows that
// Node could load the file there.
test("a built plugin runs wherever it is copied to", async (t) => {
  const folder = scratchDirectory(t);
  const plugins = (await buildExamples({ outDir: join(folder, "built") })).filter(
    (path) => basename(path) === "plugin",
  );
  assert.equal(
    plugins.length,
    listFiles("examples").filter((p) => p.endsWith("/plugin.ts")).length,
  );
  const surroundings = {
    none: "",
    module: '{"type":"module"}',
    commonjs: '{"type":"commonjs"}',
    plain: "{}",
  };
  for (const plugin of plugins) {
    for (const [name, packageJson] of Object.entries(surroundings)) {
      const copy = join(folder, name, basename(dirname(plugin)));
      mkdirSync(dirname(copy), { recursive: true });
      copyFileSync(plugin, copy);
      if (packageJson !== "") writeFileSync(join(folder, name, "package.json"), packageJson);
      assert.match(stderrOf(copy), /^This binary is a plugin/m, `${copy}, package.json ${name}`);
    }
  }
});

function stderrOf(program: string): string {
  try {
    execFileSync(program, { encoding: "utf8", stdio: "pipe" });
    return "";
  } catch (error) {
    return (error as { stderr?: string }).stderr ?? String(error);
  }
}

test("a built plugin starts with the path of node when asked to", async (t) => {
  const outDir = scratchDirectory(t);
  const [program] = (await buildExamples({ outDir, node: process.execPath })).filter(
    (path) => basename(path) === "plugin",
  );
  assert.ok(program);
  assert.ok(readFileSync(program, "utf8").startsWith(`#!${process.execPath}\n`));
});
