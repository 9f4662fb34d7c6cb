/**
 * Runs Node's test runner over the test files: `tsx scripts/test.ts [path...]`.
 *
 * This is a script because `node --test` of Node 20 expands no globs. Without arguments it runs everything in test/
 * except test/long/ and test/packer/. With arguments it runs the files whose path starts with one of them. The run also
 * fails when a test file does not end, when Node prints a warning in it (see test-watchdog.ts), and when a process or a
 * temporary file is left behind. Skipped tests are listed at the end.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { run } from "node:test";
import { spec as Spec } from "node:test/reporters";
import { setTimeout as delay } from "node:timers/promises";
import { listFiles, ROOT } from "./files.js";

/**
 * How long a test may take, in seconds of a machine that has nothing else to do (see test-watchdog.ts). It includes
 * compiling Go programs in the first run. Long tests have half an hour.
 */
const PATIENCE_S = 300;
const LONG_PATIENCE_S = 1_800;

const wanted = process.argv.slice(2);
const isLong = wanted.some((path) => path.startsWith("test/long"));
/** Folders that run only on request: slow tests, and tests that need more than Node and Go on the machine. */
const OPT_IN = ["test/long", "test/packer"];
const optedIn = OPT_IN.find((folder) => wanted.some((path) => path.startsWith(folder)));
const files = listFiles("test")
  .filter((path) => path.endsWith(".test.ts"))
  .filter((path) => OPT_IN.find((folder) => path.startsWith(`${folder}/`)) === optedIn)
  .filter((path) => wanted.length === 0 || wanted.some((start) => path.startsWith(start)));

// A separate temporary folder shows which files are left in it. Its path identifies the processes of this run.
const scratch = mkdtempSync(join(tmpdir(), "goplug-test-"));
process.env.TMPDIR = scratch;
const patienceS = isLong ? LONG_PATIENCE_S : PATIENCE_S;
process.env.TEST_PATIENCE_S = String(patienceS);
// The runner passes Node's options on to the processes of the test files.
process.execArgv.push("--import", new URL("./test-watchdog.ts", import.meta.url).href);

interface TestEvent {
  readonly type: string;
  readonly data: {
    readonly name?: string;
    readonly nesting?: number;
    readonly message?: string;
    readonly skip?: boolean | string;
  };
}

const say = (message: string): TestEvent => ({ type: "test:stderr", data: { message } });

/** Passes the runner's events on to the reporter, and adds our findings before the final counts. */
async function* watch(events: AsyncIterable<TestEvent>): AsyncGenerator<TestEvent> {
  const skipped: string[] = [];
  let leaks: string[] = [];
  for await (const event of events) {
    const { name, nesting, message = "", skip } = event.data;
    if (event.type === "test:fail") process.exitCode = 1;
    if (event.type === "test:pass" && skip !== undefined) skipped.push(`${name}: ${skip}`);
    const isCount = event.type === "test:diagnostic" && nesting === 0;
    if (isCount && message.startsWith("tests ")) {
      leaks = await leftovers();
      if (leaks.length > 0) process.exitCode = 1;
      if (leaks.length > 0) yield failure("the run leaves nothing behind", leaks);
      if (skipped.length > 0)
        yield say(`\n!!! SKIPPED ${skipped.length} test(s):\n    ${skipped.join("\n    ")}\n\n`);
    }
    // The leftovers count as one more failed test in the final counts.
    if (isCount && leaks.length > 0 && /^(tests|fail) /.test(message)) {
      const counted = message.replace(/\d+/, (count) => String(Number(count) + 1));
      yield { ...event, data: { ...event.data, message: counted } };
    } else {
      yield event;
    }
  }
}

function failure(name: string, lines: readonly string[]): TestEvent {
  const error = new Error(lines.join("\n"));
  error.stack = error.message;
  const details = { duration_ms: 0, error };
  const data = {
    name,
    nesting: 0,
    testNumber: 0,
    file: "scripts/test.ts",
    line: 1,
    column: 1,
    details,
  };
  return { type: "test:fail", data };
}

/** Finds processes and temporary files that are left after the tests and a short wait. Ends the processes. */
async function leftovers(): Promise<string[]> {
  for (let tries = 20; ; tries--) {
    const processes = processesOfThisRun();
    const found = [...processes.map(describe), ...temporaryFiles()];
    if (found.length === 0) return found;
    if (tries === 0) {
      for (const { pid } of processes) process.kill(pid, "SIGKILL");
      return found;
    }
    await delay(100);
  }
}

interface Leftover {
  readonly pid: number;
  readonly command: string;
}

const describe = ({ pid, command }: Leftover): string => `process ${pid}: ${command}`;

// tsx and Node keep their caches of compiled modules in this folder too.
const temporaryFiles = (): string[] =>
  readdirSync(scratch)
    .filter((name) => !/^(tsx-|node-compile-cache|v8-compile-cache)/.test(name))
    .map((name) => `temporary file: ${name}`);

// Linux only, because the environment of another process cannot be read elsewhere.
function processesOfThisRun(): Leftover[] {
  if (process.platform !== "linux") return [];
  const pids = readdirSync("/proc").map(Number);
  return pids.filter((pid) => pid > 0 && pid !== process.pid).flatMap(leftover);
}

function leftover(pid: number): Leftover[] {
  try {
    if (!readFileSync(`/proc/${pid}/environ`, "latin1").includes(scratch)) return [];
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    return [{ pid, command: command.trim() }];
  } catch {
    return []; // It has ended, or it belongs to another user.
  }
}

if (files.length === 0) {
  console.error(`no test files${wanted.map((path) => ` ${path}`).join("")}`);
  // A wrong path is an error. Having no long tests is not.
  if (!isLong) process.exitCode = 1;
} else {
  const events = run({
    files: files.map((path) => join(ROOT, path)),
    concurrency: Math.min(availableParallelism(), 4),
    // For a file in an endless loop, whose watchdog never gets its turn. No busy machine needs so long.
    timeout: patienceS * 12_000,
  });
  await pipeline(watch(events as AsyncIterable<TestEvent>), new Spec(), process.stdout, {
    end: false,
  });
}
rmSync(scratch, { recursive: true, force: true });
