/** Loans for the time of a call, between TypeScript and Go programs that use the broker's methods as Mattermost does. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { handshake, loans } from "../fixtures/contracts/loans.js";
import { careless, lendAll } from "../fixtures/loans.js";
import { assertGraceful, byStep, goBinary, goTest, runGo } from "../helpers/go.js";
import { newHost } from "../helpers/hosts/new-host.js";
import { OpenStreams } from "../helpers/open-streams.js";
import { tsPlugin } from "../helpers/ts-plugin.js";

const TIMES = 50;
const RESET = "connection reset";

/** How a Go lender sees the end of a loan, by kind and by the ending of the call. */
const GO_ENDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Contract: {
    answer: "served",
    use: "served",
    throw: "served",
    "use and throw": "served",
    "bad reply": "served",
  },
  Reader: {
    answer: `|${RESET}`,
    use: `|${RESET}`,
    throw: `|${RESET}`,
    "use and throw": `|${RESET}`,
    "bad reply": `|${RESET}`,
  },
  Writer: {
    answer: "|EOF",
    use: "words|EOF",
    throw: `|${RESET}`,
    "use and throw": `|${RESET}`,
    "bad reply": `|${RESET}`,
  },
};

interface Result {
  readonly Kind: string;
  readonly Ending: string;
  readonly Calls: Readonly<Record<string, number>>;
  readonly Ends: Readonly<Record<string, number>>;
}

/** The writer's bytes may be dropped by Go when the reset follows them closely: only the end counts. */
const withoutBytes = (end: string): string => end.replace(/^.*\|connection/, "|connection");

function assertResult({ Kind, Ending, Calls, Ends }: Result): void {
  const name = `${Kind} ${Ending}`;
  const error = { answer: "", use: "", throw: "no", "use and throw": "no" }[Ending];
  if (error === undefined) assert.match(Object.keys(Calls).join(), /^gob: .*1\.5[^,]*$/, name);
  else assert.deepEqual({ ...Calls }, { [error]: TIMES }, name);
  const ends = Object.keys(Ends).map(withoutBytes);
  assert.deepEqual([...new Set(ends)], [GO_ENDS[Kind]?.[Ending]], name);
}

/** What a lender of ours tells. */
const OWN_ENDS = [
  "Contract answer: 2",
  "Reader answer: 5",
  "Writer answer: 5 words",
  "Contract throw: no",
  "Reader throw: no",
  "Writer throw: no no",
];

goTest(
  "[BROKER-12] [NETRPC-27] a Go host sees the end of what a TypeScript plugin borrowed, however the call ends",
  async (t) => {
    const plugin = await tsPlugin("test/fixtures/plugins/loans.ts");
    const result = await runGo(t, await goBinary("loans-host"), ["--", plugin]);
    const steps = byStep(result);
    for (const [kind, ends] of Object.entries(GO_ENDS)) {
      for (const ending of Object.keys(ends)) {
        const step = steps.get(`lent ${kind} ${ending}`);
        assertResult(step?.value as Result);
      }
    }
    assert.equal(steps.get("hung up Reader")?.value, `|${RESET}`);
    assert.equal(steps.get("hung up Writer")?.value, `|${RESET}`);
    assert.equal(steps.get("hung up Contract")?.value, "served");
    assert.deepEqual(steps.get("borrowed")?.value, OWN_ENDS, result.stderr);
    const before = steps.get("open before")?.value;
    assert.equal(typeof before, "number");
    assert.equal(steps.get("open after lending")?.value, before);
    assert.equal(steps.get("open after all")?.value, before);
    assertGraceful(result);
  },
);

async function goPlugin(t: TestContext) {
  const streams = new OpenStreams(t);
  const command = [await goBinary("loans-plugin")];
  const client = newHost(t, { handshake, plugins: { loans }, command });
  const plugin = await client.dispense("loans");
  return { plugin, streams, before: streams.count };
}

goTest(
  "[BROKER-12] [NETRPC-27] a Go plugin sees the end of what a TypeScript host borrowed, however the call ends",
  async (t) => {
    const { plugin, streams, before } = await goPlugin(t);
    const results = await plugin.Drive({ borrower: careless, Times: TIMES });
    assert.equal(results.length, 15);
    for (const result of results) assertResult(result);
    await streams.reached(before);
  },
);

goTest(
  "[BROKER-12] a host takes back what a Go plugin borrowed for the call and never closed",
  async (t) => {
    const { plugin, streams, before } = await goPlugin(t);
    assert.deepEqual(await lendAll(plugin, TIMES), OWN_ENDS);
    await streams.reached(before);
  },
);
