/** Clients that are ended together: by one call, or when our process gets a signal. */

interface Killable {
  kill(): Promise<unknown>;
}

const managed = new Set<Killable>();

let isCleanedUp = false;

/** Whether {@link cleanupClients} has been called. Errors of ended plugins are expected from then on. Go: `Killed`. */
export const wasCleanedUp = (): boolean => isCleanedUp;

/** Remembers a client for {@link cleanupClients}. */
export function manage(client: Killable): void {
  managed.add(client);
}

/** Forgets a client: it was killed. */
export function unmanage(client: Killable): void {
  managed.delete(client);
}

/** Kills all clients with `managed: true` at the same time and waits for them. Go: `CleanupClients`. */
export async function cleanupClients(): Promise<void> {
  isCleanedUp = true;
  await Promise.all([...managed].map((client) => client.kill()));
}

const SIGNALS = ["SIGTERM", "SIGHUP", "SIGINT"] as const;

/**
 * Calls {@link cleanupClients} when our process gets one of `signals`, and then sends the signal again without a
 * handler, so that it has its usual effect. goplug installs no signal handlers by itself.
 *
 * @param signals - default SIGTERM, SIGHUP and SIGINT.
 * @returns removes the handlers.
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
