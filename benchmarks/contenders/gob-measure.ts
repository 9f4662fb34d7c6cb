import { isDeepStrictEqual } from "node:util";
import { answer } from "./answer.js";

/** What all gob contenders in Node have in common. The twin of `test/go/peers/cmd/bench-gob`. */

/** What is repeated. The result of the last time is checked. */
export interface Case {
  run(): unknown;
  isRight(last: unknown): boolean;
}

/** One payload. */
export interface Pair {
  readonly encode: Case;
  readonly decode: Case;
}

/** Bytes are compared as bytes, be they a Buffer or not. */
export const isSame = (wanted: unknown) => (last: unknown) =>
  wanted instanceof Uint8Array
    ? Buffer.compare(last as Uint8Array, wanted) === 0
    : isDeepStrictEqual(last, wanted);

/** Looks at the clock about once in a tenth of a millisecond. */
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
  const p50Ms = Float64Array.from(times).sort()[times.length >> 1] ?? 0;
  return { count, elapsedNs: Math.round(elapsedMs * 1e6), p50Ns: Math.round(p50Ms * 1e6) };
}

/** @param make - the cases of a payload, by its letter. */
export function answerPairs(make: (letter: string) => Pair): Promise<void> {
  // Made once, as on a connection: what is compiled for one round serves the others.
  const made = new Map<string, Pair>();
  return answer((name, ms) => {
    const [way, letter = ""] = name.split(" ");
    const pair = made.get(letter) ?? make(letter);
    made.set(letter, pair);
    return measure(pair[way as keyof Pair], ms);
  });
}
