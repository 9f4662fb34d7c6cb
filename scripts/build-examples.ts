/** Makes programs out of the examples: each plugin one executable file, each host one module. */
import { chmod, mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type BuildOptions, build, formatMessages } from "esbuild";
import { listFiles, ROOT } from "./files.js";

export interface BuildExamplesOptions {
  /** Where `<name>/plugin` and `<name>/host.js` go, and Packer's plugins by their own names. Default `dist/examples`. */
  readonly outDir?: string;
  /**
   * Absolute path of node for the plugin's first line, for hosts that do not hand PATH on. Default:
   * `/usr/bin/env node`, which looks it up.
   */
  readonly node?: string | undefined;
}

/** What becomes of an example's file: a host is a module, everything else one executable file. */
const OUTPUTS: Readonly<Record<string, string>> = {
  "plugin.ts": "plugin",
  "host.ts": "host.js",
  // Packer finds its plugins by name.
  "provisioner.ts": "packer-provisioner-goplug",
  "post-processor.ts": "packer-post-processor-goplug",
};

/** Builds the programs under examples/; returns the files written. */
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

// A file without an extension is CommonJS or ESM by the package.json above it, and a plugin is
// copied anywhere. So it is plain script, which both accept, and takes Node's modules from
// `process` instead of `require` or `import`, of which each exists in one of the two only.
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
  // Most of all: `import.meta` and top-level await, which plain script does not have.
  if (warnings.length > 0)
    throw new Error((await formatMessages(warnings, { kind: "warning" })).join(""));
  // Renamed into place: a test may start the old file at this very moment.
  const fresh = `${out}.${process.pid}`;
  await mkdir(dirname(out), { recursive: true });
  await writeFile(fresh, outputFiles[0]!.contents);
  await chmod(fresh, mode);
  await rename(fresh, out);
}
