import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { type ExitFacts, PluginError, type PluginErrorCode } from "../errors.js";
import type { Handle } from "../keep-alive.js";
import { programFile } from "./program.js";
import { programNotes } from "./program-notes.js";
import type { Runner } from "./runner.js";

export interface ProcessOptions {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** The program's file, where it was looked up already: exactly this one is started. */
  readonly file?: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string | undefined;
  /** Make the program the leader of a process group, and end the whole group by force. */
  readonly processGroup?: boolean | undefined;
}

/** A child process: stdin inherited, stdout and stderr as pipes [HANDSHAKE-12]. */
export class ProcessRunner implements Runner {
  readonly #options: ProcessOptions;
  readonly exited: Promise<ExitFacts>;
  #resolveExited!: (facts: ExitFacts) => void;
  #child: ChildProcess | undefined;

  constructor(options: ProcessOptions) {
    this.#options = options;
    this.exited = new Promise((resolve) => {
      this.#resolveExited = resolve;
    });
  }

  get name(): string {
    return this.#options.command[0] ?? "";
  }
  get id(): string {
    return String(this.#child?.pid ?? "");
  }
  get stdout(): Readable {
    return this.#child!.stdout!;
  }
  get stderr(): Readable {
    return this.#child!.stderr!;
  }
  get handles(): readonly Handle[] {
    // Pipes of a child are sockets, though their type does not say so.
    return [this.#child!, this.stdout as Readable & Handle, this.stderr as Readable & Handle];
  }

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { command, file, env, cwd, processGroup = false } = this.#options;
      const fail = (cause: NodeJS.ErrnoException) => {
        this.#resolveExited({ exitCode: undefined, signal: undefined });
        reject(spawnError(this.name, cause));
      };
      let child: ChildProcess;
      try {
        child = spawn(file ?? this.name, command.slice(1), {
          argv0: this.name,
          env,
          cwd,
          stdio: ["inherit", "pipe", "pipe"],
          // Node can make a group only together with a session (setsid).
          detached: processGroup,
          windowsHide: true,
        });
      } catch (cause) {
        fail(cause as NodeJS.ErrnoException);
        return;
      }
      this.#child = child;
      child.once("error", fail);
      child.once("spawn", () => {
        child.off("error", fail);
        // A failed kill reports here; the exit tells all that matters.
        child.on("error", () => {});
        resolve();
      });
      child.once("exit", (exitCode, signal) =>
        this.#resolveExited({ exitCode: exitCode ?? undefined, signal: signal ?? undefined }),
      );
    });
  }

  kill(): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    if (!this.#options.processGroup || process.platform === "win32") {
      this.#child!.kill("SIGKILL");
      return;
    }
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // The group is empty.
    }
  }

  /** Go's four causes and its notes about the file. */
  async diagnose(): Promise<string> {
    const causes =
      "This usually means\n" +
      "  the plugin was not compiled for this architecture,\n" +
      "  the plugin is missing dynamic-link libraries necessary to run,\n" +
      "  the plugin is not executable by this process due to file permissions, or\n" +
      "  the plugin failed to negotiate the initial go-plugin protocol handshake\n";
    const { env, cwd, file = programFile(this.name, env, cwd) } = this.#options;
    const notes = file === undefined ? "" : await programNotes(file);
    return notes === "" ? causes : `${causes}\n${notes}`;
  }
}

const SPAWN_CODES: Readonly<Record<string, PluginErrorCode>> = {
  ENOENT: "not-found",
  EACCES: "not-executable",
  EPERM: "not-executable",
  ENOEXEC: "not-executable",
};

function spawnError(path: string, cause: NodeJS.ErrnoException): PluginError {
  const code = SPAWN_CODES[cause.code ?? ""] ?? "spawn-failed";
  const what = {
    "not-found": "no such program",
    "not-executable": "the program may not be executed",
    "spawn-failed": "the program could not be started",
  }[code as string];
  const text = `plugin: ${what} (${path}): ${cause.message}`;
  return new PluginError(code, text, { phase: "start", path, cause });
}
