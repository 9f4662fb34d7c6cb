/** The Packer example without a Packer: its host with its plugins. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { formatLine, parseLine } from "goplug";
import { caller, service } from "goplug/netrpc";
import {
  artifact,
  PACKER_LINE,
  postProcessor,
  provisioner,
  SDK_LINE,
} from "../../examples/packer/contract.js";
import { launchPacker } from "../../examples/packer/launch.js";
import { localCommunicator } from "../../examples/packer/local-communicator.js";
import { config, recordingUi } from "../helpers/packer.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { tsPlugin } from "../helpers/ts-plugin.js";

/** The command by which Packer starts a plugin of a kind. */
const started = async (kind: string): Promise<string[]> => [
  await tsPlugin("examples/packer/plugin.ts"),
  "start",
  kind,
  "goplug",
];

const expect = { appVersions: [5], allowedProtocols: ["packer"] };

for (const [grammar, line] of [
  [PACKER_LINE, "5|unix|/tmp/p\n"],
  [SDK_LINE, "5|0|unix|/tmp/p\n"],
] as const) {
  test(`[NETRPC-26] the line ${line.trim()} is read and written`, () => {
    const handshake = parseLine(line, expect, grammar);
    assert.equal(handshake.address, "/tmp/p");
    assert.equal(handshake.protocol, "packer");
    assert.equal(formatLine(handshake, grammar), line);
    assert.throws(() => parseLine(line.replace("5", "4"), expect, grammar), {
      code: "app-version",
    });
    assert.throws(() => parseLine("5|unix", expect, grammar), { code: "unrecognized" });
  });
}

test("[NETRPC-26] a provisioner works through a communicator: streams, exit codes, Cancel", async (t) => {
  const { peer, rpc, ...running } = await launchPacker(await started("provisioner"), SDK_LINE);
  t.after(() => running[Symbol.asyncDispose]());
  const calls = caller(rpc, "Provisioner", provisioner);
  const ui = recordingUi();
  const run = () => {
    const StreamID = peer.nextId();
    peer.serve(StreamID, ui.with({ Communicator: localCommunicator(peer) })).catch(() => {});
    return calls.Provision({ GeneratedData: {}, StreamID });
  };
  const path = join(scratchDirectory(t), "content");
  const content = "x".repeat(500_000);
  await calls.Prepare({ Configs: [config({ path, content, inline: ["wc -c", "echo no >&2"] })] });
  assert.equal(await run(), null);
  assert.equal(readFileSync(path, "utf8"), content);
  assert.deepEqual(ui.said.splice(0).slice(2), ["500000", "no"]);

  await calls.Prepare({ Configs: [config({ path, inline: ["exit 4"] })] });
  await assert.rejects(run(), { message: "goplug: exit code 4 of exit 4" });
  await assert.rejects(calls.Prepare({ Configs: [] }), { message: "goplug: path is required" });

  // The command ends when the file exists.
  const gate = join(scratchDirectory(t), "gate");
  const wait = `echo waits; until test -e ${gate}; do sleep 0.05; done`;
  await calls.Prepare({ Configs: [config({ path, inline: [wait] })] });
  const isReady = ui.says("read back:");
  const pending = assert.rejects(run(), { message: "goplug: provisioning was cancelled" });
  await Promise.race([isReady, pending]);
  await calls.Cancel();
  await pending;
  writeFileSync(gate, "");
});

test("[NETRPC-26] a post-processor reads one artifact and serves another", async (t) => {
  const { peer, rpc, ...running } = await launchPacker(await started("post-processor"), SDK_LINE);
  t.after(() => running[Symbol.asyncDispose]());
  const calls = caller(rpc, "PostProcessor", postProcessor);
  const output = join(scratchDirectory(t), "artifact.json");
  await assert.rejects(calls.Configure({ Configs: [] }), { message: "goplug: output is required" });
  // From an HCL2 template: a cty value as JSON, in bytes.
  const cty = JSON.stringify({ value: { output, other: null }, type: "dynamic" });
  await calls.Configure({ Configs: [Buffer.from(cty)] });
  const id = peer.nextId();
  const facts = { builder: "b", id: "i", text: "an artifact", files: ["f", "g"] };
  const ours = service(artifact, {
    BuilderId: () => facts.builder,
    Files: () => facts.files,
    Id: () => facts.id,
    String: () => facts.text,
    State: () => null,
    Destroy: () => undefined,
  });
  peer.serve(id, recordingUi().with({ Artifact: ours })).catch(() => {});
  const { Err, Keep, StreamId } = await calls.PostProcess(id);
  assert.deepEqual([Err, Keep], [undefined, true]);
  assert.deepEqual(JSON.parse(readFileSync(output, "utf8")), facts);
  const result = caller(await peer.dial(StreamId), "Artifact", artifact);
  assert.deepEqual(await result.Files(), [output]);
  assert.equal(await result.String(), `goplug: ${output}`);
});

test("[NETRPC-26] a plugin that is started by hand says so and ends", async () => {
  const [plugin = "", ...args] = await started("provisioner");
  const { status, stderr } = spawnSync(plugin, args, { encoding: "utf8" });
  assert.equal(status, 1);
  assert.match(stderr, /^This binary is a plugin/);
});
