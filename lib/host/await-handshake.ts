import { isHandshakeError } from "../../protocol/errors.js";
import { type Handshake, type LineExpectation, parseLine } from "../../protocol/handshake/index.js";
import {
  type ExitFacts,
  PluginError,
  type PluginErrorCode,
  type PluginErrorFacts,
} from "../errors.js";
import { removeSocketFile, socketIn } from "../net/socket-file.js";
import { settled } from "../settled.js";
import { type FirstLine, FirstLineReader } from "./first-line.js";
import { type StartBudget, startTimeoutText } from "./patience.js";
import type { Runner } from "./runner.js";
import { drain, forceKill } from "./shutdown.js";
import type { StderrTail } from "./stderr-tail.js";

export interface LaunchOptions {
  readonly runner: Runner;
  readonly expect: LineExpectation;
  /** Looks at the line as a whole. @throws HandshakeError. */
  readonly check?: (handshake: Handshake) => void;
  /** The line must come within what is left of it. */
  readonly budget: StartBudget;
  readonly stderr: StderrTail;
}

/** How long the output of an ended plugin may still trickle in, when something holds its pipes. */
const DRAIN_MS = 200;

/** How long a runner may take to tell what may be wrong with a program. */
const DIAGNOSE_MS = 1000;

type Outcome =
  | { readonly kind: "line"; readonly line: FirstLine }
  | { readonly kind: "exited" }
  | { readonly kind: "timeout" }
  | { readonly kind: "aborted" };

/**
 * Waits for a started plugin's handshake line and reads it [HANDSHAKE-4]. On any failure the plugin
 * is ended by force before the error is thrown.
 *
 * @throws PluginError - with the exit facts, the line seen and the end of stderr.
 * Go: `Client.Start` after the spawn.
 */
export async function awaitHandshake(options: LaunchOptions): Promise<Handshake> {
  const { runner, stderr } = options;
  const startedAt = performance.now();
  const reader = new FirstLineReader(runner.stdout);
  const outcome = await firstOf(reader, options);
  try {
    if (outcome.kind === "line" && outcome.line.kind === "line") {
      return read(outcome.line.text);
    }
    // A last line without its newline counts, as in Go.
    if (outcome.kind === "line" && outcome.line.kind === "end" && outcome.line.text !== "") {
      return read(outcome.line.text);
    }
  } catch (cause) {
    if (!isHandshakeError(cause)) throw cause;
    return fail(cause.code, cause.message, cause);
  }
  // An end of stdout without a line mostly is the end of the process, of which we hear a moment later.
  const isOver =
    (await settled(runner.exited, outcome.kind === "line" ? DRAIN_MS : 0)) !== undefined;
  return fail(...describe(outcome, options, isOver));

  function read(line: string): Handshake {
    const handshake = parseLine(line, options.expect);
    options.check?.(handshake);
    return handshake;
  }

  async function fail(code: PluginErrorCode, text: string, cause?: unknown): Promise<never> {
    // Had it ended by itself? Then its exit code tells more than the SIGKILL that follows.
    const exit = await settled(runner.exited, outcome.kind === "timeout" ? 0 : DRAIN_MS);
    const diagnosis = code === "unrecognized" ? await diagnosisOf(runner) : "";
    await forceKill(runner);
    // What it said last may still be on its way; and a child of it may hold the pipes.
    await drain([runner.stdout, runner.stderr]);
    const line = reader.text.split("\n", 1)[0] ?? "";
    const socket = socketIn(line);
    if (socket !== undefined) removeSocketFile(socket);
    const facts: PluginErrorFacts = {
      phase: "handshake",
      path: runner.name,
      exitCode: exit?.exitCode,
      signal: exit?.signal,
      line: line.slice(0, 400),
      stderrTail: stderr.text,
      elapsedMs: Math.round(performance.now() - startedAt),
      ...(isHandshakeError(cause)
        ? { pluginVersion: cause.pluginVersion, hostVersions: cause.hostVersions }
        : {}),
      ...(cause === undefined ? {} : { cause }),
    };
    throw new PluginError(code, compose(text, diagnosis, facts), facts);
  }
}

/** A runner may be a user's: it must neither hold up the error nor take its place. */
async function diagnosisOf(runner: Runner): Promise<string> {
  const diagnosis = (async () => runner.diagnose())().catch(() => "");
  return (await settled(diagnosis, DIAGNOSE_MS)) ?? "";
}

async function firstOf(
  reader: FirstLineReader,
  { budget, runner }: LaunchOptions,
): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const candidates: Promise<Outcome>[] = [
    reader.line.then((line) => ({ kind: "line", line })),
    new Promise((resolve) => {
      timer = setTimeout(() => resolve({ kind: "timeout" }), budget.leftMs);
    }),
    new Promise((resolve) => {
      onAbort = () => resolve({ kind: "aborted" });
      if (budget.signal.aborted) onAbort();
      else budget.signal.addEventListener("abort", onAbort, { once: true });
    }),
    // The end of stdout normally tells of the exit. It does not while a child of the plugin holds
    // the pipe, so the exit counts too, after what was printed before it has had time to arrive.
    runner.exited.then(async () => {
      const line = await settled(reader.line, DRAIN_MS);
      return line === undefined ? { kind: "exited" } : { kind: "line", line };
    }),
  ];
  try {
    return await Promise.race(candidates);
  } finally {
    clearTimeout(timer);
    budget.signal.removeEventListener("abort", onAbort);
  }
}

const NO_LINE =
  "Unrecognized remote plugin message: \nFailed to read any lines from plugin's stdout";

/** The code and first line of an error for an outcome that is no handshake. */
function describe(
  outcome: Outcome,
  options: LaunchOptions,
  isOver: boolean,
): [PluginErrorCode, string, unknown?] {
  switch (outcome.kind) {
    case "timeout":
      return ["start-timeout", startTimeoutText(options.budget.timeoutMs)];
    case "aborted":
      return ["aborted", "plugin: start aborted", options.budget.signal.reason];
    case "exited":
      return ["exited-early", "plugin exited before we could connect"];
    case "line":
      if (outcome.line.kind === "too-long") {
        return [
          "unrecognized",
          "Unrecognized remote plugin message: a line of 65536 bytes or more",
        ];
      }
      return isOver
        ? ["exited-early", `plugin exited before we could connect\n${NO_LINE}`]
        : ["unrecognized", NO_LINE];
  }
}

/** Text, diagnosis, then the facts that Go leaves to the log. */
export function compose(text: string, diagnosis: string, facts: PluginErrorFacts): string {
  const parts = [text];
  if (diagnosis !== "") parts.push(diagnosis.trimEnd());
  parts.push(`plugin: ${facts.path} (${describeExit(facts)}, after ${facts.elapsedMs} ms)`);
  if (facts.line) parts.push(`first line on stdout: ${JSON.stringify(facts.line)}`);
  if (facts.stderrTail) parts.push(`last lines on stderr:\n${indent(facts.stderrTail)}`);
  return parts.join("\n");
}

export function describeExit(facts: Partial<ExitFacts>): string {
  if (facts.signal !== undefined) return `ended by ${facts.signal}`;
  if (facts.exitCode !== undefined) return `exit code ${facts.exitCode}`;
  return "still running";
}

const indent = (text: string): string => text.replace(/^/gm, "  ");
