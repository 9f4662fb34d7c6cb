/** Finding programs by Go's patterns. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { discover } from "goplug";
import { scratchDirectory } from "../../helpers/scratch.js";

test("discover finds files by Go's patterns, sorted", async (t) => {
  const directory = scratchDirectory(t);
  mkdirSync(join(directory, "sub"));
  for (const name of ["b-1", "a-1", "a-22", "c[1]", "sub/a-3", "Ünï"]) {
    writeFileSync(join(directory, name), "");
  }
  const names = async (glob: string) =>
    (await discover(glob, directory)).map((path) => path.slice(directory.length + 1));
  assert.deepEqual(await names("a-*"), ["a-1", "a-22"]);
  assert.deepEqual(await names("?-1"), ["a-1", "b-1"]);
  assert.deepEqual(await names("[^a]-1"), ["b-1"]);
  assert.deepEqual(await names("[a-b]-1"), ["a-1", "b-1"]);
  assert.deepEqual(await names("c\\[1\\]"), ["c[1]"]);
  assert.deepEqual(await names("*/a-?"), ["sub/a-3"]);
  assert.deepEqual(await names("Ü?ï"), ["Ünï"]);
  assert.deepEqual(await names("nothing*"), []);
  assert.deepEqual(await discover("*", join(directory, "missing")), []);
  for (const glob of ["[", "[]", "a[", "\\", "[z-a]"]) {
    await assert.rejects(discover(glob, directory), { message: /syntax error in pattern/ });
  }
});
