/** The table of Go's files and ours in docs/from-go.md: it is complete, and every file in it exists. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT, readText } from "../../scripts/files.js";
import { goTest } from "../helpers/go.js";

/** Modules whose sources are in Go's module cache, and the table names their files by this prefix. */
const MODULES: Readonly<Record<string, string>> = {
  "go-plugin": "github.com/hashicorp/go-plugin",
  yamux: "github.com/hashicorp/yamux",
};

/** Folders of which the table must name every file. */
const COMPLETE = [
  "go-plugin",
  "go-plugin/runner",
  "go-plugin/internal/cmdrunner",
  "yamux",
  "net/rpc",
  "net/rpc/jsonrpc",
];

interface Row {
  readonly go: string;
  /** Empty where we have no file, and `note` says why. */
  readonly ours: readonly string[];
  readonly note: string;
}

const rows = tableRows();
const goFiles = rows.map(({ go }) => go);

function tableRows(): Row[] {
  const [, section = ""] =
    /^## Go's files and ours\n(.*?)^## /ms.exec(readText("docs/from-go.md")) ?? [];
  return Array.from(
    section.matchAll(/^\| `(.*?)` \| (.*?) \|(.*)\|$/gm),
    ([, go = "", cell = "", note = ""]) => ({
      go,
      ours: Array.from(cell.matchAll(/`(.*?)`/g), ([, path = ""]) => path),
      note: note.trim(),
    }),
  );
}

test("docs/from-go.md names each Go file once, and files of ours that exist or why there is none", () => {
  assert.ok(rows.length > 50, `${rows.length} rows`);
  assert.deepEqual(goFiles, [...new Set(goFiles)]);
  const missing = rows.flatMap(({ ours }) => ours.filter((path) => !existsSync(join(ROOT, path))));
  assert.deepEqual(missing, []);
  assert.deepEqual(
    rows.filter(({ ours, note }) => ours.length === 0 && note === ""),
    [],
  );
});

goTest(
  "docs/from-go.md names Go files that exist, and all files of go-plugin, yamux and net/rpc",
  () => {
    const missing = goFiles.filter((path) => !existsSync(pathOf(path)));
    assert.deepEqual(missing, []);
    const unnamed = COMPLETE.flatMap(sourcesIn).filter((path) => !goFiles.includes(path));
    assert.deepEqual(unnamed, []);
  },
);

function sourcesIn(folder: string): string[] {
  const files = readdirSync(pathOf(folder)).filter((file) => file.endsWith(".go"));
  assert.notEqual(files.length, 0, folder);
  return files.filter((file) => !file.endsWith("_test.go")).map((file) => `${folder}/${file}`);
}

/** Where a Go file or folder of the table is on this machine. */
function pathOf(path: string): string {
  const [name = "", ...rest] = path.split("/");
  return MODULES[name] === undefined
    ? join(goRoot(), "src", path)
    : join(moduleFolder(name), ...rest);
}

const goRoot = (): string => go("env", "GOROOT");

const folders = new Map<string, string>();

/** The folder of the version that the Go programs of the tests are built with; downloads it if needed. */
function moduleFolder(name: string): string {
  let folder = folders.get(name);
  if (folder === undefined) {
    const answer = go("mod", "download", "-json", MODULES[name] ?? "");
    folder = (JSON.parse(answer) as { readonly Dir: string }).Dir;
    folders.set(name, folder);
  }
  return folder;
}

function go(...args: string[]): string {
  const cwd = join(ROOT, "test/go/peers");
  const { status, stdout, stderr } = spawnSync("go", args, { cwd, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}
