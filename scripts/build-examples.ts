/** Builds the examples: each plugin becomes one executable file, each host one module. */
import { chmod, mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type BuildOptions, build, formatMessages } from "esbuild";
import { listFiles, ROOT } from "./files.js";

export interface BuildExamplesOptions {
  /** The folder for `<name>/plugin` and `<name>/host.js`. Default `dist/examples`. */
  readonly outDir?: string;
  /**
   * Absolute path of node for the plugin's first line, for hosts that do not pass PATH on. Default:
   * `/usr/bin/env node`, which finds node in PATH.
   */
  readonly node?: string | undefined;
}

/** The output file for each source file of an example. A host becomes a module, any other an executable file. */
const OUTPUTS: Readonly<Record<string, string>> = {
  "plugin.ts": "plugin",
  "host.ts": "host.js",
};

/** Builds the programs in examples/ and returns the paths of the written files. */
export async function buildExamples(options: BuildExamplesOptions = {}): Promise<string[]> {
  const { outDir = join(ROOT, "dist/examples"), node = "/usr/bin/env node" } = options;
  const written: string[] = [];
  for (const path of listFiles("examples")) {
    const [, name, file = ""] = /^examples\/([^/]+)\/([\w-]+\.ts)$/.exec(path) ?? [];
    const output = OUTPUTS[file];
    if (name === undefined || output === undefined) continue;
    const out = join(outDir, name, output);
    await (file === "host.ts"
      ? bundle(path, out, { format: "esm" })
      : bundlePlugin(path, out, node));
    written.push(out);
  }
  return written;
}

// The nearest package.json decides whether a file without an extension is CommonJS or ESM, and a plugin
// may be copied anywhere. The plugin is therefore plain script, which is valid as both. It loads Node's
// modules through `process`, because `require` exists only in CommonJS and `import` only in ESM.
export function bundlePlugin(entry: string, out: string, node: string): Promise<void> {
  const head = `#!${node}\n"use strict";\nvar require = process.getBuiltinModule;`;
  return bundle(entry, out, { format: "iife", banner: { js: head } }, 0o755);
}

async function bundle(
  entry: string,
  out: string,
  options: BuildOptions,
  mode = 0o644,
): Promise<void> {
  const { outputFiles, warnings } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    target: "node20.19",
    logLevel: "silent",
    ...options,
    write: false,
  });
  // esbuild warns of `import.meta` and top-level await, which plain script does not support.
  if (warnings.length > 0)
    throw new Error((await formatMessages(warnings, { kind: "warning" })).join(""));
  // Renamed into place, because a test may be starting the old file at this moment.
  const fresh = `${out}.${process.pid}`;
  await mkdir(dirname(out), { recursive: true });
  await writeFile(fresh, outputFiles[0]!.contents);
  await chmod(fresh, mode);
  await rename(fresh, out);
}
