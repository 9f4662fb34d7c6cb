/**
 * The subject `calls`: calls between a host and a plugin, each in Go and in TypeScript, and the same work in other
 * libraries.
 */

import { join } from "node:path";
import { ROOT } from "../scripts/files.js";
import { goBinary } from "../test/helpers/go.js";
import { tsPlugin } from "../test/helpers/ts-plugin.js";
import { compareEach, type Pair } from "./compare.js";
import { p50Us, ratePerSecond, withContenders } from "./contender.js";
import { program } from "./program.js";
import type { Row } from "./rows.js";
import type { SubjectOptions } from "./subject.js";

const CASES = [
  "string 1",
  "string 64",
  "struct 1",
  "struct 64",
  "64KiB 64",
  "4MiB down",
  "4MiB up",
  "4MiB echo",
];

/** Each pair has the cases that its peer supports. */
const PAIRS: readonly (Pair & { readonly cases: RegExp })[] = [
  { contender: "node host", peer: "go", cases: /./ },
  { contender: "ts plugin", peer: "go", cases: /./ },
  { contender: "ts both", peer: "go", cases: /./ },
  { contender: "node host", peer: "replay", cases: /^(string|struct) / },
  { contender: "ts both", peer: "grpc-js", cases: /^string / },
  { contender: "ts both", peer: "vscode-jsonrpc", cases: /^string / },
];

const MS_PER_CASE = 400;

export async function calls({ rounds, wants }: SubjectOptions): Promise<Row[]> {
  const goHost = await goBinary("bench-host");
  const goPlugin = [await goBinary("bench-plugin"), "-quiet"];
  const nodeHost = await program("node-host");
  const plugin = await tsPlugin("benchmarks/contenders/ts-plugin.ts");
  const proto = join(ROOT, "benchmarks/contenders/echo.proto");
  const commands = {
    go: [goHost, "--", ...goPlugin],
    "node host": [...nodeHost, ...goPlugin],
    "ts plugin": [goHost, "--", plugin],
    "ts both": [...nodeHost, plugin],
    replay: [...(await program("replay")), ...goPlugin],
    "grpc-js": [...(await program("grpc-client")), proto, ...(await program("grpc-server"))],
    "vscode-jsonrpc": [...(await program("jsonrpc-client")), ...(await program("jsonrpc-server"))],
  };
  return withContenders(commands, (contenders) =>
    compareEach(CASES.filter(wants), (name) => {
      // One call at a time measures latency. Many at once measure throughput.
      const [measure, figure] = name.endsWith(" 1")
        ? (["p50", p50Us] as const)
        : (["rate", ratePerSecond] as const);
      return {
        subject: "calls",
        case: name,
        measure,
        pairs: PAIRS.filter(({ cases }) => cases.test(name)),
        rounds,
        take: async (who) => figure(await contenders.get(who)!.measure(name, MS_PER_CASE)),
      };
    }),
  );
}
