/** The public names: each entry of the package exports what the committed list says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { complaints, createProgram } from "../../scripts/compile.js";
import { entries, listFiles, packageJson } from "../../scripts/files.js";
import { changedNames, publicNames } from "../../scripts/public-names.js";

test("the public names are the listed ones", () => {
  // If the change is intended: npx tsx scripts/check-public-names.ts --update
  assert.deepEqual(changedNames(publicNames()), []);
});

test("tsconfig.json maps every entry of the package to the source it is built from", () => {
  const program = createProgram([]);
  const wanted = entries().map(({ subPath, source }) => [
    `goplug${subPath.slice(1)}`,
    [`./${source}`],
  ]);
  assert.deepEqual(program.getCompilerOptions().paths, Object.fromEntries(wanted));
});

test("every entry of the package has its declarations beside its code", () => {
  for (const [subPath, target] of Object.entries(packageJson().exports)) {
    if (typeof target !== "string")
      assert.equal(target.types, target.default.replace(/\.js$/, ".d.ts"), subPath);
  }
});

test("the type tests compile, and what must not compile does not", () => {
  const files = listFiles("test/types").filter((path) => path.endsWith(".ts"));
  assert.notEqual(files.length, 0, "test/types has no files");
  assert.deepEqual(complaints(createProgram(files), files), []);
});
