import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";

/** What a contender measured in one go. */
export interface Measured {
  readonly case: string;
  readonly count: number;
  readonly elapsedNs: number;
  readonly p50Ns: number;
}

/**
 * One side of a comparison: a process that stays up between rounds, so that it is warm and its
 * rivals can take turns. It answers a command line on stdin with a line on stdout.
 */
export class Contender {
  readonly name: string;
  readonly versions: unknown;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(name: string, child: ChildProcess, lines: Interface, versions: unknown) {
    this.name = name;
    this.#child = child;
    this.#lines = lines[Symbol.asyncIterator]();
    this.versions = versions;
  }

  static async start(name: string, command: readonly string[]): Promise<Contender> {
    const child = spawn(command[0] as string, command.slice(1), {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout });
    const first = await new Promise<string>((resolve, reject) => {
      lines.once("line", resolve);
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`${name} ended at its start: ${code}`)));
    });
    return new Contender(name, child, lines, JSON.parse(first));
  }

  async measure(name: string, ms: number): Promise<Measured> {
    this.#child.stdin?.write(`${JSON.stringify({ case: name, ms })}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`${this.name} ended in ${name}`);
    const measured = JSON.parse(value) as Measured & { error?: string };
    if (measured.error) throw new Error(`${this.name} in ${name}: ${measured.error}`);
    return measured;
  }

  async stop(): Promise<void> {
    const exited = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.stdin?.end();
    await exited;
  }
}
