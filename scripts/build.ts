/**
 * `npm run build`: compiles the library into dist/ with plain tsc, then builds the examples into dist/examples/.
 *
 * `-- --node-path` writes the path of the running node into the plugins' first line.
 * `-- --node-path=/opt/node/bin/node` writes that path. Both are for hosts that do not pass PATH on.
 */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, join } from "node:path";
import { buildExamples } from "./build-examples.js";
import { ROOT } from "./files.js";

function nodePath(args: readonly string[]): string | undefined {
  const [arg, ...rest] = args;
  if (arg === undefined) return undefined;
  const [option, value = process.execPath] = arg.split("=");
  if (option !== "--node-path" || !isAbsolute(value) || rest.length > 0)
    throw new Error("usage: npm run build [-- --node-path[=/absolute/path/of/node]]");
  return value;
}

const node = nodePath(process.argv.slice(2));
// Files of an earlier build must not be published or run.
rmSync(join(ROOT, "dist"), { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const { status } = spawnSync(process.execPath, [tsc, "-p", join(ROOT, "tsconfig.build.json")], {
  stdio: "inherit",
});
if (status === 0) {
  const written = await buildExamples({ node });
  console.log(`build: dist/, and ${written.length} programs in dist/examples/`);
} else {
  process.exitCode = status ?? 1;
}
