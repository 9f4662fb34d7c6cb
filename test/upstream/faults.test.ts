/** The fault matrix with go-plugin's own host, without the cells that are in `test/interop/faults.test.ts`. */
import { describe } from "node:test";
import { goTest } from "../helpers/go.js";
import { PHASES, type Phase } from "../helpers/hosts/faults.js";
import { FAULTS, type Fault, runGoHostCell } from "../helpers/hosts/go-host-faults.js";

/** The cells that are in `test/interop/faults.test.ts`. */
const ELSEWHERE: Readonly<Record<Phase, readonly Fault[]>> = {
  start: ["exit-0", "exit-1", "sigkill", "garbage", "half-line"],
  line: [],
  connected: [],
  call: [
    "exit-0",
    "exit-1",
    "sigkill",
    "garbage",
    "half-line",
    "long-line",
    "closed-stdout",
    "flood",
  ],
  quit: ["exit-0", "exit-1", "sigkill", "garbage", "closed-stdout", "flood"],
};

describe("[PLUGIN-7] a TypeScript plugin goes wrong, and a Go host", { concurrency: 3 }, () => {
  for (const phase of PHASES) {
    for (const fault of Object.keys(FAULTS) as Fault[]) {
      if (ELSEWHERE[phase].includes(fault)) continue;
      goTest(`reports ${fault}, phase ${phase}`, (t) =>
        runGoHostCell(t, { fault, phase, floodBytes: 1 << 20, boundMs: 120_000 }),
      );
    }
  }
});
