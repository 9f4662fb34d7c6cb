/** packer-plugin-sdk, which later Packers are made of, on the other side. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { caller } from "goplug/netrpc";
import { provisioner, SDK_LINE } from "../../examples/packer/contract.js";
import { launchPacker } from "../../examples/packer/launch.js";
import { localCommunicator } from "../../examples/packer/local-communicator.js";
import { goTest, packerSdkBinary, runGo } from "../helpers/go.js";
import { config, recordingUi } from "../helpers/packer.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { tsPlugin } from "../helpers/ts-plugin.js";

goTest("[NETRPC-26] describe has the fields of the SDK's, without protobuf", async () => {
  const describe = (program: string): Record<string, unknown> =>
    JSON.parse(execFileSync(program, ["describe"], { encoding: "utf8" }));
  const { protocol_version: _, ...go } = describe(await packerSdkBinary());
  const ours = describe(await tsPlugin("examples/packer/plugin.ts"));
  assert.deepEqual(Object.keys(ours).sort(), Object.keys(go).sort());
  assert.deepEqual([ours.sdk_version, ours.api_version], [go.sdk_version, go.api_version]);
  assert.deepEqual(ours.datasources, go.datasources);
});

goTest("[NETRPC-26] a plugin of the SDK is driven by our host, and cancelled", async (t) => {
  const command = [await packerSdkBinary(), "start", "provisioner", "go"];
  const { peer, rpc, ...plugin } = await launchPacker(command, SDK_LINE);
  t.after(() => plugin[Symbol.asyncDispose]());
  const calls = caller(rpc, "Provisioner", provisioner);
  const ui = recordingUi();
  const run = () => {
    const StreamID = peer.nextId();
    peer.serve(StreamID, ui.with({ Communicator: localCommunicator(peer) })).catch(() => {});
    return calls.Provision({ GeneratedData: { key: "value" }, StreamID });
  };
  const path = join(scratchDirectory(t), "content");
  await assert.rejects(calls.Prepare({ Configs: [] }), { message: "path is required" });
  await calls.Prepare({ Configs: [config({ path })] });
  assert.equal(await run(), null);
  assert.deepEqual(ui.said, [
    "data value",
    "same true",
    "exit 3, 500000, error",
    "asked answer to who? <nil>",
  ]);

  await calls.Prepare({ Configs: [config({ path, wait: true })] });
  const isReady = ui.says("waiting");
  const waiting = assert.rejects(run(), { name: "ServerError", message: "was cancelled" });
  await Promise.race([isReady, waiting]);
  await calls.Cancel();
  await waiting;
});

goTest("[NETRPC-26] the SDK as a host drives our plugin, and cancels it", async (t) => {
  const plugin = await tsPlugin("examples/packer/plugin.ts");
  const args = ["host", plugin, "start", "provisioner", "goplug"];
  const { steps, code, stderr } = await runGo(t, await packerSdkBinary(), args);
  assert.equal(code, 0, stderr);
  const attribute = (name: string, type: string, isRequired: boolean) =>
    `&hcldec.AttrSpec{Name:"${name}", Type:cty.${type}, Required:${isRequired}}`;
  const path = join(process.env.TMPDIR ?? "", "provisioned");
  assert.deepEqual(steps, [
    { step: "line", value: "5|0|unix" },
    {
      step: "spec",
      value: {
        path: attribute("path", "String", true),
        content: attribute("content", "String", false),
        inline: attribute("inline", "List(cty.String)", false),
      },
    },
    { step: "prepare without path", error: "goplug: path is required" },
    { step: "prepare", value: null },
    { step: "say", value: `goplug: provisioning ${path}` },
    { step: "message", value: "read back: from Go" },
    { step: "message", value: "from Go" },
    { step: "provision", error: "goplug: exit code 4 of exit 4" },
    { step: "uploaded", value: "from Go" },
    { step: "prepare to wait", value: null },
    { step: "say", value: `goplug: provisioning ${path}` },
    { step: "message", value: "read back: " },
    { step: "cancel", error: "goplug: provisioning was cancelled" },
  ]);
});
