/** The subject `yamux`: clients of four yamux implementations and one Go server, over a unix socket. */

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { yamuxBinary } from "../test/helpers/go.js";
import { compareEach } from "./compare.js";
import { ratePerSecond, withContenders } from "./contender.js";
import { program } from "./program.js";
import type { Row } from "./rows.js";
import type { SubjectOptions } from "./subject.js";

const CASES = ["up", "down duplex", "down sink", "ping-pong", "1KiB writes"];
const PEERS = ["go", "yamux-js", "libp2p"];
const PAIRS = PEERS.map((peer) => ({ contender: "goplug", peer }));
const MS_PER_CASE = 400;

export async function yamux({ rounds, wants }: SubjectOptions): Promise<Row[]> {
  const go = await yamuxBinary("bench");
  const own = await program("yamux-goplug");
  const yamuxJs = await program("yamux-js");
  const libp2p = await program("yamux-libp2p");
  const { address, stop } = await startServer(go);
  const commands = {
    goplug: [...own, address],
    go: [go, "measure", address],
    "yamux-js": [...yamuxJs, address],
    libp2p: [...libp2p, address],
  };
  const rows = withContenders(commands, (contenders) =>
    compareEach(CASES.filter(wants), (name) => ({
      subject: "yamux",
      case: name,
      measure: "rate",
      pairs: PAIRS,
      rounds,
      take: async (who) => {
        // Go has only one way to read a stream. Both downloads are the same measurement.
        const wanted = who === "go" ? name.replace(/^down .*/, "down") : name;
        return ratePerSecond(await contenders.get(who)!.measure(wanted, MS_PER_CASE));
      },
    })),
  );
  return rows.finally(stop);
}

/** Starts the Go server, which ends when its stdin ends. */
async function startServer(program: string): Promise<{ address: string; stop(): void }> {
  const child = spawn(program, ["serve"], { stdio: ["pipe", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const { address } = JSON.parse(line) as { address: string };
    return { address, stop: () => child.stdin.end() };
  }
  throw new Error("the server ended at its start");
}
