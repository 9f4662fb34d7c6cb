/** Ends plugins that still run when our own process exits. */

const running = new Set<() => void>();

/**
 * Calls `killNow` if our process exits before the returned function is called. No exit leaves the plugin behind:
 * neither `process.exit`, nor an uncaught exception, nor an event loop with nothing left to do. A signal that Node
 * does not catch leaves no time for it; see `killOnSignals`.
 *
 * @param killNow - must do its work synchronously: the event loop does not run any more.
 * @returns forgets the plugin, once it has ended.
 */
export function killAtExit(killNow: () => void): () => void {
  if (running.size === 0) process.on("exit", killAll);
  running.add(killNow);
  return () => {
    running.delete(killNow);
    if (running.size === 0) process.off("exit", killAll);
  };
}

function killAll(): void {
  for (const killNow of running) killNow();
}
