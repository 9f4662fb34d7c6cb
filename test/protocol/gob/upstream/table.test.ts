/** The table of README.md has every test of Go's package, and the twins that it names exist. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { goTest } from "../../../helpers/go.js";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

const matches = (path: string, pattern: RegExp): string[] =>
  Array.from(readFileSync(path, "utf8").matchAll(pattern), ([, found = ""]) => found);

/** The names of Go's tests with which the names of a file's tests begin. */
const twinsIn = (file: string): string[] => matches(join(FOLDER, file), /^test\("(Test\w+): /gm);

interface Row {
  readonly name: string;
  /** Undefined where there is no twin, and `note` says why. */
  readonly file: string | undefined;
  readonly note: string;
}

const rows: readonly Row[] = Array.from(
  readFileSync(join(FOLDER, "README.md"), "utf8").matchAll(
    /^\| `(Test\w+)` \| (?:`([\w.]+)`|none) \|(.*)\|$/gm,
  ),
  ([, name = "", file, note = ""]) => ({ name, file, note: note.trim() }),
);
const names = rows.map(({ name }) => name).sort();

test("each row names a test that is in its file, or says why there is none", () => {
  const wrong = rows.filter(({ name, file, note }) =>
    file === undefined ? note === "" : !twinsIn(file).includes(name),
  );
  assert.deepEqual(wrong, []);
  assert.deepEqual(names, [...new Set(names)]);
});

test("each test of this folder is in the table, under its file", () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".test.ts"));
  const twins = files.flatMap((file) => twinsIn(file).map((name) => ({ name, file })));
  assert.ok(twins.length > 80, `${twins.length} tests`);
  const missing = twins.filter(
    (twin) => !rows.some(({ name, file }) => name === twin.name && file === twin.file),
  );
  assert.deepEqual(missing, []);
});

goTest("the table has every test that Go's encoding/gob has on this machine", () => {
  const root = spawnSync("go", ["env", "GOROOT"], { encoding: "utf8" }).stdout.trim();
  const folder = join(root, "src/encoding/gob");
  const files = readdirSync(folder).filter((file) => file.endsWith("_test.go"));
  const theirs = files.flatMap((file) => matches(join(folder, file), /^func (Test\w+)\(/gm));
  assert.ok(theirs.length > 80, `${theirs.length} tests in ${folder}`);
  assert.deepEqual(
    theirs.filter((name) => !names.includes(name)),
    [],
  );
});
