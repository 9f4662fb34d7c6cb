/** How this layer waits: bounded by time and signal, and never a reason to keep the process alive [YAMUX-51]. */

import { type GiveUp, Wait, type WaitOptions } from "../protocol/async/wait.js";
import { MuxError } from "./errors.js";

export type { WaitOptions };

/** A wait of a session or stream. A `timeoutMs` of 0 is no limit, as in the configuration. */
export function muxWait<T>({ signal, timeoutMs }: WaitOptions, giveUp: GiveUp): Wait<T> {
  // The connection below keeps the process alive, not the waits on it.
  return new Wait({ signal, timeoutMs: timeoutMs || undefined }, giveUp, false);
}

/** Refuses to start a wait whose signal fired before. */
export function throwIfAborted(options: WaitOptions, what: string): void {
  if (!options.signal?.aborted) return;
  throw new MuxError("aborted", `yamux: ${what} aborted`, { cause: options.signal.reason });
}
