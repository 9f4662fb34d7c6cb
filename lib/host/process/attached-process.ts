/** A plugin's process that is not our child. */
import { Deferred } from "../../../protocol/async/deferred.js";
import type { ExitFacts } from "../../errors.js";
import type { Handle } from "../../keep-alive.js";
import type { AttachedRunner } from "./runner.js";

/** How often we look whether the process lives, in milliseconds. Go: 1 second. */
const POLL_MS = 1000;

/**
 * A process that another program started. The system reports its end only to its parent, so we look again and again.
 * The exit code stays unknown.
 */
export class AttachedProcess implements AttachedRunner {
  readonly id: string;
  readonly handles: readonly Handle[];
  readonly #pid: number;
  readonly #exited = new Deferred<ExitFacts>();

  /** @param pid - above 0: the system takes 0 and below for whole process groups, our own among them. */
  constructor(pid: number) {
    this.#pid = pid;
    this.id = String(pid);
    const timer = setInterval(() => {
      if (isAlive(pid)) return;
      clearInterval(timer);
      this.#exited.resolve({ exitCode: undefined, signal: undefined });
    }, POLL_MS);
    this.handles = [timer];
  }

  get exited(): Promise<ExitFacts> {
    return this.#exited.promise;
  }

  kill(): void {
    try {
      process.kill(this.#pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  }
}

/** Whether there is such a process. One that we may not signal counts as alive; in Go it counts as dead. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
