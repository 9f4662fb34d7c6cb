/** The builder of the Packer example under our own host: hook, progress bar, artifact, and what `describe` prints. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { caller, type RpcClient, service } from "goplug/netrpc";
import {
  artifact,
  builder,
  HOOK_PROVISION,
  handshake,
  hook,
  SDK_LINE,
  ui,
} from "../../examples/packer/contract.js";
import { launchPacker } from "../../examples/packer/launch.js";
import type { PackerPeer } from "../../examples/packer/peer.js";
import { RemoteCommunicator } from "../../examples/packer/remote-communicator.js";
import { trackProgress } from "../../examples/packer/ui.js";
import { config, recordingUi } from "../helpers/packer.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { tsPlugin } from "../helpers/ts-plugin.js";

/** What the host does when the builder runs its hook. */
type Provision = (machine: RpcClient, peer: PackerPeer) => Promise<void>;

async function launchBuilder(t: TestContext) {
  const command = [await tsPlugin("examples/packer/plugin.ts"), "start", "builder", "goplug"];
  const { peer, rpc, ...running } = await launchPacker(command, SDK_LINE);
  t.after(() => running[Symbol.asyncDispose]());
  const calls = caller(rpc, "Builder", builder);
  const recording = recordingUi();
  const names: string[] = [];
  let isCancelled = false;
  /** Serves hook and Ui for one build. */
  const run = (provision: Provision) => {
    const id = peer.nextId();
    const ours = service(hook, {
      Run: async ({ Name, Data, StreamId }) => {
        const facts = Data as ReadonlyMap<string, string>;
        names.push(Name, facts.get("ID") ?? "");
        const machine = await peer.dial(StreamId);
        await provision(machine, peer);
        await machine.close();
        return null;
      },
      Cancel: () => {
        isCancelled = true;
        return null;
      },
    });
    peer.serve(id, recording.with({ Hook: ours })).catch(() => {});
    return calls.Run(id);
  };
  return { peer, calls, run, names, recording, isCancelled: () => isCancelled };
}

test("[NETRPC-26] a builder shows its progress, runs the hook on its machine, and gives an artifact that can be destroyed", async (t) => {
  const { peer, calls, run, names, recording } = await launchBuilder(t);
  const output = join(scratchDirectory(t), "images/disk");
  const refused = await calls.Prepare({ Configs: [config({ content: "x" })] });
  assert.equal(refused.Error?.Message, "goplug: output is required");
  const ready = await calls.Prepare({ Configs: [config({ output, content: "mädé" })] });
  assert.deepEqual([ready.GeneratedVars, ready.Error], [["GoplugOutput"], undefined]);

  const id = await run(async (machine, at) => {
    const remote = new RemoteCommunicator(at, machine);
    assert.equal((await remote.run(`echo provisioned >> ${output}`)).exitCode, 0);
    await caller(machine, "Ui", ui).Say("from the provisioner");
    const bar = await trackProgress(machine, "upload", 10);
    await bar.add(7);
    await bar.close();
  });
  assert.deepEqual(names, [HOOK_PROVISION, output]);
  assert.deepEqual(recording.said, [`goplug: building ${output}`, "from the provisioner"]);
  assert.deepEqual(recording.steps, [`${output} 6/6`, "upload 7/10"]);

  const made = caller(await peer.dial(id), "Artifact", artifact);
  assert.deepEqual(await made.Files(), [output]);
  assert.equal(readFileSync(output, "utf8"), "mädéprovisioned\n");
  assert.equal(await made.Destroy(), undefined);
  assert.equal(existsSync(output), false);
  assert.match((await made.Destroy())?.Message ?? "", /ENOENT/);
});

test("[NETRPC-26] Cancel of a builder cancels the hook that it runs", async (t) => {
  const { calls, run, isCancelled } = await launchBuilder(t);
  const output = join(scratchDirectory(t), "disk");
  await calls.Prepare({ Configs: [config({ output })] });
  await assert.rejects(
    run(async () => void (await calls.Cancel())),
    { message: "goplug: the build was cancelled" },
  );
  assert.equal(isCancelled(), true);
});

test("[NETRPC-26] a builder that is cancelled before its hook does not run it", async (t) => {
  const { calls, run, names } = await launchBuilder(t);
  await calls.Prepare({ Configs: [config({ output: join(scratchDirectory(t), "disk") })] });
  await calls.Cancel();
  const built = run(async () => {});
  await assert.rejects(built, { message: "goplug: the build was cancelled" });
  assert.deepEqual(names, []);
});

test("[NETRPC-26] describe tells Packer 1.7 what there is", async () => {
  const plugin = await tsPlugin("examples/packer/plugin.ts");
  const described = JSON.parse(execFileSync(plugin, ["describe"], { encoding: "utf8" }));
  const one = ["-packer-default-plugin-name-"];
  assert.deepEqual(described, {
    version: "0.1.0",
    sdk_version: "0.6.0",
    api_version: "x5.0",
    builders: one,
    provisioners: one,
    post_processors: one,
    datasources: [],
  });
});

test("a kind of plugin that there is not is refused", async () => {
  const plugin = await tsPlugin("examples/packer/plugin.ts");
  const { magicCookieKey, magicCookieValue } = handshake;
  const { status, stderr } = spawnSync(plugin, ["start", "datasource", "goplug"], {
    encoding: "utf8",
    env: { ...process.env, [magicCookieKey]: magicCookieValue },
  });
  assert.equal(status, 1);
  assert.equal(stderr, "Unknown plugin type: datasource\n");
});
