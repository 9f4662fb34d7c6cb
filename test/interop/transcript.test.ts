/**
 * The conversation of two Go programs (spec/vectors/netrpc/transcript.json): connect, Ping, Ping, Dispense "greeter", Double(21),
 * Fail(21), Quit. When one of them is in TypeScript, each stream carries the same payloads in the same order.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fixture, handshake } from "../fixtures/contracts/fixture.js";
import { goBinary, goTest, runGo } from "../helpers/go.js";
import { newHost } from "../helpers/hosts/new-host.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { tsPlugin } from "../helpers/ts-plugin.js";

interface Event {
  readonly from: "host" | "plugin";
  readonly stream: number;
  readonly open?: boolean;
  readonly data?: string;
}

const readTranscript = (path: string | URL): Event[] => JSON.parse(readFileSync(path, "utf8"));
const golden = readTranscript(
  new URL("../../spec/vectors/netrpc/transcript.json", import.meta.url),
);

/** What each side sent on each stream, in order. */
function byStream(events: readonly Event[]): Record<string, string[]> {
  const said: Record<string, string[]> = {};
  for (const { from, stream, open, data } of events) {
    const key = `${from} on ${stream}`;
    said[key] ??= [];
    said[key].push(open ? "open" : (data ?? ""));
  }
  return said;
}

const output = (t: TestContext) => join(scratchDirectory(t), "transcript.json");

goTest(
  "[NETRPC-1] [PLUGIN-1] [PLUGIN-4] [PLUGIN-6] a TypeScript host says what a Go host says",
  async (t) => {
    const path = output(t);
    const plugin = await goBinary("transcript");
    const client = newHost(t, {
      handshake,
      plugins: { greeter: fixture },
      command: [await goBinary("recorder"), "-o", path, "--", plugin, "plugin"],
    });
    await client.ping();
    await client.ping();
    const greeter = await client.dispense("greeter");
    assert.equal(await greeter.Double(21), 42);
    await assert.rejects(greeter.Fail(21), { message: "no such key" });
    await client.kill();
    assert.deepEqual(byStream(readTranscript(path)), byStream(golden));
  },
);

goTest("[NETRPC-6] [PLUGIN-3] a TypeScript plugin says what a Go plugin says", async (t) => {
  const path = output(t);
  const plugin = await tsPlugin("test/fixtures/plugins/fixture.ts");
  const recorder = [await goBinary("recorder"), "-o", path, "--", plugin];
  const result = await runGo(t, await goBinary("transcript"), ["host", "--", ...recorder]);
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual(byStream(readTranscript(path)), byStream(golden));
});
