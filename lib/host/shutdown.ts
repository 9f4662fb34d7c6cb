/** The end of a plugin: ask it, wait, then kill it. This is the one place with those timers [PLUGIN-7]. */
import type { ExitFacts } from "../errors.js";
import type { Logger } from "../observe/logger.js";
import { settled } from "../settled.js";
import type { HostConnection } from "./host-connection.js";
import type { AttachedRunner } from "./process/runner.js";

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
  /** Gives the connection to ask over; makes one if there was none. Undefined: the plugin cannot be asked to quit. */
  readonly connect: (() => Promise<HostConnection>) | undefined;
  /** Default 2,000. */
  readonly graceMs: number | undefined;
  readonly logger: Logger;
}

/**
 * Asks the plugin to quit, waits for its end, and kills it if need be. Every step is bounded, and nothing rejects:
 * how it went is in the log. Go: `Client.Kill`.
 */
export async function shutdown(options: ShutdownOptions): Promise<void> {
  const { runner, connect, graceMs = DEFAULT_GRACE_MS, logger } = options;
  if (connect === undefined) {
    await forceKill(runner);
    logger.debug({ id: runner.id }, "plugin killed");
    return;
  }
  let unreached: Error | undefined;
  const end = ask(connect, graceMs).then((error) => {
    unreached = error;
    return error === undefined ? runner.exited : settled(runner.exited, UNREACHED_MS);
  });
  const ended = await settled(end, graceMs);
  const killed = ended === undefined ? await forceKill(runner) : undefined;
  const facts = { id: runner.id, ...(unreached === undefined ? {} : { error: `${unreached}` }) };
  if (ended !== undefined) logger.debug(facts, "plugin exited");
  else if (killed !== undefined) logger.warn(facts, "plugin failed to exit gracefully");
  else logger.error(facts, "error killing plugin");
}

/** Asks the plugin to quit. Resolves with the error if there is no connection to ask over. */
async function ask(
  connect: () => Promise<HostConnection>,
  timeoutMs: number,
): Promise<Error | undefined> {
  let connection: HostConnection;
  try {
    connection = await connect();
  } catch (error) {
    return error as Error;
  }
  // A lost answer is not a failure: Go plugins often end before they have sent it.
  await connection.quit({ timeoutMs }).catch(() => {});
  // The socket is closed at once: some plugins end only then.
  await connection.close();
  return undefined;
}

/** Kills the plugin and waits for its end for a limited time. Resolves with undefined if it has not gone by then. */
export function forceKill(runner: AttachedRunner): Promise<ExitFacts | undefined> {
  runner.kill();
  return settled(runner.exited, KILL_MS);
}
