/** Hosts that end without `kill`: what becomes of their plugins, and how the hosts themselves end. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { isAlive } from "../../lib/host/process/process-table.js";
import { goBinary, goTest } from "../helpers/go.js";
import { gone, signalIfAlive } from "../helpers/process.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { tsPlugin } from "../helpers/ts-plugin.js";
import { within } from "../helpers/within.js";

/** What a host prints. */
interface Said {
  readonly listeners?: readonly number[];
  readonly pids?: readonly number[];
  readonly pid?: number;
  readonly handled?: string;
  readonly pinged?: number;
  readonly code?: number | null;
  readonly signal?: string | null;
}

interface HostOptions {
  readonly mode?: string;
  readonly count?: number;
}

/** Starts a host as the leader of a process group, as a terminal does. */
async function startHost(
  t: TestContext,
  command: readonly string[],
  { mode = "", count = 1 }: HostOptions = {},
) {
  const TMPDIR = scratchDirectory(t);
  const program = await tsPlugin("test/fixtures/plugins/ending-host.ts");
  const host = spawn(program, [`${count}`, ...command], {
    env: { ...process.env, HOST_MODE: mode, TMPDIR },
    detached: true,
  });
  t.after(() => signalIfAlive(-host.pid!, "SIGKILL"));
  let errors = "";
  host.stderr.setEncoding("utf8").on("data", (chunk) => {
    errors += chunk;
  });
  const ended = once(host, "exit").then(([code, signal]) => ({ code, signal }));
  const lines = createInterface({ input: host.stdout })[Symbol.asyncIterator]();
  const hear = async (): Promise<Said> => {
    const { value } = await lines.next();
    assert.ok(value !== undefined, `the host has ended: ${errors}`);
    return JSON.parse(value);
  };
  const idle = await hear();
  return {
    host,
    TMPDIR,
    ended,
    hear,
    idle,
    errors: () => errors,
    do: (act: string) => host.stdin.write(`${act}\n`),
  };
}

/** A host whose plugins are up. */
async function runningHost(t: TestContext, command: readonly string[], options?: HostOptions) {
  const started = await startHost(t, command, options);
  const { pids = [], listeners } = await started.hear();
  assert.equal(pids.length, options?.count ?? 1);
  for (const pid of pids) t.after(() => signalIfAlive(pid, "SIGKILL"));
  const assertClean = async (): Promise<void> => {
    for (const pid of pids) await within(30_000, "the plugin's end", gone(pid));
    assert.deepEqual(readdirSync(started.TMPDIR), []);
  };
  return { ...started, pids, listeners, assertClean };
}

const go = () => goBinary("fixture-plugin");
const plugins: readonly [name: string, on: typeof test, program: () => Promise<string>][] = [
  ["Go", goTest as typeof test, go],
  ["TypeScript", test, () => tsPlugin("test/fixtures/plugins/fixture.ts")],
];
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"] as const;

for (const [language, on, program] of plugins) {
  for (const signal of SIGNALS) {
    on(`${signal} ends a host as always, and its ${language} plugins with it`, async (t) => {
      const { host, ended, assertClean } = await runningHost(t, [await program()], { count: 3 });
      host.kill(signal);
      assert.deepEqual(await ended, { code: null, signal });
      await assertClean();
    });
  }

  on(
    `Ctrl-C, which goes to the whole group, ends the host and its ${language} plugin`,
    async (t) => {
      const { host, ended, assertClean } = await runningHost(t, [await program()]);
      process.kill(-host.pid!, "SIGINT");
      assert.deepEqual(await ended, { code: null, signal: "SIGINT" });
      await assertClean();
    },
  );

  for (const [act, code, error] of [
    ["exit 0", 0, ""],
    ["exit 7", 7, ""],
    ["throw", 1, "told to throw"],
    ["reject", 1, "told to reject"],
    ["end", 0, ""],
  ] as const) {
    on(
      `a host that ends by "${act}" keeps its exit code, and ends its ${language} plugin`,
      async (t) => {
        const host = await runningHost(t, [await program()]);
        host.do(act);
        assert.deepEqual(await host.ended, { code, signal: null });
        assert.ok(host.errors().includes(error));
        await host.assertClean();
      },
    );
  }

  on(`with cleanup: false a ${language} plugin outlives a signal to its host`, async (t) => {
    const options = { mode: "keep" };
    const { host, ended, pids, idle, listeners } = await runningHost(t, [await program()], options);
    assert.deepEqual(listeners, idle.listeners, "it has handlers");
    const [pid = 0] = pids;
    process.kill(pid, "SIGSTOP");
    host.kill("SIGTERM");
    assert.deepEqual(await ended, { code: null, signal: "SIGTERM" });
    assert.ok(isAlive(pid));
    process.kill(pid, "SIGKILL");
    await gone(pid);
  });
}

