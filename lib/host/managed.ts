/** Clients that are ended together by one call. What ends plugins with our process is in process/kill-at-exit.ts. */

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

/**
 * Kills all clients with `managed: true` at the same time and waits for them: in a program's own handler for a signal,
 * for instance, where plugins are to be asked before they are ended. Go: `CleanupClients`.
 */
export async function cleanupClients(): Promise<void> {
  isCleanedUp = true;
  await Promise.all([...managed].map((client) => client.kill()));
}
