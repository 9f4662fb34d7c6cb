/** Programs that the operating system does not start. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { greeter, handshake } from "../../../../examples/greeter/contract.js";
import { newHost } from "../../../helpers/hosts/new-host.js";

const TOO_LONG = "x".repeat(200_000);
const skip = process.platform !== "linux" && "the limits are those of Linux";

for (const [what, config, want] of [
  [
    "a variable",
    { command: [process.execPath], env: { GOPLUG_BIG: TOO_LONG } },
    /the variable GOPLUG_BIG has 200012 of the \d+ bytes of variables and arguments$/,
  ],
  [
    "an argument",
    { command: [process.execPath, "-e", TOO_LONG] },
    /the argument 2 has 200001 of the \d+ bytes of variables and arguments$/,
  ],
] as const) {
  test(`start names ${what} that is too long for the system`, { skip }, async (t) => {
    const client = newHost(t, { handshake, plugins: { greeter }, ...config });
    await assert.rejects(client.start(), (error: Error) => {
      assert.equal((error as { code?: string }).code, "spawn-failed");
      assert.match(error.message, want);
      return true;
    });
  });
}
