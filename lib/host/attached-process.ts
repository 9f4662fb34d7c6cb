import type { ExitFacts } from "../errors.js";
import type { Handle } from "../keep-alive.js";
import type { AttachedRunner } from "./runner.js";

/** How often a process that is not our child is looked at, in milliseconds. Go: 1 second. */
const POLL_MS = 1000;

/**
 * A process that somebody else started. The system tells only its parent when it ends, so we ask
 * again and again.
 */
export class AttachedProcess implements AttachedRunner {
  readonly id: string;
  readonly exited: Promise<ExitFacts>;
  readonly handles: readonly Handle[];
  readonly #pid: number;

  /** @param pid - above 0: 0 and below would be whole process groups, our own among them. */
  constructor(pid: number) {
    this.#pid = pid;
    this.id = String(pid);
    let timer!: NodeJS.Timeout;
    this.exited = new Promise((resolve) => {
      timer = setInterval(() => {
        if (isAlive(pid)) return;
        clearInterval(timer);
        resolve({ exitCode: undefined, signal: undefined });
      }, POLL_MS);
    });
    this.handles = [timer];
  }

  kill(): void {
    try {
      process.kill(this.#pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  }
}

/** A process that we may not signal lives too; Go counts it as dead. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
