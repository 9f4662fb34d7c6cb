import type { Readable } from "node:stream";
import { settled } from "./launch.js";
import type { HostConnection } from "./rpc-client.js";
import type { AttachedRunner, ExitFacts } from "./runner.js";

/** How long a plugin may take to end after it was asked to, in milliseconds. Go: 2 seconds. */
export const DEFAULT_GRACE_MS = 2000;

/** How long after its end a plugin's pipes may stay open in the hands of its children. */
const DRAIN_MS = 200;

export interface ShutdownResult {
  readonly exit: ExitFacts;
  readonly wasKilled: boolean;
}

/**
 * Ends a plugin: asks it to quit, waits, then kills. This is the one place with those timers, and
 * every step is bounded [PLUGIN-7].
 *
 * @param outputs - the plugin's own stdout and stderr, where they are ours.
 * @param connect - a connection to ask over; made only now if there was none before.
 * Go: `Client.Kill`.
 */
export async function shutdown(
  runner: AttachedRunner,
  outputs: readonly Readable[],
  connect: () => Promise<HostConnection>,
  graceMs: number,
): Promise<ShutdownResult> {
  const deadline = performance.now() + graceMs;
  const connection = await settled(quit(connect, graceMs), graceMs);
  let exit = await settled(runner.exited, Math.max(0, deadline - performance.now()));
  const wasKilled = exit === undefined;
  if (wasKilled) runner.kill();
  await connection?.close();
  exit ??= await runner.exited;
  await drain(outputs);
  return { exit, wasKilled };
}

/** A lost answer is no failure: Go plugins often end before they have sent it. */
async function quit(
  connect: () => Promise<HostConnection>,
  timeoutMs: number,
): Promise<HostConnection | undefined> {
  const connection = await connect().catch(() => undefined);
  await connection?.quit({ timeoutMs }).catch(() => {});
  // The socket is closed at once: some plugins end only when it is.
  await connection?.close();
  return connection;
}

/** Lets the last output arrive, then drops the pipes that a grandchild may hold for ever. */
async function drain(pipes: readonly Readable[]): Promise<void> {
  const closed = pipes.map((pipe) =>
    pipe.closed ? undefined : new Promise((resolve) => pipe.once("close", resolve)),
  );
  await settled(Promise.all(closed), DRAIN_MS);
  for (const pipe of pipes) pipe.destroy();
}
