/**
 * Packs the files that would be published (after `npm run build`), installs the package into an empty project, and uses
 * it there as a user would: with import, with require, and with the compiler in its strictest mode for declarations.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { entries, ROOT, report } from "./files.js";

const project = mkdtempSync(join(tmpdir(), "goplug-package-"));
const npm = (cwd: string, ...args: string[]): string =>
  execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const node = (...args: string[]): string =>
  execFileSync(process.execPath, args, { cwd: project, encoding: "utf8" });

const names = entries().map(({ subPath }) => `goplug${subPath.slice(1)}`);
const problems: string[] = [];
try {
  const [packed] = JSON.parse(
    npm(ROOT, "pack", "--json", "--ignore-scripts", "--pack-destination", project),
  ) as [{ filename: string }];
  writeFileSync(join(project, "package.json"), '{ "private": true, "type": "module" }');
  npm(
    project,
    "install",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    join(project, packed.filename),
  );

  for (const name of names) {
    try {
      node("--input-type=module", "--eval", `await import(${JSON.stringify(name)})`);
      // Node 20 warns that require() of ESM is experimental. Only a failure counts here.
      node("--no-warnings", "--input-type=commonjs", "--eval", `require(${JSON.stringify(name)})`);
    } catch (error) {
      problems.push(`${name}: ${(error as Error).message}`);
    }
  }
  problems.push(...declarationProblems());
} finally {
  rmSync(project, { recursive: true, force: true });
}
report("package", problems, `${names.length} entries load and type-check when installed`);

function declarationProblems(): string[] {
  const file = join(project, "consumer.ts");
  writeFileSync(file, names.map((name, i) => `export * as e${i} from "${name}";\n`).join(""));
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts"],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    typeRoots: [join(ROOT, "node_modules/@types")],
    types: ["node"],
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file: at, messageText }) =>
        `${at?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
}
