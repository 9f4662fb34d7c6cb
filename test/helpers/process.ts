/** Processes that may have ended already. */
import { isAlive } from "../../lib/host/process/process-table.js";

/** Resolves when a process has ended. It polls, because the system reports the end of children only. */
export async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Sends a signal to a process, or to the process group `-pid`. Nothing happens where it has ended. */
export function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}
