/** What the Go program gob-facts prints, line by line. */
import type { TestContext } from "node:test";
import { goBinary, runGo } from "../../helpers/go.js";

/**
 * The lines of a mode of `test/go/peers/cmd/gob-facts`.
 *
 * @param args - of the mode.
 * @param questions - one line of stdin each.
 */
export async function goFacts<T>(
  t: TestContext,
  mode: "keys" | "appended" | "mismatches" | "decode",
  args: readonly string[] = [],
  questions: readonly unknown[] = [],
): Promise<T[]> {
  const input = questions.map((of) => `${JSON.stringify(of)}\n`).join("");
  const { stdout } = await runGo(t, await goBinary("gob-facts"), [mode, ...args], { input });
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}
