/** Builds the programs in `benchmarks/contenders`. */

import { join } from "node:path";
import { build } from "esbuild";
import { packageJson, ROOT } from "../scripts/files.js";

/**
 * Compiles a program of `benchmarks/contenders` to plain JavaScript, because published code runs in that form. Under
 * tsx a start takes 3 to 5 times as long. npm packages are not bundled: they are loaded from where npm installed them.
 *
 * @param name - the program's file name without `.ts`.
 * @returns the command that runs it.
 */
export async function program(name: string, nodeFlags: readonly string[] = []): Promise<string[]> {
  const { dependencies, devDependencies } = packageJson() as PackageJson;
  const outfile = join(ROOT, ".cache/ts/benchmarks", `${name}.mjs`);
  await build({
    absWorkingDir: ROOT,
    entryPoints: [`benchmarks/contenders/${name}.ts`],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20.19",
    external: Object.keys({ ...dependencies, ...devDependencies }),
    logLevel: "warning",
  });
  return [process.execPath, ...nodeFlags, outfile];
}

type PackageJson = ReturnType<typeof packageJson> &
  Readonly<Record<"dependencies" | "devDependencies", Readonly<Record<string, string>>>>;
