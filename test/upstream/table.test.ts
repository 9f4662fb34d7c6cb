/** The tests that the tables of README.md name exist. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { listFiles, readText } from "../../scripts/files.js";

const rows = Array.from(
  readText("test/upstream/README.md").matchAll(/`([^`|]+)` \| `(test\/[^`]+)` \|$/gm),
  ([, name = "", path = ""]) => ({ name, path }),
);

/** Whether a text has a string that begins with `name`, or with clauses and then `name`. */
function hasName(text: string, name: string): boolean {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`["\`](\\[[A-Z]+-\\d+\\] )*${literal}`).test(text);
}

test("every test that the tables name is in its file", () => {
  assert.ok(rows.length > 80, `${rows.length} rows`);
  const missing = rows.filter(({ name, path }) => {
    const files = listFiles("test").filter((file) => file.startsWith(path) && file.endsWith(".ts"));
    return !files.some((file) => hasName(readText(file), name));
  });
  assert.deepEqual(missing, []);
});
