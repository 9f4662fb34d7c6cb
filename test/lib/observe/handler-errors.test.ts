/** The errors of handlers in the log of the side that has the handlers. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { definePlugin, gob, lent, type PluginImplementation } from "goplug";
import { testPluginConn } from "goplug/testing";
import { handlerErrorsTo } from "../../../lib/observe/handler-errors.js";
import { Deferred } from "../../../protocol/async/deferred.js";
import { clock } from "../../helpers/clock.js";
import { recorder } from "../../helpers/recorder.js";

const callback = definePlugin({ Ask: { args: gob.empty(), reply: gob.int() } });
const worker = definePlugin({
  Work: { args: gob.int(), reply: gob.int() },
  AskBack: { args: lent(callback), reply: gob.int() },
});

async function joined(
  t: TestContext,
  methods: Partial<PluginImplementation<typeof worker.methods>>,
) {
  const { logger, records } = recorder();
  const all = { Work: () => 1, AskBack: () => 1, ...methods };
  const conn = await testPluginConn({ worker: worker.implement(all) }, { logger });
  t.after(() => conn[Symbol.asyncDispose]());
  const host = await conn.client.dispense("worker");
  const failures = () => records.filter(({ message }) => message === "handler failed");
  return { host, failures };
}

async function workOn(): Promise<never> {
  throw new Error("disk full");
}

test("an error that a method throws is logged with its stack, at level debug", async (t) => {
  const { host, failures } = await joined(t, { Work: () => workOn() });
  await assert.rejects(host.Work(1), { message: "disk full" });
  const [record, ...others] = failures();
  assert.deepEqual(others, []);
  assert.equal(record?.level, "debug");
  const { stack, ...fields } = record.fields;
  assert.deepEqual(fields, { method: "Plugin.Work", error: "disk full" });
  assert.match(String(stack), /^Error: disk full\n\s+at workOn .*handler-errors\.test\.ts/);
});

const MISTAKES: Readonly<Record<string, [work: () => number | Promise<number>, text: RegExp]>> = {
  "a TypeError": [() => (undefined as never as { n: number }).n, /^Cannot read properties/],
  "a rejection with a RangeError": [async () => Number(1).toFixed(1000) as never, /toFixed\(\)/],
  "a reply that does not fit": [() => "x" as never, /want int|got string/],
  "a text": [() => Promise.reject("no"), /^no$/],
  nothing: [() => Promise.reject(), /^undefined$/],
};
for (const [name, [work, text]] of Object.entries(MISTAKES)) {
  test(`${name} is a mistake, and logged at level error`, async (t) => {
    const { host, failures } = await joined(t, { Work: work });
    await assert.rejects(host.Work(1), { message: text });
    assert.deepEqual(
      failures().map(({ level }) => level),
      ["error"],
    );
    assert.match(String(failures()[0]?.fields.error), text);
  });
}

test("a plugin that cannot be made for a Dispense is logged too", async (t) => {
  const { logger, records } = recorder();
  const plugin = {
    client: () => undefined,
    server: () => Promise.reject(new TypeError("no such database")),
  };
  const conn = await testPluginConn({ plugin }, { logger });
  t.after(() => conn[Symbol.asyncDispose]());
  await assert.rejects(conn.client.dispense("plugin"), { message: "no such database" });
  assert.deepEqual(
    records.map(({ level, fields }) => [level, fields.method]),
    [["error", "Dispenser.Dispense"]],
  );
});

test("what a host lends is logged on the host", async (t) => {
  const { host, failures } = await joined(t, { AskBack: (back) => back.Ask() });
  const Ask = () => {
    throw new TypeError("of the host");
  };
  await assert.rejects(host.AskBack({ Ask }), { message: "of the host" });
  // The plugin passes the error on: it is a handler's error there as well, but no mistake.
  assert.deepEqual(
    failures().map(({ level, fields }) => [level, fields.method]),
    [
      ["error", "Plugin.Ask"],
      ["debug", "Plugin.AskBack"],
    ],
  );
});

test("a handler that gives up because the connection has ended has not failed", async (t) => {
  const { logger, records } = recorder();
  const started = new Deferred();
  const over = new Deferred();
  const waiting = worker.implement({
    AskBack: () => 1,
    Work: (_, { signal }) =>
      new Promise((_resolve, reject) => {
        started.resolve();
        signal.addEventListener("abort", () => {
          reject(signal.reason);
          setImmediate(over.resolve);
        });
      }),
  });
  const conn = await testPluginConn({ worker: waiting }, { logger });
  t.after(() => conn[Symbol.asyncDispose]());
  const failed = assert.rejects((await conn.client.dispense("worker")).Work(1));
  await started.promise;
  await conn.client.close();
  await Promise.all([failed, over.promise]);
  assert.deepEqual(records, []);
});

test("of more than 50 errors in a second the next record tells the number", async (t) => {
  const { pass } = clock(t);
  const { logger, records } = recorder();
  const onError = handlerErrorsTo(logger);
  for (let i = 0; i < 80; i++) onError("Plugin.Work", new Error("no"));
  assert.equal(records.length, 50);
  await pass(1000);
  onError("Plugin.Work", new Error("no"));
  onError("Plugin.Work", new Error("no"));
  assert.deepEqual(
    records.slice(50).map(({ fields }) => fields.unlogged),
    [30, undefined],
  );
});

test("an error whose stack cannot be made is logged without one", () => {
  const { logger, records } = recorder();
  const error = new Error("no");
  Object.defineProperty(error, "stack", {
    get: () => {
      throw new Error("of the stack");
    },
  });
  handlerErrorsTo(logger)("Plugin.Work", error);
  assert.deepEqual(records[0]?.fields, { method: "Plugin.Work", error: "no" });
});
