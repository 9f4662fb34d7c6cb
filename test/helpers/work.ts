/**
 * Counts the work that code does, where a test would otherwise measure time: how often each block of the code below
 * `protocol/` and `mux/` runs, that is a function, a turn of a loop or a branch. The number is the same on a busy machine.
 *
 * The engine counts blocks only in functions that run for the first time while it counts, so this starts on import. Work
 * inside of the engine, such as joining texts, does not count.
 */
import { type Profiler, Session } from "node:inspector";

const session = new Session();
session.connect();
session.post("Profiler.enable");
session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

/** How many blocks ran since the last call of this. */
export function takeWork(): number {
  let blocks = 0;
  session.post("Profiler.takePreciseCoverage", (error, coverage) => {
    if (error !== null) throw error;
    for (const script of coverage.result) blocks += blocksOf(script);
  });
  return blocks;
}

/** How many blocks `run` runs. */
export function workOf(run: () => void): number {
  takeWork();
  run();
  return takeWork();
}

/** How many bytes `run` copies from one array to another. The engine does that, so {@link takeWork} does not count it. */
export function copiedBytes(run: () => void): number {
  const { set } = Uint8Array.prototype;
  let bytes = 0;
  Uint8Array.prototype.set = function (source, offset) {
    bytes += source.length;
    set.call(this, source, offset);
  };
  try {
    run();
  } finally {
    Uint8Array.prototype.set = set;
  }
  return bytes;
}

/** Code that was generated from text has no address. */
function blocksOf({ url, functions }: Profiler.ScriptCoverage): number {
  if (url !== "" && (!/\/(protocol|mux)\//.test(url) || url.includes("/test/"))) return 0;
  let blocks = 0;
  for (const { ranges } of functions) for (const { count } of ranges) blocks += count;
  return blocks;
}
