/** The parts of the fault matrix that take long: floods of 100 MB, and calls without a time limit. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isPluginError } from "goplug";
import { faulty, handshake } from "../fixtures/contracts/faulty.js";
import { goBinary, goTest } from "../helpers/go.js";
import { PHASES, runCell } from "../helpers/hosts/faults.js";
import { runGoHostCell } from "../helpers/hosts/go-host-faults.js";
import { newHost } from "../helpers/hosts/new-host.js";
import { tsPlugin } from "../helpers/ts-plugin.js";
import { within } from "../helpers/within.js";

const source = "test/fixtures/plugins/faulty.ts";
const floodBytes = 100 << 20;
const boundMs = 120_000;

for (const fault of ["flood", "slow-reader"]) {
  for (const phase of PHASES) {
    test(`[PLUGIN-8] a TypeScript plugin logs 100 MB: ${fault}, phase ${phase}`, async (t) => {
      await runCell(t, { fault, phase, command: [await tsPlugin(source)], floodBytes, boundMs });
    });
    goTest(`[PLUGIN-8] a Go plugin logs 100 MB: ${fault}, phase ${phase}`, async (t) => {
      const command = [await goBinary("faulty-plugin")];
      await runCell(t, { fault, phase, command, floodBytes, boundMs });
    });
  }
}

for (const phase of PHASES) {
  goTest(`[PLUGIN-8] a TypeScript plugin logs 100 MB to a Go host, phase ${phase}`, async (t) => {
    // Before the handshake line, the Go host's start timeout limits how long the flood may take.
    await runGoHostCell(t, { fault: "flood", phase, floodBytes, boundMs });
  });
}

goTest(
  "[YAMUX-43] a call without a limit ends when a stopped plugin misses its keepalive",
  async (t) => {
    const command = [await goBinary("faulty-plugin"), "sigstop", "call"];
    const client = newHost(t, { handshake, plugins: { faulty }, command });
    const plugin = await client.dispense("faulty");
    // It takes 30 s until the next ping, and 10 s until its answer is overdue.
    await assert.rejects(within(60_000, "the call", plugin.Fault()), (error: unknown) => {
      assert.ok(isPluginError(error), String(error));
      assert.equal(error.code, "connection-lost");
      assert.match(error.message, /keepalive timeout \(no answer to a ping within 10000 ms\)/);
      return true;
    });
  },
);
