import assert from "node:assert/strict";
import { test } from "node:test";
import { listFiles, readText } from "../../scripts/files.js";

/** The tables of README.md name tests that are there. */

const rows = Array.from(
  readText("test/upstream/README.md").matchAll(/`([^`|]+)` \| `(test\/[^`]+)` \|$/gm),
  ([, name = "", path = ""]) => ({ name, path }),
);

test("every test that the tables name is in its file", () => {
  assert.ok(rows.length > 80, `${rows.length} rows`);
  const missing = rows.filter(({ name, path }) => {
    const files = listFiles("test").filter((file) => file.startsWith(path) && file.endsWith(".ts"));
    return !files.some((file) => readText(file).includes(name));
  });
  assert.deepEqual(missing, []);
});
