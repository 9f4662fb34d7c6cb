/** Paths of the repository, for the checks in this folder and the tests of the repository itself. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../", import.meta.url));

// Folders with generated files. The same names as in .gitignore.
const MADE = new Set(["node_modules", "dist", "coverage", ".cache", ".git"]);

/** All source files in `folder` and below, sorted, relative to the root, with forward slashes. */
export function listFiles(folder = ""): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  const found: string[] = [];
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!MADE.has(entry.name)) found.push(...listFiles(path));
    } else if (entry.isFile()) {
      found.push(path);
    }
  }
  return found.sort();
}

export const readText = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** The part of package.json that the checks read. */
export interface PackageJson {
  readonly exports: Readonly<
    Record<string, string | { readonly types: string; readonly default: string }>
  >;
  readonly scripts: Readonly<Record<string, string>>;
}

export const packageJson = (): PackageJson => JSON.parse(readText("package.json")) as PackageJson;

/** The modules in "exports", each with its sub-path (`.`, `./gob`) and its source file. */
export function entries(): { readonly subPath: string; readonly source: string }[] {
  return Object.entries(packageJson().exports).flatMap(([subPath, target]) =>
    typeof target === "string"
      ? []
      : [{ subPath, source: target.default.replace(/^\.\/dist\//, "").replace(/\.js$/, ".ts") }],
  );
}

/** Ends a check. Prints the problems and sets the exit code, or prints one line that says what was checked. */
export function report(check: string, problems: readonly string[], summary: string): void {
  if (problems.length === 0) {
    console.log(`${check}: ${summary}`);
    return;
  }
  console.error(`${check}: ${problems.length} problem(s)`);
  for (const problem of problems) console.error(`  ${problem}`);
  process.exitCode = 1;
}
