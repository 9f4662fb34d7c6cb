/** The subject `startup`: the start time of a plugin process, and of a plugin through a running host. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../scripts/files.js";
import { goBinary } from "../test/helpers/go.js";
import { tsPlugin } from "../test/helpers/ts-plugin.js";
import { compareEach } from "./compare.js";
import { p50Us, withContenders } from "./contender.js";
import { handshake } from "./contenders/bench-contract.js";
import { program } from "./program.js";
import { median, type Row } from "./rows.js";
import type { SubjectOptions } from "./subject.js";

const SPAWNS = 5;
const MS_OF_STARTS = 500;

export async function startup(options: SubjectOptions): Promise<Row[]> {
  return [...(await plugin(options)), ...(await host(options))];
}

/** From the spawn to the handshake line, against a Node that runs an empty module to its end. */
async function plugin({ rounds, wants }: SubjectOptions): Promise<Row[]> {
  const path = await tsPlugin("benchmarks/contenders/ts-plugin.ts");
  const empty = join(ROOT, "benchmarks/contenders/empty.mjs");
  const sockets = mkdtempSync(join(tmpdir(), "goplug-bench-"));
  const spawns: Readonly<Record<string, () => Promise<number>>> = {
    "ts plugin": () => untilLine(path, sockets),
    "empty node": () => untilExit([process.execPath, empty]),
  };
  const rows = compareEach(["plugin"].filter(wants), (name) => ({
    subject: "startup",
    case: name,
    measure: "p50",
    pairs: [{ contender: "ts plugin", peer: "empty node" }],
    rounds,
    take: async (who) => {
      const times: number[] = [];
      while (times.length < SPAWNS) times.push(await spawns[who]!());
      return median(times) * 1000;
    },
  }));
  return rows.finally(() => rmSync(sockets, { recursive: true, force: true }));
}

/** From the start of a Go plugin to its first reply. */
async function host({ rounds, wants }: SubjectOptions): Promise<Row[]> {
  const goPlugin = [await goBinary("bench-plugin"), "-quiet"];
  const commands = {
    "node host": [...(await program("node-host")), ...goPlugin],
    go: [await goBinary("bench-host"), "--", ...goPlugin],
  };
  return withContenders(commands, (contenders) =>
    compareEach(["host"].filter(wants), (name) => ({
      subject: "startup",
      case: name,
      measure: "p50",
      pairs: [{ contender: "node host", peer: "go" }],
      rounds,
      take: async (who) => p50Us(await contenders.get(who)!.measure("start", MS_OF_STARTS)),
    })),
  );
}

async function untilLine(plugin: string, sockets: string): Promise<number> {
  const { magicCookieKey, magicCookieValue } = handshake;
  const start = performance.now();
  const child = spawn(plugin, {
    stdio: ["ignore", "pipe", "ignore"],
    env: {
      ...process.env,
      [magicCookieKey]: magicCookieValue,
      PLUGIN_UNIX_SOCKET_DIR: sockets,
    },
  });
  const exited = exit(child);
  const line = await Promise.race([
    new Promise<string>((resolve) => child.stdout.once("data", (chunk) => resolve(String(chunk)))),
    exited.then(() => ""),
  ]);
  const elapsedMs = performance.now() - start;
  child.kill("SIGKILL");
  await exited;
  if (!/^1\|1\|unix\|.*\|netrpc/.test(line)) throw new Error(`no handshake line: ${line}`);
  return elapsedMs;
}

async function untilExit([file = "", ...args]: readonly string[]): Promise<number> {
  const start = performance.now();
  await exit(spawn(file, args, { stdio: "ignore" }));
  return performance.now() - start;
}

const exit = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => resolve());
  });
