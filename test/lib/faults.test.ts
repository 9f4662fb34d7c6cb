/** The fault matrix with a TypeScript host and a TypeScript plugin. No Go is needed. */
import { describe, test } from "node:test";
import { FAULTS, PHASES, runCell } from "../helpers/hosts/faults.js";
import { tsPlugin } from "../helpers/ts-plugin.js";

const source = "test/fixtures/plugins/faulty.ts";

describe("[PLUGIN-7] a TypeScript plugin goes wrong", { concurrency: 3 }, () => {
  for (const fault of Object.keys(FAULTS)) {
    for (const phase of PHASES) {
      test(`${fault}, phase ${phase}`, { timeout: 600_000 }, async (t) => {
        const command = [await tsPlugin(source)];
        await runCell(t, { fault, phase, command, floodBytes: 4 << 20 });
      });
    }
  }
});
