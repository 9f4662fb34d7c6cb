/**
 * The subject `growth`: whether memory grows with use. It measures the heap of one process (V8's heap and the buffers
 * that it references, after a collection) after each round of many calls, or of starts and kills. The ratio is over
 * the heap after the warm-up round.
 */

import { goBinary } from "../test/helpers/go.js";
import { Contender } from "./contender.js";
import { program } from "./program.js";
import { type Row, toRow } from "./rows.js";
import type { SubjectOptions } from "./subject.js";

const CASES = [
  { name: "calls", contender: "node host" },
  { name: "calls", contender: "ts plugin" },
  { name: "starts", contender: "node host" },
];

interface Heap {
  readonly bytes: number;
}

export async function growth({ rounds, wants }: SubjectOptions): Promise<Row[]> {
  const [node = "", ...host] = await program("growth-host", ["--expose-gc"]);
  const commands: Readonly<Record<string, readonly string[]>> = {
    "node host": [node, ...host, "host", await goBinary("bench-plugin"), "-quiet"],
    "ts plugin": [node, ...host, "plugin", ...(await program("growth-plugin", ["--expose-gc"]))],
  };
  const rows: Row[] = [];
  for (const { name, contender: who } of CASES.filter((one) => wants(one.name))) {
    const contender = await Contender.start(who, commands[who]!);
    try {
      const heapBytes = async () => (await contender.measure<Heap>(name)).bytes;
      const before = await heapBytes();
      const after: number[] = [];
      while (after.length < rounds) after.push(await heapBytes());
      rows.push(
        toRow(
          {
            subject: "growth",
            case: name,
            contender: who,
            peer: "after warm-up",
            measure: "bytes",
          },
          after,
          after.map(() => before),
        ),
      );
    } finally {
      await contender.stop();
    }
  }
  return rows;
}
