/** The fault matrix: what a plugin does wrong, and when, as a TypeScript host sees it. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { PassThrough, Writable } from "node:stream";
import type { TestContext } from "node:test";
import {
  Client,
  type ExitFacts,
  isPluginError,
  isRpcError,
  type Logger,
  type RpcErrorCode,
} from "goplug";
import { faulty, handshake } from "../../fixtures/contracts/faulty.js";
import { signalIfAlive } from "../process.js";
import { scratchDirectory } from "../scratch.js";
import { within } from "../within.js";

/** When a plugin goes wrong. `line` is after the handshake line and before a connection. */
export const PHASES = ["start", "line", "connected", "call", "quit"] as const;
/** One of {@link PHASES}. */
export type Phase = (typeof PHASES)[number];

/**
 * What becomes of the plugin: it ends in this way, it stops doing anything, only the call hangs, or it goes on as if nothing
 * had happened.
 */
type Fate = ExitFacts | "stops" | "hangs" | "goes on";

const KILLED: ExitFacts = { exitCode: undefined, signal: "SIGKILL" };

/** What a plugin does wrong, and what becomes of it. */
export const FAULTS: Readonly<Record<string, Fate>> = {
  "exit-0": { exitCode: 0, signal: undefined },
  "exit-1": { exitCode: 1, signal: undefined },
  sigkill: KILLED,
  sigstop: "stops",
  silence: "stops",
  garbage: "goes on",
  "half-line": "goes on",
  "long-line": "goes on",
  "closed-stdout": "goes on",
  grandchild: "goes on",
  flood: "goes on",
  // A flood of log lines that nothing reads from the host's `stderr` stream.
  "slow-reader": "goes on",
};

/** The code of the error with which a start fails when the fault comes before the handshake line. */
const START_CODES: Readonly<Record<string, string>> = {
  "exit-0": "exited-early",
  "exit-1": "exited-early",
  sigkill: "exited-early",
  sigstop: "start-timeout",
  silence: "start-timeout",
  garbage: "unrecognized",
  // The real line is read as the rest of the half one.
  "half-line": "unknown-network",
  "long-line": "unrecognized",
  "closed-stdout": "unrecognized",
};

/** An error has no property for what is not known. */
const known = (facts: ExitFacts): object =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));

/** Everything happens within this time, however busy the machine is. It names what hangs. */
const BOUND_MS = 60_000;
/** How much longer than its grace `kill` may take. */
const KILL_BOUND_MS = 60_000;
const SILENT_MS = 300;

/** A cell of the matrix. */
export interface Cell {
  readonly fault: string;
  readonly phase: Phase;
  /** The program, to which the fault, the phase and the size of the flood are added. */
  readonly command: readonly string[];
  readonly floodBytes: number;
  /** Default {@link BOUND_MS}. */
  readonly boundMs?: number;
  /** What becomes of the plugin. Default: as in {@link FAULTS}. */
  readonly fate?: Fate | undefined;
}

/**
 * Runs a plugin that goes wrong and asserts what its host sees: which calls fail and how, that `kill` ends it in time, and that no
 * file is left.
 */
export async function runCell(t: TestContext, cell: Cell): Promise<void> {
  const { fault, phase, boundMs = BOUND_MS } = cell;
  const fate = cell.fate ?? FAULTS[fault]!;
  const TMPDIR = scratchDirectory(t);
  const said = new Said();
  const reader = fault === "slow-reader" ? new Stuck() : new PassThrough().resume();
  const when = phase === "line" || phase === "connected" ? "signal" : phase;
  const graceMs = fate === "stops" ? SILENT_MS : boundMs;
  const client = new Client({
    handshake,
    plugins: { faulty },
    command: [...cell.command, fault.replace("slow-reader", "flood"), when, `${cell.floodBytes}`],
    env: { TMPDIR },
    stderr: reader,
    logger: said.logger,
    startTimeoutMs: fate === "stops" && phase === "start" ? 1500 : boundMs,
    killGraceMs: graceMs,
  });
  t.after(async () => {
    await client.kill();
    endGrandchild(said.text);
  });
  const doom = () => process.kill(Number(client.id), "SIGUSR2");

  if (phase === "start") {
    const failed = await startFails(cell, client);
    if (failed) return;
  }
  await within(boundMs, "start", client.start());
  if (phase === "line") await happens(doom);
  if (phase === "line" && typeof fate === "object") {
    await assert.rejects(client.dispense("faulty"), { code: "ended", ...known(fate) });
    return assertEnd(fate);
  }
  if (fate === "stops" && phase === "line") {
    await stopsAnswering((options) => client.ping(options));
    return assertEnd(KILLED);
  }
  const plugin = await within(boundMs, "dispense", client.dispense("faulty"));
  assert.equal(await plugin.Echo("before"), "before");
  if (phase === "connected") await happens(doom);
  if (phase === "call") await callsFault();
  if (phase !== "quit") {
    if (fate === "stops") {
      await stopsAnswering(async (options) => void (await plugin.Echo("x", options)));
    } else if (fate === "goes on" || fate === "hangs") {
      assert.equal(await within(boundMs, "a call after it", plugin.Echo("after")), "after");
    } else {
      await within(boundMs, "the end", client.exited);
      const uses: (() => Promise<unknown>)[] = [
        () => plugin.Echo("after"),
        () => client.ping(),
        () => client.start(),
      ];
      for (const use of uses) {
        await assert.rejects(within(boundMs, "a use after it", use()), {
          code: "ended",
          ...facts(fate),
        });
      }
    }
  }
  await assertEnd(
    fate === "stops"
      ? KILLED
      : typeof fate === "object"
        ? fate
        : { exitCode: 0, signal: undefined },
  );

  /** Makes the fault happen, and waits until it has happened where that can be seen. */
  async function happens(act: () => void): Promise<void> {
    act();
    if (fate === "goes on") await within(boundMs, fault, said.has("fault done"));
    if (typeof fate === "object") await within(boundMs, fault, client.exited);
  }

  async function callsFault(): Promise<void> {
    const isStuck = fate === "stops" || fate === "hangs";
    const call = plugin.Fault(undefined, isStuck ? { timeoutMs: SILENT_MS } : {});
    if (fate === "goes on") await within(boundMs, "the call", call);
    else if (isStuck) await assert.rejects(call, { code: "timeout" });
    else await assert.rejects(within(boundMs, "the call", call), interrupted(fate, "Plugin.Fault"));
  }

  async function assertEnd(facts: ExitFacts): Promise<void> {
    await within(graceMs + KILL_BOUND_MS, "kill", client.kill());
    assert.deepEqual(await within(boundMs, "exited", client.exited), facts);
    assert.deepEqual(readdirSync(TMPDIR), []);
    assert.ok(reader.writableLength < 2 << 20, `${reader.writableLength} bytes wait`);
  }
}

