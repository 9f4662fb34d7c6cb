/** TypeScript plugins and hosts as the executable files that users make of them. */
import { join } from "node:path";
import { bundlePlugin } from "../../scripts/build-examples.js";
import { ROOT } from "../../scripts/files.js";

const bundled = new Map<string, Promise<string>>();

/**
 * Bundles a TypeScript program into one executable file, once in a process, and returns its path.
 *
 * @param source - from the root of the repository: `test/fixtures/plugins/fixture.ts`.
 */
export function tsPlugin(source: string): Promise<string> {
  let path = bundled.get(source);
  if (path === undefined) {
    path = bundle(source);
    bundled.set(source, path);
  }
  return path;
}

async function bundle(source: string): Promise<string> {
  const path = join(ROOT, ".cache/ts", source.replace(/\.ts$/, "").replaceAll("/", "-"));
  await bundlePlugin(source, path, process.execPath);
  return path;
}
