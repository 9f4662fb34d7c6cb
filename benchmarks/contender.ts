/** The processes that a benchmark measures: how they are started, asked and stopped. */

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";

/** One measurement of a contender. */
export interface Measured {
  readonly count: number;
  readonly elapsedNs: number;
  readonly p50Ns: number;
}

export const ratePerSecond = ({ count, elapsedNs }: Measured): number => (count / elapsedNs) * 1e9;
export const p50Us = ({ p50Ns }: Measured): number => p50Ns / 1000;

/** The time within which a contender must end its plugins and itself. */
const STOP_MS = 10_000;

/**
 * One side of a comparison. It is a process that stays up between rounds, which keeps it warm while the other
 * processes take their turns. It answers each line on stdin with a line on stdout, and ends when stdin ends.
 */
export class Contender {
  readonly name: string;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #lines: AsyncIterator<string>;

  private constructor(
    name: string,
    child: ChildProcess,
    exited: Promise<unknown>,
    lines: Interface,
  ) {
    this.name = name;
    this.pid = child.pid as number;
    this.#child = child;
    this.#exited = exited;
    this.#lines = lines[Symbol.asyncIterator]();
  }

  static async start(name: string, command: readonly string[]): Promise<Contender> {
    const child = spawn(command[0] as string, command.slice(1), {
      stdio: ["pipe", "pipe", "inherit"],
    });
    // A write fails when the process has just ended. The missing answer reports that.
    child.stdin.on("error", () => {});
    const lines = createInterface({ input: child.stdout });
    const exited = new Promise((resolve) => child.once("exit", resolve));
    // The first line means that the process is ready.
    await new Promise<void>((resolve, reject) => {
      lines.once("line", () => resolve());
      child.once("error", reject);
      exited.then((code) => reject(new Error(`${name} ended at its start: ${code}`)));
    });
    return new Contender(name, child, exited, lines);
  }

  /** @param ms - how long to repeat the case, if it is a repeated one. */
  async measure<T = Measured>(name: string, ms = 0): Promise<T> {
    this.#child.stdin?.write(`${JSON.stringify({ case: name, ms })}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`${this.name} ended in ${name}`);
    const measured = JSON.parse(value) as T & { error?: string };
    if (measured.error) throw new Error(`${this.name} in ${name}: ${measured.error}`);
    return measured;
  }

  /** Waits at most STOP_MS. Returns at once when the process has already ended. */
  async stop(): Promise<void> {
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS);
    await this.#exited;
    clearTimeout(timer);
  }
}

/** Starts one contender per command, passes them on by name, and stops all of them, also after a failure. */
export async function withContenders<T>(
  commands: Readonly<Record<string, readonly string[]>>,
  use: (contenders: ReadonlyMap<string, Contender>) => Promise<T>,
): Promise<T> {
  const contenders = new Map<string, Contender>();
  try {
    for (const [name, command] of Object.entries(commands)) {
      contenders.set(name, await Contender.start(name, command));
    }
    return await use(contenders);
  } finally {
    for (const contender of contenders.values()) await contender.stop();
  }
}
