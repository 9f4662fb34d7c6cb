/** Running Go programs in tests, and reading the reports of our Go hosts. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";

/** One line of a host's report (test/go/internal/peer). */
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
  const env = { ...process.env, ...options.env };
  const cwd = options.cwd;
  // A group of its own, so that a host cannot leave its plugin behind.
  const child = spawn(path, args, { env, ...(cwd === undefined ? {} : { cwd }), detached: true });
  const killAll = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // The group is empty.
    }
  };
  t.after(killAll);
  const timer = setTimeout(killAll, options.timeoutMs ?? 60_000);
  child.stdin.on("error", () => {}); // The program may end before it has read everything.
  if (options.holdStdin !== true) child.stdin.end(options.input ?? "");

  const steps: Step[] = [];
  const stdout: string[] = [];
  const stderr: Buffer[] = [];
  const waiting = new Set<() => void>();
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    stdout.push(line);
    const step = parseStep(line);
    if (step === undefined) return;
    steps.push(step);
    for (const wake of waiting) wake();
  });
  const linesEnd = new Promise((resolve) => lines.once("close", resolve));
  child.stderr.on("data", (chunk) => stderr.push(chunk));

  const exited = new Promise<GoResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", async (code, signal) => {
      clearTimeout(timer);
      await linesEnd;
      const result = {
        code,
        signal,
        stdout: stdout.join("\n"),
        stderr: `${Buffer.concat(stderr)}`,
      };
      resolve({ ...result, steps });
    });
  });
  exited.catch(() => clearTimeout(timer));
  return {
    child,
    exited,
    step: (name) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const step = steps.find((candidate) => candidate.step === name);
          if (step === undefined) return;
          waiting.delete(look);
          resolve(step);
        };
        waiting.add(look);
        look();
        exited.then((result) => {
          reject(
            new Error(`no step ${name} (exit ${result.code})\n${result.stdout}\n${result.stderr}`),
          );
        }, reject);
      }),
  };
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
