import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { ExitFacts, Runner, RunnerFunc } from "goplug";

/**
 * Runs `plugin` under another command: `["nice", "-n", "10"]`, `["unshare", "--net"]`, or the launcher of a container.
 * `env` holds all variables for the plugin, including the directory for its sockets.
 */
export const wrapped =
  (wrapper: readonly string[], plugin: string): RunnerFunc =>
  ({ env }) =>
    new WrappedRunner([...wrapper, plugin], plugin, env);

class WrappedRunner implements Runner {
  readonly name: string;
  readonly exited: Promise<ExitFacts>;
  readonly #command: readonly string[];
  readonly #env: Readonly<Record<string, string>>;
  readonly #onExit: (facts: ExitFacts) => void;
  #child: ChildProcess | undefined;

  constructor(command: readonly string[], name: string, env: Readonly<Record<string, string>>) {
    this.name = name;
    this.#command = command;
    this.#env = env;
    let onExit!: (facts: ExitFacts) => void;
    this.exited = new Promise((resolve) => {
      onExit = resolve;
    });
    this.#onExit = onExit;
  }

  start(): Promise<void> {
    const [program = "", ...args] = this.#command;
    // A separate process group, because the wrapper may keep running beside the plugin. `kill` must end both.
    const child = spawn(program, args, {
      env: this.#env,
      stdio: ["inherit", "pipe", "pipe"],
      detached: true,
    });
    this.#child = child;
    child.once("exit", (code, signal) =>
      this.#onExit({ exitCode: code ?? undefined, signal: signal ?? undefined }),
    );
    return new Promise((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (error) => {
        this.#onExit({ exitCode: undefined, signal: undefined });
        reject(error);
      });
    });
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
  /** The handles that keep our event loop alive while goplug waits for the plugin. */
  get handles() {
    return [this.#child!, this.stdout as Socket, this.stderr as Socket];
  }

  kill(): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // The group is empty: all its processes have ended.
    }
  }

  async diagnose(): Promise<string> {
    return `It was run as: ${this.#command.join(" ")}\n`;
  }
}
