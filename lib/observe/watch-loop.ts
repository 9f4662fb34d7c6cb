/** Notices that this process's event loop was blocked for longer than a peer waits. */

/** How often the event loop is checked, in milliseconds. */
const CHECK_MS = 1000;

/** How long yamux waits for the answer to a ping, in milliseconds, before it takes the peer for dead. */
const PATIENCE_MS = 10_000;

type OnBlocked = (blockedMs: number) => void;

const watchers = new Set<OnBlocked>();
/** Runs while there are watchers. */
let timer: NodeJS.Timeout | undefined;

/**
 * Watches for a long stop of this process: a long computation, a debugger, SIGSTOP. The other side may then
 * have given this process up, which looks on both sides as if the connection had ended for no reason.
 *
 * @param onBlocked - called after the stop, with its length in milliseconds.
 * @returns what ends the watch. The watch does not keep the process alive.
 */
export function watchLoop(onBlocked: OnBlocked): () => void {
  watchers.add(onBlocked);
  if (timer === undefined) checkLater();
  return () => {
    watchers.delete(onBlocked);
    if (watchers.size > 0) return;
    clearTimeout(timer);
    timer = undefined;
  };
}

/** A timer that fires late by some time tells that nothing ran for that time. */
function checkLater(): void {
  const dueMs = performance.now() + CHECK_MS;
  timer = setTimeout(() => {
    const lateMs = Math.round(performance.now() - dueMs);
    checkLater();
    if (lateMs >= PATIENCE_MS) for (const onBlocked of [...watchers]) onBlocked(lateMs);
  }, CHECK_MS).unref();
}

/** The message for the log of either side. */
export const BLOCKED_TEXT = `event loop was blocked; a peer gives up after ${PATIENCE_MS} ms without an answer`;
