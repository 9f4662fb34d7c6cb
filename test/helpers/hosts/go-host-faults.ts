/**
 * The fault matrix with a TypeScript plugin and go-plugin's own host. The Go host waits without a bound for a plugin that stands
 * still, and for grandchildren that hold the pipes. There the test kills what the host waits for, and then everything must end.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { goBinary, type Step, startGo } from "../go.js";
import { gone } from "../process.js";
import { scratchDirectory } from "../scratch.js";
import { tsPlugin } from "../ts-plugin.js";
import { within } from "../within.js";
import type { Phase } from "./faults.js";

/** What a plugin does wrong, and what becomes of it. `holds`: a grandchild holds its pipes. */
export const FAULTS = {
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
/** One of {@link FAULTS}. */
export type Fault = keyof typeof FAULTS;

/** A cell of the matrix. */
export interface GoHostCell {
  readonly fault: Fault;
  readonly phase: Phase;
  /** The size of the flood where the fault is one. */
  readonly floodBytes: number;
  /** How long each step may take. */
  readonly boundMs: number;
}

/** What the host reports of a start that failed. */
const START_ERRORS: Partial<Record<Fault, RegExp>> = {
  sigstop: /^timeout while waiting for plugin to start$/,
  silence: /^timeout while waiting for plugin to start$/,
  "long-line": /^Unrecognized remote plugin message: /,
  "closed-stdout": /^Unrecognized remote plugin message: /,
};

async function startHost(t: TestContext, { fault, phase, floodBytes, boundMs }: GoHostCell) {
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
  const plugin = [await tsPlugin("test/fixtures/plugins/faulty.ts"), fault, when, `${floodBytes}`];
  const args = [...flags, "--", ...plugin];
  const run = startGo(t, await goBinary("greeter-host"), args, { env, holdStdin: true });
  const pidIn = (path: string) => Number(readFileSync(path, "utf8"));
  return {
    ...run,
    TMPDIR,
    pid: () => pidIn(env.PID_FILE),
    hasBegun: () => within(boundMs, `begin of ${fault}`, written(env.BEGUN_FILE)),
    isDone: () => within(boundMs, `end of ${fault}`, written(env.DONE_FILE)),
    endGrandchild: async () => {
      await written(env.GRANDCHILD_FILE);
      process.kill(pidIn(env.GRANDCHILD_FILE), "SIGKILL");
    },
  };
}

/** Resolves when a file has a whole line. */
async function written(path: string): Promise<void> {
  while (!existsSync(path) || !readFileSync(path, "utf8").endsWith("\n")) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Runs a plugin that goes wrong under a Go host, and asserts what the host reports and that both end. */
export async function runGoHostCell(t: TestContext, cell: GoHostCell): Promise<void> {
  const { fault, phase, boundMs } = cell;
  const fate = FAULTS[fault];
  const host = await startHost(t, cell);
  const step = (name: string): Promise<Step> => within(boundMs, name, host.step(name));
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
  assert.equal((await within(boundMs, "the host's end", host.exited)).code, hasPlugin ? 0 : 1);
  await within(60_000, "the plugin's end", gone(host.pid()));
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
    if (fate === "ends") await within(boundMs, fault, gone(host.pid()));
    else if (fate !== "stops") await host.isDone();
  }
}
