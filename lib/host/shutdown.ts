import { rmSync } from "node:fs";
import type { Readable } from "node:stream";
import type { ExitFacts } from "../errors.js";
import type { Address } from "../net/socket.js";
import { removeSocketFile } from "../net/socket-file.js";
import { settled } from "../settled.js";
import type { HostConnection } from "./host-connection.js";
import type { AttachedRunner } from "./runner.js";

/** How long a plugin may take to end after it was asked to, in milliseconds. Go: 2 seconds. */
export const DEFAULT_GRACE_MS = 2000;

/** How long after its end a plugin's pipes may stay open in the hands of its children. */
const DRAIN_MS = 200;

/**
 * How long a plugin that could not be reached, and so was not asked, may take to end. Where the connection failed
 * because it is ending already, we learn how. Go kills at once.
 */
const UNREACHED_MS = 200;

/** How long a killed process may take to go. It takes longer only when the system holds it, or is not ours. */
const KILL_MS = 5000;

export interface ShutdownResult {
  /** Undefined: it was killed and has not gone. */
  readonly exit: ExitFacts | undefined;
  readonly wasKilled: boolean;
  /** Why it was not asked to quit: there was no connection. */
  readonly unreached?: unknown;
}

/**
 * Ends a plugin: asks it to quit, waits, then kills. This is the one place with those timers, and
 * every step is bounded [PLUGIN-7].
 *
 * @param connect - a connection to ask over; made only now if there was none before.
 * Go: `Client.Kill`.
 */
export async function shutdown(
  runner: AttachedRunner,
  connect: () => Promise<HostConnection>,
  graceMs: number,
): Promise<ShutdownResult> {
  const deadline = performance.now() + graceMs;
  const asked = await settled(quit(connect, graceMs), graceMs);
  const leftMs = Math.max(0, deadline - performance.now());
  const unreached = asked?.unreached;
  const waitMs = unreached === undefined ? leftMs : Math.min(leftMs, UNREACHED_MS);
  let exit = await settled(runner.exited, waitMs);
  const wasKilled = exit === undefined;
  if (wasKilled) exit = await forceKill(runner);
  await asked?.connection?.close();
  return { exit, wasKilled, unreached };
}

interface Asked {
  readonly connection?: HostConnection;
  readonly unreached?: unknown;
}

/** A lost answer is no failure: Go plugins often end before they have sent it. */
async function quit(connect: () => Promise<HostConnection>, timeoutMs: number): Promise<Asked> {
  let connection: HostConnection;
  try {
    connection = await connect();
  } catch (unreached) {
    return { unreached };
  }
  await connection.quit({ timeoutMs }).catch(() => {});
  // The socket is closed at once: some plugins end only when it is.
  await connection.close();
  return { connection };
}

/** Ends it by force, and waits for its end within bounds. */
export function forceKill(runner: AttachedRunner): Promise<ExitFacts | undefined> {
  runner.kill();
  return settled(runner.exited, KILL_MS);
}

/** What a plugin may leave behind. */
export interface Remains {
  /** Its stdout and stderr, where we started it. */
  readonly outputs: readonly Readable[];
  readonly address: Address;
  /** Made for a custom runner's sockets. */
  readonly socketDir: string | undefined;
}

/** After a plugin's end nothing of it stays: no pipe, no socket file, no directory. Never rejects. */
export async function tidy(remains: Remains): Promise<void> {
  tidyNow(remains);
  await drain(remains.outputs);
}

/** The part of {@link tidy} that needs no waiting: our own process may be exiting. */
export function tidyNow({ address, socketDir }: Remains): void {
  removeSocketFile(address);
  removeSocketDir(socketDir);
}

export function removeSocketDir(socketDir: string | undefined): void {
  if (socketDir === undefined) return;
  try {
    rmSync(socketDir, { recursive: true, force: true });
  } catch {
    // Another user's files in it. There is nobody to tell.
  }
}

/** Lets an ended plugin's last output arrive, then drops the pipes that a grandchild may hold for ever. */
export async function drain(pipes: readonly Readable[]): Promise<void> {
  const closed = pipes.map((pipe) =>
    pipe.closed ? undefined : new Promise((resolve) => pipe.once("close", resolve)),
  );
  await settled(Promise.all(closed), DRAIN_MS);
  // Where the time has passed because we were busy ourselves, what lies in the pipes is read now.
  await new Promise(setImmediate);
  for (const pipe of pipes) pipe.destroy();
}
