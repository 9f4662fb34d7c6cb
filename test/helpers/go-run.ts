/** Runs Go programs in tests, and reads the reports of our Go hosts. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { signalIfAlive } from "./process.js";
import { scratchDirectory } from "./scratch.js";

/** One line of a host's report (test/go/peers/internal/peer). */
export interface Step {
  readonly step: string;
  readonly value?: unknown;
  readonly error?: string;
}

/** How a program ended, and what it printed. */
export interface GoResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of stdout that are steps. */
  readonly steps: readonly Step[];
}

/** How a program is started. */
export interface GoOptions {
  /** Added to the environment of this process. An undefined value removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** The program's whole stdin. Default: none, stdin ends at once. */
  readonly input?: string;
  /** Whether stdin stays open: the test writes to `child.stdin` and ends it. */
  readonly holdStdin?: boolean;
  /** Whether the program may die without cleaning up: it gets a temporary directory that is removed with the test. */
  readonly mayDie?: boolean;
  /** After this time the program and its children are killed. Default 300,000. */
  readonly timeoutMs?: number;
}

/** A Go program that runs. */
export interface GoRun {
  readonly child: ChildProcess;
  /** Resolves with the first step of that name, reported or to come. Rejects when the program ends without it. */
  step(name: string): Promise<Step>;
  readonly exited: Promise<GoResult>;
}

/** The steps of a report by their names. */
export const byStep = ({ steps }: GoResult): ReadonlyMap<string, Step> =>
  new Map(steps.map((step) => [step.step, step]));

/** Asserts that a host killed its plugin with an answer to Quit, and without a warning. */
export function assertGraceful(result: GoResult): void {
  const kill = { exited: true, graceful: true, warnings: [] };
  assert.deepEqual(byStep(result).get("kill")?.value, kill, result.stderr);
  assert.equal(result.code, 0);
}

/** Runs a program and waits for its end. */
export async function runGo(
  t: TestContext,
  path: string,
  args: readonly string[],
  options: GoOptions = {},
): Promise<GoResult> {
  return startGo(t, path, args, options).exited;
}

/** Starts a program. It and all its children are killed when the test ends. */
export function startGo(
  t: TestContext,
  path: string,
  args: readonly string[],
  options: GoOptions = {},
): GoRun {
  const { cwd } = options;
  const scratch = options.mayDie === true ? { TMPDIR: scratchDirectory(t) } : {};
  const env = { ...process.env, ...options.env, ...scratch };
  // In a process group of its own, which is killed whole: a host cannot leave its plugin behind.
  const child = spawn(path, args, { env, ...(cwd === undefined ? {} : { cwd }), detached: true });
  const timer = setTimeout(() => killGroup(child), options.timeoutMs ?? 300_000);
  t.after(() => {
    clearTimeout(timer);
    killGroup(child);
  });
  // The program may end before it has read everything.
  child.stdin.on("error", () => {});
  if (options.holdStdin !== true) child.stdin.end(options.input ?? "");

  const report = new Report();
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => report.add(line));
  const stderr: Buffer[] = [];
  child.stderr.on("data", (chunk) => stderr.push(chunk));

  const exited = new Promise<GoResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      const { steps } = report;
      const stdout = report.lines.join("\n");
      resolve({ code, signal, stdout, stderr: `${Buffer.concat(stderr)}`, steps });
    });
  });
  exited.then(
    ({ code, stdout, stderr }) => report.end(new Error(`exit ${code}\n${stdout}\n${stderr}`)),
    (error) => report.end(error),
  );
  return { child, exited, step: (name) => report.step(name) };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) signalIfAlive(-pid, "SIGKILL");
}

/** The lines of a host, in the order in which they come. */
class Report {
  readonly lines: string[] = [];
  readonly steps: Step[] = [];
  readonly #waiting = new Map<
    string,
    { resolve(step: Step): void; reject(error: Error): void }[]
  >();
  #ended: Error | undefined;

  add(line: string): void {
    this.lines.push(line);
    const step = parseStep(line);
    if (step === undefined) return;
    this.steps.push(step);
    for (const { resolve } of this.#waiting.get(step.step) ?? []) resolve(step);
    this.#waiting.delete(step.step);
  }

  step(name: string): Promise<Step> {
    const past = this.steps.find((step) => step.step === name);
    if (past !== undefined) return Promise.resolve(past);
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), { resolve, reject }]);
    });
  }

  /** Rejects all who wait for a step. */
  end(reason: Error): void {
    this.#ended = reason;
    for (const [name, waiters] of this.#waiting) {
      for (const { reject } of waiters) reject(new Error(`no step ${name}`, { cause: reason }));
    }
    this.#waiting.clear();
  }
}

function parseStep(line: string): Step | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === "object" && parsed !== null && "step" in parsed
      ? (parsed as Step)
      : undefined;
  } catch {
    return undefined;
  }
}