goTest(
  "a host that is killed while its Go plugin starts is ended by its signal, and the plugin too",
  async (t) => {
    // It prints no line, and ignores what a terminal sends.
    const script = "trap '' INT; exec sleep 600";
    for (const signal of SIGNALS) {
      const started = await startHost(t, ["/bin/sh", "-c", script], { mode: "hang" });
      const { pid = 0 } = await started.hear();
      started.host.kill(signal);
      assert.deepEqual(await started.ended, { code: null, signal });
      await gone(pid);
    }
  },
);

for (const when of ["on", "once"]) {
  goTest(
    `a host with a handler of its own (${when}) goes on, and so does its plugin`,
    async (t) => {
      const options = { mode: `${when}-SIGTERM` };
      const host = await runningHost(t, [await go()], options);
      host.host.kill("SIGTERM");
      assert.equal((await host.hear()).handled, "SIGTERM");
      host.do("ping");
      assert.equal((await host.hear()).pinged, 1);
      // For another signal it has none.
      host.host.kill("SIGINT");
      assert.deepEqual(await host.ended, { code: null, signal: "SIGINT" });
      await host.assertClean();
    },
  );
}

goTest("a handler that exits ends the plugin, with the handler's code", async (t) => {
  const host = await runningHost(t, [await go()], { mode: "on-SIGINT" });
  process.kill(-host.host.pid!, "SIGINT");
  assert.equal((await host.hear()).handled, "SIGINT");
  host.do("exit 130");
  assert.deepEqual(await host.ended, { code: 130, signal: null });
  await host.assertClean();
});

goTest("signal-exit, which waits for others as we do, gets the signal too", async (t) => {
  const host = await runningHost(t, [await go()], { mode: "signal-exit" });
  host.host.kill("SIGTERM");
  assert.deepEqual(await host.hear(), { code: null, signal: "SIGTERM" });
  assert.deepEqual(await host.ended, { code: null, signal: "SIGTERM" });
  await host.assertClean();
});

goTest("handlers are there only while a plugin runs", async (t) => {
  const host = await runningHost(t, [await go()], { count: 2 });
  const plusOne = host.idle.listeners!.map((count) => count + 1);
  assert.deepEqual(host.listeners, plusOne);
  host.do("kill");
  assert.deepEqual((await host.hear()).listeners, host.idle.listeners);
  host.host.kill("SIGTERM");
  assert.deepEqual(await host.ended, { code: null, signal: "SIGTERM" });
});

goTest("a plugin that was reattached to outlives the host", async (t) => {
  const host = await runningHost(t, [await go()], { mode: "reattach" });
  assert.deepEqual(host.listeners, host.idle.listeners);
  host.host.kill("SIGTERM");
  await host.ended;
  assert.ok(isAlive(host.pids[0]!));
  process.kill(host.pids[0]!, "SIGKILL");
  await gone(host.pids[0]!);
});

goTest("SIGKILL cannot be handled: a Go plugin stays", async (t) => {
  const host = await runningHost(t, [await go()]);
  host.host.kill("SIGKILL");
  assert.deepEqual(await host.ended, { code: null, signal: "SIGKILL" });
  assert.ok(isAlive(host.pids[0]!));
  process.kill(host.pids[0]!, "SIGKILL");
  await gone(host.pids[0]!);
});
