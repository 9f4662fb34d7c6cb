/** A plugin's process that is not our child. */
import { Deferred } from "../../../protocol/async/deferred.js";
import type { ExitFacts } from "../../errors.js";
import type { Handle } from "../../keep-alive.js";
import { isAlive, statOf } from "./process-table.js";
import type { AttachedRunner } from "./runner.js";

/** How often we look whether the process lives, in milliseconds. Go: 1 second. */
const POLL_MS = 1000;

/** The same while its end is expected, and how many times. */
const HURRIED_POLL_MS = 20;
const HURRIED_POLLS = 100;

/**
 * A process that another program started. The system reports its end only to its parent, so we look again and again.
 * The exit code stays unknown. A later process with the same number is another one, and is never signalled.
 */
export class AttachedProcess implements AttachedRunner {
  readonly id: string;
  readonly handles: readonly Handle[];
  readonly #pid: number;
  readonly #startTime: string | undefined;
  readonly #exited = new Deferred<ExitFacts>();
  readonly #timer: NodeJS.Timeout;
  #hurried: NodeJS.Timeout | undefined;

  /** @param pid - above 0: the system takes 0 and below for whole process groups, our own among them. */
  constructor(pid: number) {
    this.#pid = pid;
    this.id = String(pid);
    this.#startTime = statOf(pid)?.startTime;
    this.#timer = setInterval(() => this.look(), POLL_MS);
    this.handles = [this.#timer];
  }

  get exited(): Promise<ExitFacts> {
    return this.#exited.promise;
  }

  /** Looks now whether the process has ended. */
  look(): void {
    if (this.#lives()) return;
    this.release();
    this.#exited.resolve({ exitCode: undefined, signal: undefined });
  }

  /** Its end is expected: looks more often for a while. */
  hurry(): void {
    clearInterval(this.#hurried);
    let left = HURRIED_POLLS;
    this.#hurried = setInterval(() => {
      if (--left === 0) clearInterval(this.#hurried);
      this.look();
    }, HURRIED_POLL_MS).unref();
  }

  /** Looks no more: the process goes on without us. */
  release(): void {
    clearInterval(this.#timer);
    clearInterval(this.#hurried);
  }

  kill(): void {
    if (!this.#lives()) return;
    try {
      process.kill(this.#pid, "SIGKILL");
    } catch {
      // It has ended, or it belongs to another user.
    }
  }

  #lives(): boolean {
    if (!isAlive(this.#pid)) return false;
    const stat = statOf(this.#pid);
    return stat === undefined || (stat.startTime === this.#startTime && !stat.isZombie);
  }
}
