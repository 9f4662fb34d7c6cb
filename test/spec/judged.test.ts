/** Go decodes what our encoder writes: every vector, with definitions in front of the values. */
import assert from "node:assert/strict";
import { generatorBinary, goTest, runGo } from "../helpers/go.js";
import { GOB_FILES, readVectors } from "./notation.js";
import { encodeStream } from "./streams.js";

/** The vectors whose values JavaScript cannot hold, and why. */
const NOT_EXACT: Readonly<Record<string, string>> = {
  "string-badutf8": "a JavaScript string holds Unicode",
};

interface Verdict {
  readonly id: string;
  readonly values?: unknown;
  readonly error?: string;
}

goTest("[GOB-29] Go decodes every vector as we encode it, definitions in front", async (t) => {
  const vectors = GOB_FILES.flatMap((file) => readVectors(file)).filter(
    ({ id }) => !(id in NOT_EXACT),
  );
  const lines = vectors.map((vector) => {
    const hex = Buffer.from(encodeStream(vector, "hoisted")).toString("hex");
    return JSON.stringify({ id: vector.id, hex });
  });
  const judge = await generatorBinary();
  const { stdout, stderr } = await runGo(t, judge, ["-decode"], { input: `${lines.join("\n")}\n` });
  const verdicts = stdout.split("\n").map((line) => JSON.parse(line) as Verdict);
  assert.equal(verdicts.length, vectors.length, stderr);
  for (const [i, { id, values }] of vectors.entries()) {
    assert.deepStrictEqual(verdicts[i], { id, values });
  }
});
