/** Running Go programs in tests, and reading the reports of our Go hosts. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { scratchDirectory } from "./scratch.js";

/** One line of a host's report (test/go/peers/internal/peer). */
export interface Step {
  readonly step: string;
  readonly value?: unknown;
  readonly error?: string;
}

export interface GoResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of stdout that are steps. */
  readonly steps: readonly Step[];
}

export interface GoOptions {
  /** Added to our own environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** The program gets this as its stdin, which then ends. Without it stdin ends at once. */
  readonly input?: string;
  /** Keep stdin open: the test writes to and ends `child.stdin`. */
  readonly holdStdin?: boolean;
  /** Programs may die without cleaning up: they get a temporary folder that goes with the test. */
  readonly mayDie?: boolean;
  /** Default 60000; then the program and its children are killed. */
  readonly timeoutMs?: number;
}

/** A Go program under way. */
export interface GoRun {
  readonly child: ChildProcess;
  /** The first step of that name, past or to come; fails if the program ends without it. */
  step(name: string): Promise<Step>;
  readonly exited: Promise<GoResult>;
}

/** Runs a program to its end. */
export async function runGo(
  t: TestContext,
  path: string,
  args: readonly string[],
  options: GoOptions = {},
): Promise<GoResult> {
  return startGo(t, path, args, options).exited;
}

/** Starts a program; it and all its children are gone when the test ends. */
export function startGo(
  t: TestContext,
  path: string,
  args: readonly string[],
  options: GoOptions = {},
): GoRun {
  const { cwd } = options;
  const scratch = options.mayDie === true ? { TMPDIR: scratchDirectory(t) } : {};
  const env = { ...process.env, ...options.env, ...scratch };
  // A group of its own, so that a host cannot leave its plugin behind.
  const child = spawn(path, args, { env, ...(cwd === undefined ? {} : { cwd }), detached: true });
  const timer = setTimeout(() => killGroup(child), options.timeoutMs ?? 60_000);
  t.after(() => {
    clearTimeout(timer);
    killGroup(child);
  });
  child.stdin.on("error", () => {}); // The program may end before it has read everything.
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

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group is empty.
  }
}

/** The lines of a host as they come. */
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

  /** What has not come will not come. */
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
