/** Waits of the mux layer: time and signal bound them, and they do not keep the process alive [YAMUX-51]. */

import { type GiveUp, Wait, type WaitOptions } from "../protocol/async/wait.js";
import { MuxError } from "./errors.js";

export type { WaitOptions };

/** A wait of a session, a stream or the broker. A `timeoutMs` of 0 is no limit, as in the configuration. */
export function muxWait<T>({ signal, timeoutMs }: WaitOptions, giveUp: GiveUp): Wait<T> {
  // The connection below keeps the process alive; waits on it need not.
  return new Wait({ signal, timeoutMs: timeoutMs || undefined }, giveUp, false);
}

/** Throws `aborted` if the signal fired before the wait: {@link muxWait} would not notice. */
export function throwIfAborted(options: WaitOptions, what: string): void {
  if (!options.signal?.aborted) return;
  throw new MuxError("aborted", `yamux: ${what} aborted`, { cause: options.signal.reason });
}
