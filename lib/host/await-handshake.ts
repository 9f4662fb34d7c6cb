/** Waits for the handshake line of a plugin that was started. If none comes, kills the plugin and says why. */
import { isHandshakeError } from "../../protocol/errors.js";
import {
  type Handshake,
  type LineExpectation,
  type LineGrammar,
  parseLine,
} from "../../protocol/handshake/index.js";
import { PluginError, type PluginErrorFacts } from "../errors.js";
import { removeSocketFile, socketIn } from "../net/socket-file.js";
import { settled } from "../settled.js";
import { failureText, type Reason } from "./process/failure-text.js";
import { type FirstLine, FirstLineReader } from "./process/first-line.js";
import type { Runner } from "./process/runner.js";
import type { StderrTail } from "./process/stderr-tail.js";
import { drain } from "./remains.js";
import { forceKill } from "./shutdown.js";
import type { StartBudget } from "./start-budget.js";

/** What is waited for, and for how long. */
export interface HandshakeOptions {
  readonly runner: Runner;
  readonly expect: LineExpectation;
  /** Default: go-plugin's line. */
  readonly grammar?: LineGrammar | undefined;
  /** Checks the line as a whole. @throws HandshakeError. */
  readonly check?: (handshake: Handshake) => void;
  /** The line must come within the time that is left of it. */
  readonly budget: StartBudget;
  readonly stderrTail: StderrTail;
}

/** How long the exit of a plugin may take to follow the end of its output, or the output its exit, in milliseconds. */
const DRAIN_MS = 200;

/** How long a runner may take to tell what may be wrong with a program, in milliseconds. */
const DIAGNOSE_MS = 1000;

/** How many characters of the first line an error shows. */
const MAX_SHOWN_LINE = 400;

/** What came first: a line, the exit of the process without a line, or the end of the wait. */
type Outcome = FirstLine | { readonly kind: "exited" | "timeout" | "aborted" };

/**
 * Waits for a started plugin's handshake line and reads it [HANDSHAKE-4]. On any failure the plugin is killed before
 * the error is thrown.
 *
 * @throws PluginError - with the exit facts, the first line and the end of stderr.
 * Go: `Client.Start` after the spawn.
 */
export async function awaitHandshake(options: HandshakeOptions): Promise<Handshake> {
  const startedAt = performance.now();
  const reader = new FirstLineReader(options.runner.stdout);
  const outcome = await firstOf(reader.line, options);
  let reason: Reason;
  try {
    if (isWholeLine(outcome)) return read(outcome.text, options);
    reason = await reasonOf(outcome, options);
  } catch (cause) {
    if (!isHandshakeError(cause)) throw cause;
    reason = { code: cause.code, text: cause.message, cause };
  }
  throw await endFailed(reason, options, reader, startedAt);
}

async function firstOf(
  line: Promise<FirstLine>,
  { budget, runner }: HandshakeOptions,
): Promise<Outcome> {
  // The end of stdout normally tells of the exit. It does not while a child of the plugin holds the pipe. So the exit
  // counts too, once the output before it has had time to arrive.
  const exited = runner.exited.then(
    async (): Promise<Outcome> => (await settled(line, DRAIN_MS)) ?? { kind: "exited" },
  );
  const first = await settled(Promise.race([line, exited]), budget.takeStepMs(), budget.signal);
  return first ?? { kind: budget.signal.aborted ? "aborted" : "timeout" };
}

/** A last line without its newline counts, as in Go. */
const isWholeLine = (outcome: Outcome): outcome is FirstLine =>
  outcome.kind === "line" || (outcome.kind === "end" && outcome.text !== "");

function read(line: string, { expect, grammar, check }: HandshakeOptions): Handshake {
  const handshake = parseLine(line, expect, grammar);
  check?.(handshake);
  return handshake;
}

const EXITED = "plugin exited before we could connect";
const NO_LINE =
  "Unrecognized remote plugin message: \nFailed to read any lines from plugin's stdout";
const TOO_LONG = "Unrecognized remote plugin message: a line of 65536 bytes or more";

async function reasonOf({ kind }: Outcome, { budget, runner }: HandshakeOptions): Promise<Reason> {
  if (kind === "timeout" || kind === "aborted") return budget.reason(kind);
  if (kind === "exited") return { code: "exited-early", text: EXITED };
  if (kind === "too-long") return { code: "unrecognized", text: TOO_LONG };
  // Stdout mostly ends because the process has ended. We hear of the exit a moment later.
  const isOver = (await settled(runner.exited, DRAIN_MS)) !== undefined;
  return isOver
    ? { code: "exited-early", text: `${EXITED}\n${NO_LINE}` }
    : { code: "unrecognized", text: NO_LINE };
}

/** Kills the plugin and gathers the facts for the error. */
async function endFailed(
  { code, text, cause }: Reason,
  { runner, stderrTail, grammar }: HandshakeOptions,
  reader: FirstLineReader,
  startedAt: number,
): Promise<PluginError> {
  // If the plugin ended by itself, its exit code tells more than the SIGKILL that follows.
  const exit = await settled(runner.exited, code === "start-timeout" ? 0 : DRAIN_MS);
  const diagnosis = code === "unrecognized" ? await diagnose(runner) : "";
  await forceKill(runner);
  // Its last words on stderr may still be on their way, and a child of it may hold the pipes.
  await drain([runner.stdout, runner.stderr]);
  const [line = ""] = reader.text.split("\n", 1);
  const socket = socketIn(line, grammar);
  if (socket !== undefined) removeSocketFile(socket);
  const facts: PluginErrorFacts = {
    phase: "handshake",
    path: runner.name,
    exitCode: exit?.exitCode,
    signal: exit?.signal,
    line: line.slice(0, MAX_SHOWN_LINE),
    stderrTail: stderrTail.text,
    elapsedMs: Math.round(performance.now() - startedAt),
    ...(isHandshakeError(cause)
      ? { pluginVersion: cause.pluginVersion, hostVersions: cause.hostVersions }
      : {}),
    ...(cause === undefined ? {} : { cause }),
  };
  return new PluginError(code, failureText(text, diagnosis, facts), facts);
}

/** A runner of the user may fail or hang here. The error that is under way must come all the same. */
async function diagnose(runner: Runner): Promise<string> {
  const diagnosis = (async () => runner.diagnose())().catch(() => "");
  return (await settled(diagnosis, DIAGNOSE_MS)) ?? "";
}
