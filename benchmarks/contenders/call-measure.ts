/** Measures repeated calls: how many, and how long each takes. */

import type { Measured } from "../contender.js";

/** A call that is repeated, over any transport. */
export interface CallCase {
  readonly inFlight: number;
  /** Resolves with whether the reply was right. */
  call(): Promise<boolean>;
}

/** How many of the latest times are kept. They go into preallocated memory: measuring creates no garbage. */
const MAX_TIMES = 1 << 18;

/** Runs `inFlight` workers. Each of them calls, waits for the reply and calls again. */
export async function measureCalls({ inFlight, call }: CallCase, ms: number): Promise<Measured> {
  const times = new Float64Array(MAX_TIMES);
  let count = 0;
  const start = performance.now();
  const deadline = start + ms;
  const worker = async () => {
    for (let before = performance.now(); before < deadline; ) {
      if (!(await call())) throw new Error("wrong reply");
      const after = performance.now();
      times[count++ % MAX_TIMES] = after - before;
      before = after;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return measured(times.subarray(0, count), performance.now() - start, count);
}

/**
 * The result of a measurement.
 *
 * @param times - of each repetition, or the mean of each batch, in milliseconds.
 */
export function measured(
  times: ArrayLike<number>,
  elapsedMs: number,
  count = times.length,
): Measured {
  const p50Ms = Float64Array.from(times).sort()[times.length >> 1] ?? 0;
  return { count, elapsedNs: Math.round(elapsedMs * 1e6), p50Ns: Math.round(p50Ms * 1e6) };
}

/** The cases that only send a short text and get it back. */
export const textCases = (call: () => Promise<boolean>): Readonly<Record<string, CallCase>> => ({
  "string 1": { inFlight: 1, call },
  "string 64": { inFlight: 64, call },
});