/** Asserts how a start fails. Returns false when it is expected to succeed in spite of the fault. */
async function startFails(
  { fault, boundMs }: Cell,
  client: Pick<Client, "start" | "exited" | "kill">,
): Promise<boolean> {
  const code = START_CODES[fault];
  if (code === undefined) return false;
  const error = await within(boundMs ?? BOUND_MS, "start", client.start()).then(
    () => assert.fail("it should have failed"),
    (reason: unknown) => reason,
  );
  assert.ok(isPluginError(error), String(error));
  assert.equal(error.code, code, error.message);
  const fate = FAULTS[fault];
  if (typeof fate === "object") {
    assert.deepEqual({ exitCode: error.exitCode, signal: error.signal }, fate);
  }
  // A start that fails ends the plugin.
  await within(KILL_BOUND_MS, "exited", client.exited);
  await within(KILL_BOUND_MS, "kill", client.kill());
  return true;
}

/** Calls until a call times out. A signal needs a moment to arrive, and until then calls are answered. */
async function stopsAnswering(
  call: (options: { readonly timeoutMs: number }) => Promise<void>,
): Promise<void> {
  const isTimeout = (error: unknown) =>
    (isRpcError(error) && error.code === "timeout") ||
    (isPluginError(error) && error.code === "connect-timeout");
  const untilTimeout = async () => {
    for (;;) await call({ timeoutMs: SILENT_MS });
  };
  await assert.rejects(within(BOUND_MS, "silence", untilTimeout()), isTimeout);
}

/** An error has no properties for facts that are not known. */
const facts = ({ exitCode, signal }: ExitFacts): Partial<ExitFacts> =>
  signal === undefined ? { exitCode } : { signal };

/** Whether an error explains a call that the end of the process interrupted. */
const interrupted =
  (fate: Fate, serviceMethod: string) =>
  (error: unknown): boolean => {
    assert.ok(isPluginError(error), String(error));
    assert.ok(typeof fate === "object");
    const { code, phase, exitCode, signal, cause } = error;
    assert.deepEqual({ code, phase, exitCode, signal }, { code: "ended", phase: "call", ...fate });
    assert.ok(isRpcError(cause));
    assert.equal(cause.serviceMethod, serviceMethod);
    const codes: readonly RpcErrorCode[] = ["unexpected-eof", "bad-reply"];
    assert.ok(codes.includes(cause.code), cause.code);
    assert.match(
      error.message,
      new RegExp(`^plugin: the plugin ended during ${serviceMethod} \\(`),
    );
    return true;
  };

/** A stream that takes one chunk and no more. */
class Stuck extends Writable {
  override _write(): void {}
}

/** The last part of a plugin's log, and a way to wait for a text in it. */
class Said {
  text = "";
  readonly #waiting = new Set<() => void>();
  readonly #add = (_: unknown, message: string) => {
    this.text = `${this.text}${message}\n`.slice(-4096);
    for (const look of this.#waiting) look();
  };
  readonly logger: Logger = {
    trace: this.#add,
    debug: this.#add,
    info: this.#add,
    warn: this.#add,
    error: this.#add,
  };

  has(text: string): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.text.includes(text)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}

function endGrandchild(said: string): void {
  const [, pid] = /grandchild (\d+)/.exec(said) ?? [];
  if (pid !== undefined) signalIfAlive(Number(pid), "SIGKILL");
}
