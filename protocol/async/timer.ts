/** A timer for verdicts: before it says that something did not come in time, it looks at what has come. */

/** The longest time that Node's timers take, 24.8 days. A longer one would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** A timer that fires later than this was held up by something, in milliseconds. */
const LATE_MS = 10;

/**
 * Calls `then` when everything that has arrived by now was handled: data, answers, the exits of processes. The event
 * loop runs timers before it reads. It reads twice here, because a connection that it accepts first has bytes to read.
 */
export function whenArrivalsHandled<T>(then: (about: T) => void, about: T): void {
  setImmediate(() => setImmediate(then, about));
}

/**
 * Tells that a time has passed [YAMUX-58]. While our own process is blocked, by a long computation or by the system, it reads
 * nothing, and then its timers fire before it reads. Thus:
 *
 * - When it fires late, it waits once more, for as long as it was late, but not longer than the first time: those who
 *   need several messages get back the time in which we sent and read none.
 * - It fires only when what has arrived by then was handled, which may clear it.
 */
export class Timer {
  readonly #ms: number;
  readonly #onPassed: () => void;
  readonly #holdsProcess: boolean;
  #dueMs: number;
  #timeout: NodeJS.Timeout;
  /** Whether the time has passed, and what has arrived is being handled. */
  #isLooking = false;

  /**
   * @param ms - above {@link MAX_TIMER_MS} counts as that.
   * @param onPassed - called at most once, and not after {@link clear}.
   * @param holdsProcess - whether the timer keeps the process alive.
   */
  constructor(ms: number, onPassed: () => void, holdsProcess = true) {
    this.#ms = Math.min(ms, MAX_TIMER_MS);
    this.#onPassed = onPassed;
    this.#holdsProcess = holdsProcess;
    this.#dueMs = performance.now() + this.#ms;
    this.#timeout = this.#start(this.#ms, onTime);
  }

  /** It will not fire. Safe to call again. */
  clear(): void {
    this.#isLooking = false;
    clearTimeout(this.#timeout);
  }

  /** Its time begins anew. Not to be called once it has fired. */
  restart(): void {
    this.clear();
    this.#dueMs = performance.now() + this.#ms;
    this.#timeout = this.#start(this.#ms, onTime);
  }

  #start(ms: number, then: (timer: Timer) => void): NodeJS.Timeout {
    const timeout = setTimeout(then, ms, this);
    return this.#holdsProcess ? timeout : timeout.unref();
  }

  /** The time has passed, perhaps long ago. */
  passed(): void {
    const lateMs = performance.now() - this.#dueMs;
    if (lateMs < LATE_MS) this.look();
    else this.#timeout = this.#start(Math.min(lateMs, this.#ms), look);
  }

  /** Time to decide, after what has arrived. */
  look(): void {
    this.#isLooking = true;
    whenArrivalsHandled(fire, this);
  }

  /** What had arrived was handled. */
  fire(): void {
    if (!this.#isLooking) return;
    this.#isLooking = false;
    this.#onPassed();
  }
}

// Functions of the module, because closures of each timer would cost memory for each stream.
const onTime = (timer: Timer): void => timer.passed();
const look = (timer: Timer): void => timer.look();
const fire = (timer: Timer): void => timer.fire();
