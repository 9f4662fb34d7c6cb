/**
 * go-plugin's own tests of `BasicError`, under their names: an error as data in a reply. Here it is the schema `gob.basicError()`,
 * whose values are `{ Message }`. A nil error is an optional field that is absent.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { definePlugin, gob, ServerError } from "goplug";
import { testPluginConn } from "goplug/testing";
import { handshake } from "../fixtures/contracts/life.js";
import { goBinary, goTest } from "../helpers/go.js";
import { newHost } from "../helpers/hosts/new-host.js";

const found = gob.struct("Found", {
  Value: gob.string(),
  Error: gob.optional(gob.basicError()),
});
const types = definePlugin({
  Find: { args: gob.string(), reply: found },
  /** A Go `error` is an interface: gob sends the name of the type with the value. */
  Hide: { args: gob.string(), reply: gob.any() },
  Fail: { args: gob.string(), reply: found },
});
const plugins = {
  types: types.implement({
    Find: (key) => (key === "here" ? { Value: key } : { Value: "", Error: failure(key) }),
    Hide: (key) => gob.value(gob.basicError(), { Message: `hidden: ${key}` }),
    Fail: (key) => {
      throw new Error(failure(key).Message);
    },
  }),
};
const failure = (key: string) => ({ Message: `nothing under ${key}` });

test("[GOB-28] TestBasicError_ImplementsError: it stands where Go has an error, under go-plugin's name", async () => {
  await using conn = await testPluginConn(plugins);
  const client = await conn.client.dispense("types");
  assert.deepEqual(await client.Hide("x"), { Message: "hidden: x" });
  const bytes = gob.encodeGob(gob.any(), gob.value(gob.basicError(), { Message: "x" }));
  assert.ok(Buffer.from(bytes).includes("*plugin.BasicError"));
});

test("[NETRPC-6] TestBasicError_MatchesMessage: the text crosses net/rpc unchanged, as data and as a failure", async () => {
  await using conn = await testPluginConn(plugins);
  const client = await conn.client.dispense("types");
  assert.deepEqual(await client.Find("nowhere"), { Value: "", Error: failure("nowhere") });
  await assert.rejects(client.Fail("nowhere"), (error: unknown) => {
    assert.ok(error instanceof ServerError, String(error));
    assert.equal(error.message, failure("nowhere").Message);
    return true;
  });
});

test("[GOB-15] TestNewBasicError_nil: no error is an absent field, not an error without text", async () => {
  await using conn = await testPluginConn(plugins);
  const reply = await (await conn.client.dispense("types")).Find("here");
  assert.equal(reply.Error, undefined);
  assert.equal(reply.Value, "here");
});

goTest("[GOB-15] TestBasicError: a Go plugin's error and nil arrive as such", async (t) => {
  const command = [await goBinary("kv-plugin")];
  const client = newHost(t, { handshake, plugins: { types }, command });
  const plugin = await client.dispense("types");
  const here = await plugin.Find("here");
  assert.equal(here.Error, undefined);
  const missing = await plugin.Find("nowhere");
  assert.match(missing.Error?.Message ?? "", /nowhere/);
});
