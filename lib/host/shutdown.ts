/** The end of a plugin: ask it, wait, then kill it. This is the one place with those timers [PLUGIN-7]. */
import type { ExitFacts } from "../errors.js";
import type { Logger } from "../observe/logger.js";
import { settled } from "../settled.js";
import type { HostConnection } from "./host-connection.js";
import type { KillResult } from "./kill-result.js";
import type { AttachedRunner } from "./process/runner.js";
import type { FoundPlugin } from "./running-plugin.js";

/** How long a plugin may take to end after it was asked to, in milliseconds. Go: 2 seconds. */
const DEFAULT_GRACE_MS = 2000;

/**
 * How long a plugin may take to end if it could not be asked, because it cannot be reached, in milliseconds. The
 * connection may have failed because the plugin is ending already; then we learn its exit code. Go kills at once.
 */
const UNREACHED_MS = 200;

/** How long a killed process may take to go, in milliseconds. It takes longer only if the system holds it. */
const KILL_MS = 5000;

/** What it takes to end a plugin. */
export interface ShutdownOptions {
  readonly runner: AttachedRunner;
  /**
   * Gives a connection on which the plugin has answered; makes one if there was none. Undefined: the plugin cannot be
   * asked to quit.
   */
  readonly connect: (() => Promise<HostConnection>) | undefined;
  /** Of a plugin that we did not start. */
  readonly found: FoundPlugin | undefined;
  /** Default 2,000. */
  readonly graceMs: number | undefined;
  readonly logger: Logger;
}

/** How far asking the plugin got. */
interface Asked {
  hasAnswered: boolean;
  /** Why there is no connection to ask over. */
  failure?: Error;
}

/**
 * Asks the plugin to quit, waits for its end, and kills it if need be. Every step is bounded, and nothing rejects. A
 * process that we did not start is killed only if it has answered as our plugin [PLUGIN-15]; Go kills whatever has its
 * number. Go: `Client.Kill`.
 */
export async function shutdown(options: ShutdownOptions): Promise<KillResult> {
  const { runner, connect, found, graceMs = DEFAULT_GRACE_MS, logger } = options;
  const asked: Asked = { hasAnswered: false };
  const ended = await (connect === undefined
    ? settled(runner.exited, 0)
    : askAndWait(options, connect, graceMs, asked));
  const result: Ended = ended !== undefined ? EXITED : await endByForce(runner, found, asked);
  const { outcome, reason } = result;
  const { level, text } =
    connect === undefined && outcome === "killed" ? UNASKED : RECORDS[outcome];
  const { failure } = asked;
  const facts = {
    id: runner.id,
    ...(reason === undefined ? {} : { reason }),
    ...(failure === undefined ? {} : { error: `${failure}` }),
  };
  logger[level](facts, text);
  return result;
}

/** Resolves with undefined if the plugin has not ended within the grace. */
function askAndWait(
  { runner, found }: ShutdownOptions,
  connect: () => Promise<HostConnection>,
  graceMs: number,
  asked: Asked,
): Promise<ExitFacts | undefined> {
  const end = ask(connect, graceMs, asked).then(() => {
    found?.hurry();
    return asked.failure === undefined ? runner.exited : settled(runner.exited, UNREACHED_MS);
  });
  return settled(end, graceMs);
}

const EXITED = { outcome: "exited" } as const;

const RECORDS = {
  exited: { level: "debug", text: "plugin exited" },
  killed: { level: "warn", text: "plugin failed to exit gracefully" },
  "left-alone": { level: "warn", text: "plugin process was left alone" },
  survived: { level: "error", text: "error killing plugin" },
} as const;
/** There was no other way to end it. */
const UNASKED = { level: "debug", text: "plugin killed" } as const;

/** The result for a plugin that was up. */
type Ended = KillResult & { readonly outcome: keyof typeof RECORDS };

async function endByForce(
  runner: AttachedRunner,
  found: FoundPlugin | undefined,
  asked: Asked,
): Promise<Ended> {
  const reason = found && (asked.hasAnswered ? found.whyNotOurs() : noAnswer(asked.failure));
  if (reason !== undefined) {
    found?.release();
    return { outcome: "left-alone", reason: `plugin: not ended by force: ${reason}` };
  }
  if ((await forceKill(runner)) !== undefined) return { outcome: "killed" };
  return { outcome: "survived", reason: `plugin: it has not gone ${KILL_MS} ms after the kill` };
}

const noAnswer = (failure: Error | undefined): string =>
  `it has not answered on a connection of this client${failure ? ` (${failure.message})` : ""}`;

/** Asks the plugin to quit, and notes how far it got. */
async function ask(
  connect: () => Promise<HostConnection>,
  timeoutMs: number,
  asked: Asked,
): Promise<void> {
  let connection: HostConnection;
  try {
    connection = await connect();
  } catch (error) {
    asked.failure = error as Error;
    return;
  }
  asked.hasAnswered = true;
  // A lost answer is not a failure: Go plugins often end before they have sent it.
  await connection.quit({ timeoutMs }).catch(() => {});
  // The socket is closed at once: some plugins end only then.
  await connection.close();
}

/** Kills the plugin and waits for its end for a limited time. Resolves with undefined if it has not gone by then. */
export function forceKill(runner: AttachedRunner): Promise<ExitFacts | undefined> {
  runner.kill();
  return settled(runner.exited, KILL_MS);
}
