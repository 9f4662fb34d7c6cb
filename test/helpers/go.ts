/**
 * The Go side of the interop tests: builds the programs of `test/go` and go-plugin's own examples,
 * and runs them. On a machine without Go these tests are skipped by name; with CI=true they fail.
 */
import { type ChildProcess, type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MODULE = join(ROOT, "test/go");
const CACHE = join(ROOT, ".cache/go");

/** The programs of `test/go/cmd`; each says in its first comment what it does. */
export type GoProgram =
  | "bad-plugin"
  | "bench-host"
  | "bench-plugin"
  | "fixture-host"
  | "fixture-plugin"
  | "greeter-host"
  | "greeter-plugin"
  | "kv-host"
  | "kv-plugin"
  | "recorder"
  | "transcript";

const UPSTREAM = {
  "basic-host": "basic",
  "basic-plugin": "basic/plugin",
  "grpc-host": "grpc",
  "grpc-plugin": "grpc/plugin-go-netrpc",
  "grpc-plugin-grpc": "grpc/plugin-go-grpc",
  "negotiated-host": "negotiated",
  "negotiated-plugin": "negotiated/plugin-go",
} as const;

/** go-plugin's own example programs, built unchanged. */
export type UpstreamProgram = keyof typeof UPSTREAM;

const found: SpawnSyncReturns<string> = spawnSync("go", ["env", "GOVERSION"], {
  cwd: MODULE,
  encoding: "utf8",
});

/** `go1.26.8`, or undefined where there is no Go. */
export const goVersion: string | undefined =
  found.status === 0 ? found.stdout.trim() || undefined : undefined;

/** Why Go is missed, for skipped tests and scripts. */
export const NO_GO = "SKIPPED: there is no Go toolchain on this machine (`go env` failed)";

/** Registers a test that needs Go. */
export function goTest(name: string, run: (t: TestContext) => void | Promise<void>): void {
  if (goVersion !== undefined) test(name, run);
  else if (process.env.CI === "true") test(name, () => Promise.reject(new Error(NO_GO)));
  else test(name, { skip: NO_GO }, run);
}

/** The path of a program of ours, built if its sources changed. */
export async function goBinary(name: GoProgram): Promise<string> {
  return build(name, await sourcesHash(), `./cmd/${name}`);
}

/** The path of one of go-plugin's examples. */
export async function upstreamBinary(name: UpstreamProgram): Promise<string> {
  const hash = await hashFiles([join(MODULE, "go.mod"), join(MODULE, "go.sum")]);
  const path = `github.com/hashicorp/go-plugin/examples/${UPSTREAM[name]}`;
  return build(`upstream-${name}`, hash, path);
}

const built = new Map<string, Promise<string>>();

function build(name: string, hash: string, target: string): Promise<string> {
  const path = join(CACHE, `${name}-${hash}`);
  let pending = built.get(path);
  if (pending === undefined) {
    pending = buildOnce(name, path, target);
    built.set(path, pending);
  }
  return pending;
}

/** Test files run in processes of their own: one builds, the others wait for it. */
async function buildOnce(name: string, path: string, target: string): Promise<string> {
  await mkdir(CACHE, { recursive: true });
  const lock = `${path}.lock`;
  while (!(await exists(path))) {
    if (!(await takeLock(lock))) {
      await delay(100);
      continue;
    }
    try {
      if (await exists(path)) break;
      const fresh = `${path}.${process.pid}`;
      const flags = ["-trimpath", "-buildvcs=false", "-ldflags=-s -w"];
      await go(["build", ...flags, "-o", fresh, target]);
      await rename(fresh, path);
      await removeOlder(name, path);
    } finally {
      await rm(lock, { recursive: true, force: true });
    }
  }
  return path;
}

/** A lock is a directory with its owner's pid; that of a dead owner is taken away. */
async function takeLock(lock: string): Promise<boolean> {
  const owner = join(lock, "pid");
  try {
    await mkdir(lock);
    await writeFile(owner, String(process.pid));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const pid = Number(await readFile(owner, "utf8").catch(() => "0"));
  if (pid > 0 && !isAlive(pid)) await rm(lock, { recursive: true, force: true });
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function removeOlder(name: string, path: string): Promise<void> {
  for (const file of await readdir(CACHE)) {
    const isOurs =
      file.startsWith(`${name}-`) && /^[0-9a-f]{16}$/.test(file.slice(name.length + 1));
    if (isOurs && join(CACHE, file) !== path) await rm(join(CACHE, file), { force: true });
  }
}

async function go(args: readonly string[]): Promise<void> {
  const child = spawn("go", args, { cwd: MODULE, stdio: ["ignore", "pipe", "pipe"] });
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk) => output.push(chunk));
  child.stderr.on("data", (chunk) => output.push(chunk));
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`go ${args.join(" ")}: exit ${code}\n${Buffer.concat(output)}`);
}

async function sourcesHash(): Promise<string> {
  const files = await readdir(MODULE, { recursive: true });
  const sources = files.filter((file) => /\.go$|^go\.(mod|sum)$/.test(file)).sort();
  return hashFiles(sources.map((file) => join(MODULE, file)));
}

async function hashFiles(paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256").update(goVersion ?? "");
  for (const path of paths) hash.update(`\0${path}\0`).update(await readFile(path));
  return hash.digest("hex").slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

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
