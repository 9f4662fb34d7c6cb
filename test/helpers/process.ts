/** Waits for processes that this process did not start. */
import { isAlive } from "../../lib/host/attached-process.js";

/** Resolves when a process has ended. It polls, because the system reports the end of children only. */
export async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
}
