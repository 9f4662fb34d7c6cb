/** Faults between TypeScript and Go: the plugin goes wrong, then the host. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext } from "node:test";
import { isPluginError } from "goplug";
import { handshake } from "../../examples/greeter/contract.js";
import { faulty } from "../fixtures/contracts/faulty.js";
import { byStep, goBinary, goTest, runGo, startGo } from "../helpers/go.js";
import { FAULTS, PHASES, type Phase, runCell } from "../helpers/hosts/faults.js";
import { newHost } from "../helpers/hosts/new-host.js";
import { gone } from "../helpers/process.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { tsPlugin } from "../helpers/ts-plugin.js";
import { within } from "../helpers/within.js";

const source = "test/fixtures/plugins/faulty.ts";

/** In Go a call that hangs blocks no other, thus the plugin answers and ends as usual. */
function goFate(fault: string, phase: Phase) {
  if (fault !== "silence" || phase === "start" || phase === "quit") return undefined;
  return "hangs" as const;
}

describe("[PLUGIN-7] a Go plugin goes wrong, and its TypeScript host", { concurrency: 3 }, () => {
  for (const fault of Object.keys(FAULTS)) {
    for (const phase of PHASES) {
      goTest(`handles ${fault}, phase ${phase}`, async (t) => {
        const command = [await goBinary("faulty-plugin")];
        const fate = goFate(fault, phase);
        await runCell(t, { fault, phase, command, fate, floodBytes: 4 << 20 });
      });
    }
  }
});

/** What a plugin does with its connection, and the code of the error at the first use. */
const connections: readonly [mode: string, code: RegExp][] = [
  ["mute", /^connect-timeout$/],
  ["hang-up", /^(tls-failed|connect-failed)$/],
  ["reset", /^(tls-failed|connect-failed)$/],
  ["not-yamux", /^connect-failed$/],
  ["line-then-exit", /^(connect-failed|ended)$/],
  ["deaf", /^connect-(timeout|failed)$/],
];
for (const [mode, code] of connections) {
  goTest(`[TLS-8] a plugin whose connection is "${mode}" is a typed error in time`, async (t) => {
    const TMPDIR = scratchDirectory(t);
    const client = newHost(t, {
      handshake,
      plugins: { faulty },
      command: [await goBinary("bad-plugin"), mode, "3"],
      env: { TMPDIR },
      // Only where no answer is what is expected may the machine be too busy to give one.
      connectTimeoutMs: code.test("connect-timeout") ? 300 : 60_000,
      killGraceMs: 300,
    });
    const error = await within(60_000, "dispense", client.dispense("faulty")).then(
      () => assert.fail("it should have failed"),
      (reason: unknown) => reason,
    );
    assert.ok(isPluginError(error), String(error));
    assert.match(error.code, code, error.message);
    await within(60_000, "kill", client.kill());
    await within(60_000, "exited", client.exited);
  });
}

/** Starts the Go greeter host with the faulty TypeScript plugin. */
async function goHost(t: TestContext, plugin: readonly string[], flags: readonly string[] = []) {
  const PID_FILE = join(scratchDirectory(t), "pid");
  const TMPDIR = scratchDirectory(t);
  const path = await tsPlugin(source);
  const args = [...flags, "--", path, ...plugin];
  const env = { PID_FILE, TMPDIR };
  const run = startGo(t, await goBinary("greeter-host"), args, { env, holdStdin: true });
  const pid = () => Number(readFileSync(PID_FILE, "utf8"));
  const assertGone = async () => {
    await within(60_000, "the plugin's end", gone(pid()));
    assert.deepEqual(readdirSync(TMPDIR), []);
  };
  return { ...run, assertGone, PID_FILE };
}

for (const phase of ["start", "call", "quit"]) {
  goTest(`[PLUGIN-9] a Go host killed in phase ${phase} leaves no plugin behind`, async (t) => {
    const host = await goHost(t, ["kill-host", phase]);
    const { signal } = await host.exited;
    assert.equal(signal, "SIGKILL");
    await host.assertGone();
  });
}

goTest("[PLUGIN-9] a Go host killed while connected leaves no plugin behind", async (t) => {
  const host = await goHost(t, [], ["-hold"]);
  await host.step("holding");
  host.child.kill("SIGKILL");
  await host.assertGone();
});

goTest("[PLUGIN-9] a Go host that exits without Kill leaves no plugin behind", async (t) => {
  const host = await goHost(t, [], ["-leave"]);
  assert.equal((await host.exited).code, 0);
  await host.assertGone();
});

goTest("[PLUGIN-8] a Go host that stands still does not stop a plugin that logs", async (t) => {
  const host = await goHost(t, ["stop-host", "call", String(4 << 20)]);
  assert.equal((await host.step("greet")).value, "Hello!");
  assert.equal((await host.exited).code, 0);
  await host.assertGone();
});

/** What the Go host reports of the start when the fault comes before the line. */
const startErrors: readonly [fault: string, error: RegExp][] = [
  ["exit-0", /^Unrecognized remote plugin message: \nFailed to read any lines/],
  ["exit-1", /^Unrecognized remote plugin message: \nFailed to read any lines/],
  ["sigkill", /^Unrecognized remote plugin message: \nFailed to read any lines/],
  ["garbage", /^Unrecognized remote plugin message: this is no handshake/],
  ["half-line", /^unknown address type/],
];
for (const [fault, error] of startErrors) {
  goTest(
    `[HANDSHAKE-3] [HANDSHAKE-4] a Go host reports a TypeScript plugin with ${fault} before its line`,
    async (t) => {
      const host = await goHost(t, [fault, "start"]);
      assert.match((await host.step("start")).error ?? "", error);
      assert.equal((await host.exited).code, 1);
      await within(60_000, "the plugin's end", host.exited);
    },
  );
}

for (const [fault, reply] of [
  ["exit-0", "unexpected EOF"],
  ["exit-1", "unexpected EOF"],
  ["sigkill", "unexpected EOF"],
  ["garbage", "Hello!"],
  ["half-line", "Hello!"],
  ["long-line", "Hello!"],
  ["closed-stdout", "Hello!"],
  ["flood", "Hello!"],
] as const) {
  goTest(
    `[HANDSHAKE-5] [NETRPC-11] a Go host reports a TypeScript plugin with ${fault} in a call`,
    async (t) => {
      const host = await goHost(t, [fault, "call", String(4 << 20)]);
      const greet = await host.step("greet");
      assert.equal(greet.error ?? greet.value, reply);
      const kill = (await host.step("kill")).value as { exited: boolean; warnings: string[] };
      assert.equal(kill.exited, true);
      // Go's host stops reading stdout at a line of 64 KiB, and logs it.
      const expected = fault === "long-line" ? ["error encountered while scanning stdout"] : [];
      if (reply === "Hello!") assert.deepEqual(kill.warnings, expected);
      await host.exited;
      assert.equal(existsSync(host.PID_FILE), true);
    },
  );
}

for (const fault of ["exit-0", "exit-1", "sigkill", "garbage", "closed-stdout", "flood"]) {
  goTest(`[PLUGIN-7] a Go host ends a TypeScript plugin with ${fault} after Quit`, async (t) => {
    const args = ["--", await tsPlugin(source), fault, "quit", String(1 << 20)];
    const result = await runGo(t, await goBinary("greeter-host"), args);
    const kill = byStep(result).get("kill")?.value as { exited: boolean };
    assert.equal(kill.exited, true, result.stderr);
    assert.equal(result.code, 0);
  });
}
