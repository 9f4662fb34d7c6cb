/** Finds plugin programs by a pattern. */
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { PluginError } from "../errors.js";

/**
 * Finds the files below `dir` whose path matches `glob`. The pattern is Go's: `*`, `?`, `[a-z]`, `[^a]`, `\` to
 * escape, and `/` between path elements.
 *
 * @returns absolute paths, sorted; empty if nothing matches. Whether they are programs is not checked.
 * @throws PluginError `bad-config` with Go's `syntax error in pattern`. Go: `Discover`.
 */
export async function discover(glob: string, dir: string): Promise<string[]> {
  // Compiled before anything is read: a bad pattern is an error even if nothing would match.
  const elements = glob.split("/").filter((element) => element !== "");
  const patterns = elements.map(compilePattern);
  let found = [resolve(dir)];
  for (const pattern of patterns) {
    const next: string[] = [];
    for (const parent of found) {
      const names = await readdir(parent).catch(() => [] as string[]);
      next.push(...names.filter((name) => pattern.test(name)).map((name) => join(parent, name)));
    }
    found = next;
  }
  return patterns.length === 0 ? [] : found.sort();
}

/** Go's `path/filepath.Match` for one path element. */
function compilePattern(glob: string): RegExp {
  let source = "";
  for (let i = 0; i < glob.length; i++) {
    const char = glob.charAt(i);
    if (char === "*") source += ".*";
    else if (char === "?") source += ".";
    else if (char === "[") {
      const end = classEnd(glob, i);
      source += classSource(glob.slice(i + 1, end));
      i = end;
    } else if (char === "\\") {
      if (++i === glob.length) throw badPattern(glob);
      source += quote(glob.charAt(i));
    } else source += quote(char);
  }
  try {
    return new RegExp(`^${source}$`, "su");
  } catch {
    throw badPattern(glob);
  }
}

/** The position of the `]` of a `[class]` that starts at `start`. A class holds at least one character. */
function classEnd(glob: string, start: number): number {
  const first = start + (glob.charAt(start + 1) === "^" ? 2 : 1);
  for (let i = first; i < glob.length; i++) {
    if (glob.charAt(i) === "\\") i++;
    else if (glob.charAt(i) === "]" && i > first) return i;
  }
  throw badPattern(glob);
}

function classSource(inner: string): string {
  const negated = inner.startsWith("^");
  const body = (negated ? inner.slice(1) : inner).replace(
    /\\(.)|([\^[\]&|~])/gsu,
    (_, escaped: string | undefined, special: string) => `\\${escaped ?? special}`,
  );
  return `[${negated ? "^" : ""}${body}]`;
}

const quote = (char: string): string => char.replace(/[.*+?^${}()|[\]\\/]/gu, "\\$&");

const badPattern = (glob: string): PluginError =>
  new PluginError("bad-config", `syntax error in pattern (${glob})`, { phase: "config" });
