import { isAlive } from "../../lib/host/attached-process.js";

/** Resolves when a process that is not our child has gone; the system has no event for it. */
export async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
}
