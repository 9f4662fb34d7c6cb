/**
 * Ends plugins that still run when our own process ends: by an exit, or by a signal that ends programs. How it ends does
 * not change: the exit code stays, and a signal that nobody else handles has its usual effect after us.
 */

/** The signals that people and tools end programs with. Without a handler they end Node without an exit. */
const SIGNALS: readonly NodeJS.Signals[] =
  process.platform === "win32"
    ? ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"]
    : ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"];

/** What all copies of this package in the process share: two of them would wait for each other to end the program. */
interface Shared {
  readonly running: Set<() => void>;
  /** Takes the handlers off. Undefined while no plugin runs. */
  release?: (() => void) | undefined;
}

const SHARED = Symbol.for("goplug.kill-at-exit");

function shared(): Shared {
  const owner = process as { [SHARED]?: Shared };
  owner[SHARED] ??= { running: new Set() };
  return owner[SHARED];
}

/**
 * Calls `killNow` if our process ends before the returned function is called. No end leaves the plugin behind, except
 * SIGKILL and what else no program can handle. Handlers for the exit and for signals are there only while a plugin runs.
 *
 * @param killNow - must do its work synchronously: the event loop does not run any more.
 * @returns forgets the plugin, once it has ended.
 */
export function killAtExit(killNow: () => void): () => void {
  const all = shared();
  all.running.add(killNow);
  all.release ??= handleEnds(all);
  return () => {
    all.running.delete(killNow);
    if (all.running.size > 0) return;
    all.release?.();
    all.release = undefined;
  };
}

/** @returns takes the handlers off. */
function handleEnds(all: Shared): () => void {
  const onExit = (): void => killAll(all.running);
  const onSignal = (signal: NodeJS.Signals): void => {
    // The user decides whether the program ends. If it exits, we hear of that.
    if (foreignListeners(signal) > 0) return;
    killAll(all.running);
    release();
    process.kill(process.pid, signal);
  };
  const release = (): void => {
    process.off("exit", onExit);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  process.on("exit", onExit);
  // First, because a handler that the user set with `once` is taken off when it is called, and would not be counted.
  for (const signal of SIGNALS) process.prependListener(signal, onSignal);
  return release;
}

function killAll(running: Iterable<() => void>): void {
  for (const killNow of running) {
    try {
      killNow();
    } catch {
      // A runner of the user failed. The others are to be ended all the same, and the exit code is to stay.
    }
  }
}

/** How many listeners decide about the signal by themselves. */
function foreignListeners(signal: NodeJS.Signals): number {
  return process.listenerCount(signal) - 1 - signalExitListeners();
}

/**
 * The package signal-exit, which execa and many others use, raises the signal again when nobody else listens. It would
 * wait for us, and we for it. Versions 3 and 4 count themselves here.
 */
function signalExitListeners(): number {
  const v3 = (process as { __signal_exit_emitter__?: unknown }).__signal_exit_emitter__;
  const v4 = (globalThis as Record<symbol, unknown>)[Symbol.for("signal-exit emitter")];
  return countOf(v3) + countOf(v4);
}

function countOf(emitter: unknown): number {
  const { count } = (emitter ?? {}) as { readonly count?: unknown };
  return typeof count === "number" ? count : 0;
}
