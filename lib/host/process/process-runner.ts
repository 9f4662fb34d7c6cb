/** Runs a plugin as a child process: the default runner. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { Deferred } from "../../../protocol/async/deferred.js";
import type { ExitFacts } from "../../errors.js";
import type { Handle } from "../../keep-alive.js";
import { programFile } from "./program.js";
import { programNotes } from "./program-notes.js";
import type { Runner } from "./runner.js";
import { spawnError } from "./spawn-error.js";

/** What to run, and how. */
export interface ProcessOptions {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** The program's file, if it was looked up before: exactly this file is started. */
  readonly file?: string | undefined;
  /** All variables of the process. */
  readonly env: Readonly<Record<string, string>>;
  /** The working directory. Default: ours. */
  readonly cwd?: string | undefined;
  /** Make the program the leader of a process group; `kill` ends the whole group. */
  readonly processGroup?: boolean | undefined;
}

/** A child process: stdin inherited, stdout and stderr as pipes [HANDSHAKE-12]. */
export class ProcessRunner implements Runner {
  readonly #options: ProcessOptions;
  readonly #exited = new Deferred<ExitFacts>();
  #child: ChildProcessByStdio<null, Readable, Readable> | undefined;
  #isGroupEnded = false;

  constructor(options: ProcessOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.command[0] ?? "";
  }
  get id(): string {
    return String(this.#child?.pid ?? "");
  }
  get exited(): Promise<ExitFacts> {
    return this.#exited.promise;
  }
  get stdout(): Readable {
    return this.#started().stdout;
  }
  get stderr(): Readable {
    return this.#started().stderr;
  }
  get handles(): readonly Handle[] {
    // Pipes of a child are sockets, though their type does not say so.
    return [this.#started(), this.stdout as Readable & Handle, this.stderr as Readable & Handle];
  }

  async start(): Promise<void> {
    try {
      const child = this.#spawn();
      this.#child = child;
      child.once("exit", (exitCode, signal) =>
        this.#exited.resolve({ exitCode: exitCode ?? undefined, signal: signal ?? undefined }),
      );
      // A kill that fails later is reported here. The exit tells all that matters.
      child.on("error", () => {});
      await once(child, "spawn");
    } catch (cause) {
      this.#exited.resolve({ exitCode: undefined, signal: undefined });
      throw spawnError(this.#options, cause as NodeJS.ErrnoException);
    }
  }

  #spawn(): ChildProcessByStdio<null, Readable, Readable> {
    const { command, file, env, cwd, processGroup = false } = this.#options;
    return spawn(file ?? this.name, command.slice(1), {
      argv0: this.name,
      env,
      cwd,
      stdio: ["inherit", "pipe", "pipe"],
      // Node can make a group only together with a session (setsid).
      detached: processGroup,
      windowsHide: true,
    });
  }

  #started(): ChildProcessByStdio<null, Readable, Readable> {
    if (this.#child === undefined) throw new Error(`${this.name} was not started`);
    return this.#child;
  }

  kill(): void {
    const child = this.#child;
    if (child?.pid === undefined) return;
    if (!this.#options.processGroup || process.platform === "win32") {
      child.kill("SIGKILL");
      return;
    }
    // The number of an ended leader may soon be another group's. What is left of ours is ended once.
    if (this.#isGroupEnded) return;
    this.#isGroupEnded = child.exitCode !== null || child.signalCode !== null;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // The group is empty.
    }
  }

  /** Go's four usual causes, and its notes about the file. */
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
