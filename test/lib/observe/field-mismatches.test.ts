/** [GOB-56] Contracts that do not match the peer's types: what the log and the diagnostics channel say, and strict. */
import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type TestContext, test } from "node:test";
import { type ClientPlugin, definePlugin, gob, isCodecError, isRpcError } from "goplug";
import { testPluginConn } from "goplug/testing";
import { mismatchesTo } from "../../../lib/observe/field-mismatches.js";
import { recorder } from "../../helpers/recorder.js";

const job = gob.struct("Job", { ID: gob.int(), Name: gob.string() });
const misspelt = gob.struct("Job", { ID: gob.int(), Nmae: gob.string() });
const smaller = gob.struct("Job", { ID: gob.int() });
const contract = <S extends gob.AnySchema>(of: S) =>
  definePlugin({ Take: { args: of, reply: gob.int() }, Give: { args: gob.empty(), reply: of } });

/** A plugin with `job`, and a host that has another schema for it. */
async function joined<P extends ClientPlugin<unknown>>(t: TestContext, client: P, strict = false) {
  const log = recorder();
  const { server } = contract(job).implement({ Take: ({ ID }) => ID, Give: () => ({ ID: 7 }) });
  const plugins = { plugin: { client: client.client as P["client"], server } };
  const conn = await testPluginConn(plugins, { logger: log.logger, strict });
  t.after(() => conn[Symbol.asyncDispose]());
  const mismatches = () =>
    log.records
      .filter(({ message }) => message === "contract does not match the peer's type")
      .map(({ level, fields }) => [level, fields]);
  return { conn, mismatches, records: log.records };
}

test("[GOB-56] a misspelt field is a warning on both sides, once over many calls and dispenses", async (t) => {
  const { conn, mismatches } = await joined(t, contract(misspelt));
  for (let i = 0; i < 2; i++) {
    const plugin = await conn.client.dispense("plugin");
    for (let calls = 0; calls < 3; calls++) {
      assert.equal(await plugin.Take({ ID: 5, Nmae: "x" }), 5);
      assert.deepEqual({ ...(await plugin.Give()) }, { ID: 7, Nmae: "" });
    }
  }
  const names = { type: "Job", peerType: "Job" };
  assert.deepEqual(mismatches(), [
    [
      "warn",
      {
        ...names,
        difference:
          "fields of Job differ: the peer's Job lacks Name (it has Nmae); the schema lacks Nmae",
      },
    ],
    [
      "warn",
      {
        ...names,
        difference:
          "fields of Job differ: the peer's Job lacks Nmae (it has Name); the schema lacks Name",
      },
    ],
  ]);
});

test("[GOB-56] a contract that leaves fields out is told at debug, one that has more at info", async (t) => {
  const { conn, mismatches } = await joined(t, contract(smaller));
  const plugin = await conn.client.dispense("plugin");
  await plugin.Take({ ID: 5 });
  await plugin.Give();
  assert.deepEqual(
    mismatches().map(([level]) => level),
    ["info", "debug"],
  );
});

test("[GOB-56] the same is published, with the role", async (t) => {
  const messages: unknown[] = [];
  const listen = (message: unknown) => messages.push(message);
  subscribe("goplug:mismatch", listen);
  t.after(() => unsubscribe("goplug:mismatch", listen));
  const { conn } = await joined(t, contract(misspelt));
  const plugin = await conn.client.dispense("plugin");
  await plugin.Give();
  await plugin.Give();
  assert.deepEqual(messages, [
    { role: "host", typeName: "Job", got: "Job", unknown: ["Name"], missing: ["Nmae"] },
  ]);
});

test("[GOB-56] strict: both sides refuse what differs, name both lists, and go on", async (t) => {
  const { conn, mismatches } = await joined(t, contract(misspelt), true);
  const plugin = await conn.client.dispense("plugin");
  await assert.rejects(plugin.Take({ ID: 5 }), {
    name: "ServerError",
    message: /the peer's Job lacks Name \(it has Nmae\); the schema lacks Nmae/,
  });
  await assert.rejects(plugin.Give(), (error) => {
    assert.ok(isRpcError(error) && error.code === "bad-reply");
    assert.ok(isCodecError(error.cause) && error.cause.reason === "fields");
    return /the peer's Job lacks Nmae \(it has Name\); the schema lacks Name/.test(error.message);
  });
  await conn.client.ping();
  const fitting = await joined(t, contract(job), true);
  assert.equal(await (await fitting.conn.client.dispense("plugin")).Take({ ID: 3 }), 3);
  assert.deepEqual([...mismatches(), ...fitting.mismatches()], []);
});

test("a peer that defines types without end cannot fill the log", () => {
  const { logger, records } = recorder();
  const tell = mismatchesTo("host", logger);
  for (let i = 0; i < 1000; i++) {
    tell({ typeName: "Job", got: `T${i}`, unknown: [`F${i}`], missing: ["Name"] });
  }
  assert.equal(records.length, 101);
  assert.equal(
    records[100]?.message,
    "more contracts do not match the peer's types, and are not told",
  );
});
