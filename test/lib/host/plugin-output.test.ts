/** What a plugin prints and logs, on its way to streams of the host's user. */
import assert from "node:assert/strict";
import { PassThrough, Writable } from "node:stream";
import { test } from "node:test";
import { lifeClient, lifeProgram } from "../../helpers/hosts/life-client.js";

test("[PLUGIN-2] a reader that stopped reading holds up neither plugin nor memory", async (t) => {
  const stuck = new Writable({ write: () => {}, highWaterMark: 1 });
  const client = lifeClient(t, { command: [await lifeProgram()], syncStdout: stuck });
  const plugin = await client.dispense("life");
  await plugin.Flood(8 << 20);
  assert.equal(await plugin.Pid(), Number(client.id));
  assert.ok(stuck.writableLength < 2 << 20, `${stuck.writableLength} bytes wait`);
});

test("[HANDSHAKE-12] [PLUGIN-8] the stderr stream gets the log byte for byte", async (t) => {
  const stderr = new PassThrough();
  let text = "";
  stderr.on("data", (chunk) => {
    text += chunk;
  });
  const client = lifeClient(t, { command: [await lifeProgram()], stderr });
  await (await client.dispense("life")).Log("hello");
  await client.kill();
  assert.match(text, /^\{"@level":"debug","@message":"plugin address"/);
  assert.match(text, /"@message":"hello"/);
});
