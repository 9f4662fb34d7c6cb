/**
 * The Go side of the interop tests: builds the programs under `test/go`, those of our examples and
 * go-plugin's own. On a machine without Go these tests are skipped by name; with CI=true they fail.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export * from "./go-run.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MODULE = join(ROOT, "test/go/peers");
const CODECS_MODULE = join(ROOT, "test/go/codecs");
const PACKER_MODULE = join(ROOT, "test/go/packer");
const YAMUX_MODULE = join(ROOT, "test/go/yamux");
const CACHE = join(ROOT, ".cache/go");

/** The programs of `test/go/peers/cmd`; each says in its first comment what it does. */
export type GoProgram =
  | "bad-plugin"
  | "faulty-plugin"
  | "bench-gob"
  | "bench-host"
  | "bench-plugin"
  | "fixture-host"
  | "fixture-plugin"
  | "gob-fuzz"
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

/** The Go twins of our examples: `examples/greeter/go`. */
export type ExampleProgram =
  | `${"callbacks" | "greeter" | "kv" | "streams"}-${"host" | "plugin"}`
  | "yamux-server";

const found = spawnSync("go", ["env", "GOVERSION"], {
  cwd: MODULE,
  encoding: "utf8",
});

/** `go1.26.8`, or undefined where there is no Go. */
export const goVersion: string | undefined =
  found.status === 0 ? found.stdout.trim() || undefined : undefined;

/** Why Go is missed, for skipped tests and scripts. */
export const NO_GO = "there is no Go toolchain on this machine (`go env` failed)";

/** Registers a test that needs Go. */
export function goTest(name: string, run: (t: TestContext) => void | Promise<void>): void {
  if (goVersion !== undefined) test(name, run);
  else if (process.env.CI === "true")
    test(name, () => Promise.reject(new Error(`CI=true, but ${NO_GO}`)));
  else test(name, { skip: NO_GO }, run);
}

/** The path of a program of ours, built if its sources changed. */
export async function goBinary(name: GoProgram): Promise<string> {
  return build(name, { module: MODULE, target: `./cmd/${name}`, hash: await sourcesHash(MODULE) });
}

/** The path of one of go-plugin's examples. */
export async function upstreamBinary(name: UpstreamProgram): Promise<string> {
  const hash = await hashFiles([join(MODULE, "go.mod"), join(MODULE, "go.sum")]);
  const target = `github.com/hashicorp/go-plugin/examples/${UPSTREAM[name]}`;
  return build(`upstream-${name}`, { module: MODULE, target, hash });
}

/** The path of the Go twin of one of our examples. */
export async function exampleBinary(name: ExampleProgram): Promise<string> {
  const [example, role] = name.split("-");
  const module = join(ROOT, `examples/${example}/go`);
  const hash = await sourcesHash(module);
  return build(`example-${name}`, { module, target: `./${role}`, hash });
}

/** The path of the program that writes the vectors of spec/vectors, and judges others' bytes. */
export async function generatorBinary(): Promise<string> {
  const module = join(ROOT, "spec/vectors/generate");
  return build("generate", { module, target: ".", hash: await sourcesHash(module) });
}

/** The versions of yamux that go-plugin was ever built with. */
export const YAMUX_VERSIONS = ["2018", "v0.1.1", "v0.1.2"] as const;
export type YamuxVersion = (typeof YAMUX_VERSIONS)[number];

/** The path of a program of `test/go/yamux`, built with that version of yamux. */
export async function yamuxBinary(
  name: "peer" | "bench",
  version: YamuxVersion = "v0.1.2",
): Promise<string> {
  const modfile = version === "v0.1.2" ? "go.mod" : `${version}.mod`;
  const hash = await sourcesHash(YAMUX_MODULE);
  const target = `./${name}`;
  return build(`yamux-${name}-${version}`, { module: YAMUX_MODULE, target, hash, modfile });
}

/** The path of `test/go/codecs`: net/rpc in every codec of Go's libraries. */
export async function codecsBinary(): Promise<string> {
  return build("codecs", {
    module: CODECS_MODULE,
    target: ".",
    hash: await sourcesHash(CODECS_MODULE),
  });
}

/** The path of `test/go/packer`: packer-plugin-sdk as a plugin and as a host. */
export async function packerSdkBinary(): Promise<string> {
  const hash = await sourcesHash(PACKER_MODULE);
  return build("packer-sdk", { module: PACKER_MODULE, target: ".", hash });
}

interface Source {
  /** The folder with go.mod. */
  readonly module: string;
  /** The package to build, as `go build` takes it. */
  readonly target: string;
  /** Default go.mod. */
  readonly modfile?: string;
  /** Of everything that the program is made of. */
  readonly hash: string;
}

const built = new Map<string, Promise<string>>();

function build(name: string, source: Source): Promise<string> {
  const path = join(CACHE, `${name}-${source.hash}`);
  let pending = built.get(path);
  if (pending === undefined) {
    pending = buildOnce(name, path, source);
    built.set(path, pending);
  }
  return pending;
}

/** Test files run in processes of their own: one builds, the others wait for it. */
async function buildOnce(name: string, path: string, source: Source): Promise<string> {
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
      const modfile = `-modfile=${source.modfile ?? "go.mod"}`;
      const flags = [modfile, "-trimpath", "-buildvcs=false", "-ldflags=-s -w"];
      await go(source.module, ["build", ...flags, "-o", fresh, source.target]);
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

async function go(cwd: string, args: readonly string[]): Promise<void> {
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

async function sourcesHash(module: string): Promise<string> {
  const files = await readdir(module, { recursive: true });
  const sources = files.filter((file) => /\.go$|\.(mod|sum)$/.test(file)).sort();
  return hashFiles(sources.map((file) => join(module, file)));
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
