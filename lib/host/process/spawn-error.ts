/** Why the operating system did not start a program. */
import { PluginError, type PluginErrorCode } from "../../errors.js";

/** What was to be started. */
export interface SpawnAttempt {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** All variables of the process. */
  readonly env: Readonly<Record<string, string>>;
}

const SPAWN_CODES: Readonly<Record<string, PluginErrorCode>> = {
  ENOENT: "not-found",
  EACCES: "not-executable",
  EPERM: "not-executable",
  ENOEXEC: "not-executable",
};

/** The error of `Client.start` for an error of Node's `spawn`. */
export function spawnError(attempt: SpawnAttempt, cause: NodeJS.ErrnoException): PluginError {
  const path = attempt.command[0] ?? "";
  const code = SPAWN_CODES[cause.code ?? ""] ?? "spawn-failed";
  const what = {
    "not-found": "no such program",
    "not-executable": "the program may not be executed",
    "spawn-failed": "the program could not be started",
  }[code as string];
  const why = cause.code === "E2BIG" ? `; ${sizeText(attempt)}` : "";
  const text = `plugin: ${what} (${path}): ${cause.message}${why}`;
  return new PluginError(code, text, { phase: "start", path, cause });
}

/**
 * What is too large. Linux limits one string to 128 KiB and all of them to a quarter of the stack, 2 MiB by default. The
 * environment is the usual cause, because it holds the variables of our own process.
 */
function sizeText({ command, env }: SpawnAttempt): string {
  const parts = [
    ...Object.entries(env).map(([name, value]) => ({
      what: `the variable ${name}`,
      bytes: Buffer.byteLength(`${name}=${value}`) + 1,
    })),
    ...command.map((text, i) => ({
      what: `the argument ${i}`,
      bytes: Buffer.byteLength(text) + 1,
    })),
  ].sort((a, b) => b.bytes - a.bytes);
  const all = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const largest = parts[0]!;
  return `${largest.what} has ${largest.bytes} of the ${all} bytes of variables and arguments`;
}
