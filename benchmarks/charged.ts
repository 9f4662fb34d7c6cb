/**
 * Prints what the parts of a value take in memory and what receivers count for them [GOB-33]: the source of the
 * figures in `protocol/bytes/cost.ts`. Run it after a change of a decoder or with a new Node:
 *
 *     npx tsx benchmarks/charged.ts [REGEX]
 *
 * Each row is a list of many equal values, and both figures are bytes for each value of the list. `taken` is what stays
 * after garbage collection beside the content of texts and bytes. `charged` is what counts against `maxValueBytes`. In
 * msgpack and JSON that includes the parsed nodes, which are garbage when the value is there.
 */
import { charged, PARTS, readsOf, taken } from "../test/helpers/charged.js";

/** Enough for the noise of the heap not to show. */
const COUNT = 10_000;
const FEW = 500;

const pattern = new RegExp(process.argv[2] ?? "");
console.log("part".padEnd(48), "taken".padStart(8), "charged".padStart(8), "ratio".padStart(6));
for (const part of PARTS) {
  const few = readsOf(part, FEW);
  for (const [how, read] of readsOf(part, COUNT)) {
    const label = `${part.name} (${how})`;
    if (!pattern.test(label)) continue;
    const want = (await taken(read)) / COUNT - part.content;
    const got = charged(few.get(how)!) / FEW;
    const cells = [want.toFixed(0), got.toFixed(0), (got / want).toFixed(2)];
    console.log(label.padEnd(48), ...cells.map((cell, i) => cell.padStart(i < 2 ? 8 : 6)));
  }
}
