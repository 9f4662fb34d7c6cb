import { createHash } from "node:crypto";
import { chmod, mkdir, rename, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CACHE = `${ROOT}.cache/ts`;

/**
 * Bundles a TypeScript plugin into one executable file, as users do, and gives its path.
 *
 * @param source - from the root of the repository: `test/fixtures/plugins/fixture.ts`.
 */
export async function tsPlugin(source: string): Promise<string> {
  const bundle = await build({
    absWorkingDir: ROOT,
    entryPoints: [source],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    banner: { js: "#!/usr/bin/env node" },
    write: false,
  });
  const { contents } = bundle.outputFiles[0]!;
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 16);
  const path = `${CACHE}/${source.replaceAll("/", "-")}-${hash}`;
  await mkdir(CACHE, { recursive: true });
  // Renamed into place: test files run at the same time, and a file being written cannot be executed.
  const fresh = `${path}.${process.pid}`;
  await writeFile(fresh, contents);
  await chmod(fresh, 0o755);
  await rename(fresh, path);
  return path;
}
