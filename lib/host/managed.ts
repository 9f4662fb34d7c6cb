/** Clients that are ended together, and whatever still runs when our own process ends. */

interface Killable {
  kill(): Promise<void>;
}
interface Ended {
  killNow(): void;
}

const managed = new Set<Killable>();
const running = new Set<Ended>();

let isCleanedUp = false;

/** Whether {@link cleanupClients} has run: errors of ended plugins are to be expected then. Go: `Killed`. */
export const wasCleanedUp = (): boolean => isCleanedUp;

/** Remembers a client for {@link cleanupClients}. A client that was killed forgets itself. */
export function manage(client: Killable): void {
  managed.add(client);
}

export function unmanage(client: Killable): void {
  managed.delete(client);
}

/** Ends all managed clients at the same time and waits for them. Go: `CleanupClients`. */
export async function cleanupClients(): Promise<void> {
  isCleanedUp = true;
  await Promise.all([...managed].map((client) => client.kill()));
}

/**
 * Ends a plugin by force if it still runs when our process exits, so that no exit leaves it behind:
 * `process.exit`, an uncaught exception, an event loop with nothing left to do. A signal that Node does
 * not catch leaves no time for it; see `killOnSignals`.
 */
export function killAtExit(plugin: Ended): () => void {
  if (running.size === 0) process.on("exit", killAll);
  running.add(plugin);
  return () => {
    running.delete(plugin);
    if (running.size === 0) process.off("exit", killAll);
  };
}

function killAll(): void {
  for (const plugin of running) plugin.killNow();
}

const SIGNALS = ["SIGTERM", "SIGHUP", "SIGINT"] as const;

/**
 * Ends all managed clients when our process is told to end, and then lets the signal have its way.
 * Returns a function that takes the handlers off again. goplug installs none by itself.
 */
export function killOnSignals(signals: readonly NodeJS.Signals[] = SIGNALS): () => void {
  const handlers = signals.map((signal) => {
    const handler = async () => {
      await cleanupClients();
      process.off(signal, handler);
      process.kill(process.pid, signal);
    };
    process.on(signal, handler);
    return () => process.off(signal, handler);
  });
  return () => {
    for (const off of handlers) off();
  };
}
