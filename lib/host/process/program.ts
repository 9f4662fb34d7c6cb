/** Finds the file that a command executes. */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve, sep } from "node:path";

const WINDOWS_EXTENSIONS = ["", ".exe", ".com"];

/**
 * The absolute path of the file that is executed when `name` is started. A path is resolved against `cwd`; a bare name
 * is looked up in the PATH of `env`. Undefined if there is no such file.
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
      // A path names one file, even if that file may not be executed.
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
