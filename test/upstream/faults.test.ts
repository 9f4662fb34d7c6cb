import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext } from "node:test";
import { goBinary, goTest, type Step, startGo } from "../helpers/go.js";
import { gone } from "../helpers/process.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { tsPlugin } from "../helpers/ts-plugin.js";
import { within } from "../helpers/within.js";

/**
 * The fault matrix under go-plugin's own host: a TypeScript plugin that goes wrong, as far as
 * `test/interop/faults.test.ts` has it not. Go's host waits without a bound for a plugin that stands still, and for
 * grandchildren that hold the pipes; there the test ends what it waits for, and then all must end.
 */

const BOUND_MS = 20_000;

const PHASES = ["start", "line", "connected", "call", "quit"] as const;
type Phase = (typeof PHASES)[number];

/** What becomes of the plugin. */
const FAULTS = {
  "exit-0": "ends",
  "exit-1": "ends",
  sigkill: "ends",
  sigstop: "stops",
  silence: "stops",
  garbage: "goes on",
  "half-line": "goes on",
  "long-line": "goes on",
  "closed-stdout": "goes on",
  grandchild: "holds",
  flood: "goes on",
} as const;
type Fault = keyof typeof FAULTS;

/** The cells that stand in `test/interop/faults.test.ts`. */
const ELSEWHERE: Readonly<Record<Phase, readonly Fault[]>> = {
  start: ["exit-0", "exit-1", "sigkill", "garbage", "half-line"],
  line: [],
  connected: [],
  call: [
    "exit-0",
    "exit-1",
    "sigkill",
    "garbage",
    "half-line",
    "long-line",
    "closed-stdout",
    "flood",
  ],
  quit: ["exit-0", "exit-1", "sigkill", "garbage", "closed-stdout", "flood"],
};

/** What the host says of a start that failed. */
const START_ERRORS: Partial<Record<Fault, RegExp>> = {
  sigstop: /^timeout while waiting for plugin to start$/,
  silence: /^timeout while waiting for plugin to start$/,
  "long-line": /^Unrecognized remote plugin message: /,
  "closed-stdout": /^Unrecognized remote plugin message: /,
};

async function startHost(t: TestContext, fault: Fault, phase: Phase) {
  const files = scratchDirectory(t);
  const TMPDIR = scratchDirectory(t);
  const file = (name: string) => join(files, name);
  const env = {
    TMPDIR,
    PID_FILE: file("pid"),
    BEGUN_FILE: file("begun"),
    DONE_FILE: file("done"),
    GRANDCHILD_FILE: file("grandchild"),
  };
  const when = phase === "connected" ? "signal" : phase;
  const flags = [
    ...(phase === "connected" ? ["-hold"] : []),
    ...(phase === "start" && FAULTS[fault] === "stops" ? ["-start-timeout", "2s"] : []),
  ];
  const plugin = [await tsPlugin("test/fixtures/plugins/faulty.ts"), fault, when, `${1 << 20}`];
  const args = [...flags, "--", ...plugin];
  const run = startGo(t, await goBinary("greeter-host"), args, { env, holdStdin: true });
  const pidIn = (path: string) => Number(readFileSync(path, "utf8"));
  return {
    ...run,
    TMPDIR,
    pid: () => pidIn(env.PID_FILE),
    hasBegun: () => within(BOUND_MS, `begin of ${fault}`, written(env.BEGUN_FILE)),
    isDone: () => within(BOUND_MS, `end of ${fault}`, written(env.DONE_FILE)),
    endGrandchild: async () => {
      await written(env.GRANDCHILD_FILE);
      process.kill(pidIn(env.GRANDCHILD_FILE), "SIGKILL");
    },
  };
}

/** Resolves when a file has its line. */
async function written(path: string): Promise<void> {
  while (!existsSync(path) || !readFileSync(path, "utf8").endsWith("\n")) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function runCell(t: TestContext, fault: Fault, phase: Phase): Promise<void> {
  const fate = FAULTS[fault];
  const host = await startHost(t, fault, phase);
  const step = (name: string): Promise<Step> => within(BOUND_MS, name, host.step(name));
  const startError = phase === "start" ? START_ERRORS[fault] : undefined;

  if (startError !== undefined) {
    assert.match((await step("start")).error ?? "", startError);
  } else {
    assert.equal((await step("start")).error, undefined);
    if (fate === "stops" && (phase === "line" || phase === "call")) {
      await host.hasBegun();
      process.kill(host.pid(), "SIGKILL");
    }
    await assertCall();
  }
  if (fate === "holds") await host.endGrandchild();
  if (phase === "connected") host.child.stdin?.end();
  if (phase === "connected" && fate === "stops") process.kill(host.pid(), "SIGKILL");
  const { exited } = (await step("kill")).value as { exited: boolean };
  assert.equal(exited, true);
  const hasPlugin =
    startError === undefined && !(phase === "line" && fate !== "goes on" && fate !== "holds");
  assert.equal((await within(BOUND_MS, "the host's end", host.exited)).code, hasPlugin ? 0 : 1);
  await within(5_000, "the plugin's end", gone(host.pid()));
  // Go's host removes nothing for a plugin that was killed.
  const wasKilled = fate === "stops" || fault === "sigkill" || startError !== undefined;
  if (!wasKilled) assert.deepEqual(readdirSync(host.TMPDIR), []);

  async function assertCall(): Promise<void> {
    const isLost = fate === "ends" || fate === "stops";
    if (phase === "line" && isLost) {
      assert.notEqual((await step("ping")).error, undefined);
      return;
    }
    const greet = await step("greet");
    if (phase === "call" && isLost) assert.equal(greet.error, "unexpected EOF");
    else assert.equal(greet.value, "Hello!");
    if (phase !== "connected") return;
    await step("holding");
    process.kill(host.pid(), "SIGUSR2");
    await host.hasBegun();
    if (fate === "ends") await within(BOUND_MS, fault, gone(host.pid()));
    else if (fate !== "stops") await host.isDone();
  }
}

describe("[PLUGIN-7] a TypeScript plugin goes wrong, and a Go host", { concurrency: 3 }, () => {
  for (const phase of PHASES) {
    for (const fault of Object.keys(FAULTS) as Fault[]) {
      if (ELSEWHERE[phase].includes(fault)) continue;
      goTest(`hears of ${fault}, phase ${phase}`, (t) => runCell(t, fault, phase));
    }
  }
});
