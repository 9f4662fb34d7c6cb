/** The subject `gob`: encoding and decoding alone, against Go's encoding/gob and two msgpack codecs for JavaScript. */

import { execFileSync } from "node:child_process";
import { isDeepStrictEqual } from "node:util";
import { gob as codec } from "goplug";
import { goBinary } from "../test/helpers/go.js";
import { compareEach } from "./compare.js";
import { ratePerSecond, withContenders } from "./contender.js";
import { PAYLOADS } from "./contenders/gob-payloads.js";
import { program } from "./program.js";
import type { Row } from "./rows.js";
import type { SubjectOptions } from "./subject.js";

const LETTERS = ["a", "b", "c", "d", "e", "f", "g"];
const CASES = ["encode", "decode"].flatMap((way) => LETTERS.map((letter) => `${way} ${letter}`));
const PEERS = ["go", "msgpackr", "@msgpack/msgpack"];
const PAIRS = PEERS.map((peer) => ({ contender: "goplug", peer }));
const MS_PER_CASE = 200;

export async function gob({ rounds, wants }: SubjectOptions): Promise<Row[]> {
  const go = await goBinary("bench-gob");
  for (const letter of LETTERS) checkPayload(go, letter);
  const msgpack = await program("gob-msgpack");
  const commands = {
    go: [go],
    goplug: await program("gob-goplug"),
    msgpackr: [...msgpack, "msgpackr"],
    "@msgpack/msgpack": [...msgpack, "@msgpack/msgpack"],
  };
  return withContenders(commands, (contenders) =>
    compareEach(CASES.filter(wants), (name) => ({
      subject: "gob",
      case: name,
      measure: "rate",
      pairs: PAIRS,
      rounds,
      take: async (who) => ratePerSecond(await contenders.get(who)!.measure(name, MS_PER_CASE)),
    })),
  );
}

/** Checks that both sides measure the same value: Go's bytes must decode to our payload. */
function checkPayload(go: string, letter: string): void {
  const payload = PAYLOADS[letter]!;
  const hex = execFileSync(go, ["-payload", letter], { encoding: "utf8", maxBuffer: 1 << 24 });
  const value = codec.decodeGob(payload.schema, Buffer.from(hex.trim(), "hex"));
  if (!isDeepStrictEqual(value, payload.out)) {
    throw new Error(`payload ${letter} is another one in Go`);
  }
}
