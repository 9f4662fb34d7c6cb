import { createInterface } from "node:readline";

/**
 * What all contenders in Node have in common: they say that they are ready, read `{"case":"string 64","ms":500}`
 * on stdin, answer each line with one line, and end with stdin. The twin of `test/go/peers/internal/bench/commands.go`.
 *
 * @param run - measures a case for so many milliseconds; its result is the answer.
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
