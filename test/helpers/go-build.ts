/** Builds Go programs on demand. They are kept in `.cache/go` and built anew when their sources have changed. */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive } from "../../lib/host/process/process-table.js";
import { ROOT } from "../../scripts/files.js";

const CACHE = join(ROOT, ".cache/go");

// Asked in a module, because its go.mod may select another toolchain than the installed one.
const found = spawnSync("go", ["env", "GOVERSION"], {
  cwd: join(ROOT, "test/go/peers"),
  encoding: "utf8",
});

/** `go1.26.8`, or undefined where there is no Go. */
export const goVersion: string | undefined =
  found.status === 0 ? found.stdout.trim() || undefined : undefined;

/** What a program is built from. */
export interface GoSource {
  /** The folder with go.mod, from the root of the repository. */
  readonly module: string;
  /** The package to build, as `go build` takes it. Default: the one in the module's folder. */
  readonly target?: string;
  /** Default go.mod. */
  readonly modfile?: string;
  /** The files in the module that the program depends on. Default: all Go files, go.mod and go.sum. */
  readonly files?: RegExp;
}

const built = new Map<string, Promise<string>>();

/** The path of the program. It is built first if it does not exist or its sources have changed. */
export function buildGo(name: string, source: GoSource): Promise<string> {
  let pending = built.get(name);
  if (pending === undefined) {
    pending = buildOnce(name, source);
    built.set(name, pending);
  }
  return pending;
}

/** Builds under a lock: test files run in processes of their own, and of those that need a program one builds it. */
async function buildOnce(name: string, source: GoSource): Promise<string> {
  const path = join(CACHE, `${name}-${await hashOf(source)}`);
  await mkdir(CACHE, { recursive: true });
  const lock = `${path}.lock`;
  while (!(await exists(path))) {
    if (!(await takeLock(lock))) {
      await delay(100);
      continue;
    }
    try {
      if (await exists(path)) break;
      // Renamed when it is complete, because other processes only look whether it exists.
      const fresh = `${path}.${process.pid}`;
      await compile(source, fresh);
      await rename(fresh, path);
      await removeOlder(name, path);
    } finally {
      await rm(lock, { recursive: true, force: true });
    }
  }
  return path;
}

/** A lock is a directory with its owner's pid. The lock of a process that has died is removed for the next attempt. */
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

/** Removes the builds of earlier sources. */
async function removeOlder(name: string, path: string): Promise<void> {
  for (const file of await readdir(CACHE)) {
    const isOurs =
      file.startsWith(`${name}-`) && /^[0-9a-f]{16}$/.test(file.slice(name.length + 1));
    if (isOurs && join(CACHE, file) !== path) await rm(join(CACHE, file), { force: true });
  }
}

async function compile({ module, target, modfile }: GoSource, path: string): Promise<void> {
  const flags = ["-trimpath", "-buildvcs=false", "-ldflags=-s -w"];
  const args = ["build", `-modfile=${modfile ?? "go.mod"}`, ...flags, "-o", path, target ?? "."];
  const cwd = join(ROOT, module);
  const child = spawn("go", args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk) => output.push(chunk));
  child.stderr.on("data", (chunk) => output.push(chunk));
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`go ${args.join(" ")}: exit ${code}\n${Buffer.concat(output)}`);
}

async function hashOf({ module, files = /\.(go|mod|sum)$/ }: GoSource): Promise<string> {
  const hash = createHash("sha256").update(goVersion ?? "");
  const names = await readdir(join(ROOT, module), { recursive: true });
  for (const name of names.filter((name) => files.test(name)).sort()) {
    hash.update(`\0${name}\0`).update(await readFile(join(ROOT, module, name)));
  }
  return hash.digest("hex").slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
