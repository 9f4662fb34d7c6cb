/** Measures the cases of a gob contender. The twin of `test/go/peers/cmd/bench-gob`. */

import { isDeepStrictEqual } from "node:util";
import { answer } from "./answer.js";
import { measured } from "./call-measure.js";

/** An operation that is repeated. The result of the last run is checked. */
export interface Case {
  run(): unknown;
  isRight(last: unknown): boolean;
}

/** The two cases of one payload. */
export interface Pair {
  readonly encode: Case;
  readonly decode: Case;
}

/** Compares with `wanted`. A Buffer equals any other Uint8Array with the same bytes. */
export const isSame = (wanted: unknown) => (last: unknown) =>
  wanted instanceof Uint8Array
    ? Buffer.compare(last as Uint8Array, wanted) === 0
    : isDeepStrictEqual(last, wanted);

/** Repeats a case for `ms` milliseconds. It reads the clock about once per tenth of a millisecond. */
function measure({ run, isRight }: Case, ms: number) {
  let batch = 1;
  let count = 0;
  let elapsedMs = 0;
  let last: unknown;
  const times: number[] = [];
  while (elapsedMs < ms) {
    const start = performance.now();
    for (let i = 0; i < batch; i++) last = run();
    const batchMs = performance.now() - start;
    elapsedMs += batchMs;
    count += batch;
    times.push(batchMs / batch);
    if (batchMs < 0.05) batch *= 2;
  }
  if (!isRight(last)) throw new Error("wrong value");
  return measured(times, elapsedMs, count);
}

/** @param make - makes the cases of a payload, given its letter. */
export function answerPairs(make: (letter: string) => Pair): Promise<void> {
  // Made once, as on a connection: later rounds reuse what the first one compiled.
  const made = new Map<string, Pair>();
  return answer((name, ms) => {
    const [way, letter = ""] = name.split(" ");
    const pair = made.get(letter) ?? make(letter);
    made.set(letter, pair);
    return measure(pair[way as keyof Pair], ms);
  });
}
