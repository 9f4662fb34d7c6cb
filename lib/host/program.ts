import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve, sep } from "node:path";

const WINDOWS_EXTENSIONS = ["", ".exe", ".com"];

/**
 * The file that starting `name` executes, as an absolute path: a path is taken from `cwd`, a bare name is looked up in
 * the PATH of `env`. Undefined when there is none.
 */
export function programFile(
  name: string,
  env: Readonly<Record<string, string>>,
  cwd = process.cwd(),
): string | undefined {
  const isPath = name.includes(sep) || name.includes("/");
  const folders = isPath ? [""] : (env.PATH ?? "/usr/bin:/bin").split(delimiter);
  const extensions = process.platform === "win32" ? WINDOWS_EXTENSIONS : [""];
  for (const folder of folders) {
    for (const extension of extensions) {
      const path = resolve(cwd, join(folder, name + extension));
      // A path means what it says, whether it can be executed or not.
      if (isPath ? exists(path) : isExecutable(path)) return path;
    }
  }
  return undefined;
}

const exists = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return exists(path);
  } catch {
    return false;
  }
}
