/** The command loop that all contenders in Node share. */

import { createInterface } from "node:readline";

/**
 * Prints the ready line, then answers each line such as `{"case":"string 64","ms":500}` on stdin with one line on
 * stdout, until stdin ends. The twin of `test/go/peers/internal/bench/commands.go`.
 *
 * @param run - measures a case for `ms` milliseconds and returns the answer.
 */
export async function answer(
  run: (name: string, ms: number) => object | Promise<object>,
): Promise<void> {
  console.log(JSON.stringify({ ready: true }));
  for await (const line of createInterface({ input: process.stdin })) {
    const { case: name, ms } = JSON.parse(line) as { case: string; ms: number };
    try {
      console.log(JSON.stringify({ case: name, ...(await run(name, ms)) }));
    } catch (error) {
      console.log(JSON.stringify({ case: name, error: String(error) }));
    }
  }
}
