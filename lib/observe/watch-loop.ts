/** How often the event loop is looked at, in milliseconds. */
const LOOK_MS = 1000;

/** How long yamux peers wait for an answer to a ping, in milliseconds, before they take us for dead. */
const PATIENCE_MS = 10_000;

type OnBlocked = (blockedMs: number) => void;

const watchers = new Set<OnBlocked>();
let timer: NodeJS.Timeout | undefined;
let dueMs = 0;

/**
 * Tells when this process stood still so long (a long computation, a debugger, SIGSTOP) that the other side may have
 * given it up: there it looks like a peer that is gone, and here like one that hung up for no reason.
 *
 * @param onBlocked - called once the event loop goes on.
 * @returns what ends the watch. It does not keep the process alive.
 */
export function watchLoop(onBlocked: OnBlocked): () => void {
  watchers.add(onBlocked);
  if (timer === undefined) look();
  return () => {
    watchers.delete(onBlocked);
    if (watchers.size > 0) return;
    clearTimeout(timer);
    timer = undefined;
  };
}

/** The next look is due a second after this one; by how much it is late, so long nothing ran. */
function look(): void {
  dueMs = performance.now() + LOOK_MS;
  timer = setTimeout(() => {
    const lateMs = Math.round(performance.now() - dueMs);
    look();
    if (lateMs >= PATIENCE_MS) for (const onBlocked of [...watchers]) onBlocked(lateMs);
  }, LOOK_MS).unref();
}

/** The record about it, for either side's log. */
export const BLOCKED_TEXT = `event loop was blocked; a peer gives up after ${PATIENCE_MS} ms without an answer`;
