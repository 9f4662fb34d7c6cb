/** Our host and the plugins that are built into an unmodified Packer. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gob } from "goplug";
import { caller, service } from "goplug/netrpc";
import {
  artifact,
  builder,
  commandFinished,
  communicator,
  HOOK_PROVISION,
  hook,
  postProcessor,
  provisioner,
} from "../../examples/packer/contract.js";
import { launchBuiltIn } from "../../examples/packer/launch.js";
import { localCommunicator } from "../../examples/packer/local-communicator.js";
import { RemoteCommunicator } from "../../examples/packer/remote-communicator.js";
import { config, recordingUi } from "../helpers/packer.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { machine } from "./helpers.js";

async function launch(t: TestContext, name: string) {
  const plugin = await launchBuiltIn("packer", name);
  t.after(() => plugin[Symbol.asyncDispose]());
  return plugin;
}

/** A built-in provisioner with this machine to work on. */
async function provision(t: TestContext, name: string) {
  const { peer, rpc } = await launch(t, name);
  const calls = caller(rpc, "Provisioner", provisioner);
  const ui = recordingUi();
  return {
    calls,
    said: ui.said,
    steps: ui.steps,
    run: (GeneratedData: Record<string, string> = {}) => {
      const StreamID = peer.nextId();
      peer.serve(StreamID, ui.with({ Communicator: localCommunicator(peer) })).catch(() => {});
      return calls.Provision({ GeneratedData, StreamID });
    },
  };
}

test("[NETRPC-26] the shell provisioner runs commands through our communicator", async (t) => {
  const { calls, run, said } = await provision(t, "packer-provisioner-shell");
  const inline = ["echo out of $WHERE", "echo err >&2", "seq 1 20000 | tail -1"];
  await calls.Prepare({ Configs: [config({ inline, environment_vars: ["WHERE=goplug"] })] });
  assert.equal(await run(), null);
  const lines = said.join("\n").split("\n");
  for (const line of ["out of goplug", "err", "20000"])
    assert.ok(lines.includes(line), said.join("\n"));
});

test("[NETRPC-26] an exit code and a refused config are errors", async (t) => {
  const { calls, run } = await provision(t, "packer-provisioner-shell");
  await assert.rejects(calls.Prepare({ Configs: [config({})] }), {
    name: "ServerError",
    message: /Either a script file or inline script must be specified/,
  });
  await calls.Prepare({ Configs: [config({ inline: ["exit 3"] })] });
  await assert.rejects(run(), {
    name: "ServerError",
    message: /^Script exited with non-zero exit status: 3\. ?Allowed exit codes are: \[0\]$/,
  });
});

test("[NETRPC-26] Cancel ends a call that is pending on the same stream", async (t) => {
  const { peer, rpc } = await launch(t, "packer-provisioner-shell");
  const calls = caller(rpc, "Provisioner", provisioner);
  await calls.Prepare({ Configs: [config({ inline: ["true"] })] });
  const StreamID = peer.nextId();
  let started = () => {};
  const running = new Promise<void>((resolve) => {
    started = resolve;
  });
  // The script never ends; what goes before and after it does.
  const machine = service(communicator, {
    Start: async ({ Command, ResponseStreamId }) => {
      const response = await peer.dialRaw(ResponseStreamId);
      if (Command.startsWith("chmod +x")) started();
      else response.end(gob.encodeGob(commandFinished, { ExitStatus: 0 })).resume();
      return null;
    },
    Upload: async ({ ReaderStreamId }) => {
      const reader = await peer.dialRaw(ReaderStreamId);
      reader.end();
      for await (const _ of reader);
      return null;
    },
    Download: () => null,
    UploadDir: () => undefined,
    DownloadDir: () => undefined,
  });
  peer.serve(StreamID, recordingUi().with({ Communicator: machine })).catch(() => {});
  const provisioned = calls.Provision({ GeneratedData: {}, StreamID });
  const cancelled = assert.rejects(provisioned, { name: "ServerError", message: /canceled/ });
  await Promise.race([running, cancelled]);
  await calls.Cancel();
  await cancelled;
});

for (const direction of ["upload", "download"]) {
  test(`[NETRPC-26] the file provisioner: ${direction} of a megabyte`, async (t) => {
    const path = scratchDirectory(t);
    const [source, destination] = [join(path, "from"), join(path, "to")];
    const content = Buffer.alloc(1_000_000, "0123456789abcdef-");
    writeFileSync(source, content);
    const { calls, run } = await provision(t, "packer-provisioner-file");
    await calls.Prepare({ Configs: [config({ source, destination, direction })] });
    await run();
    assert.ok(readFileSync(destination).equals(content));
  });
}

test("[NETRPC-26] an upload of the file provisioner moves a progress bar in our Ui", async (t) => {
  const path = scratchDirectory(t);
  const [source, destination] = [join(path, "from"), join(path, "to")];
  writeFileSync(source, Buffer.alloc(1_000_000));
  const { calls, run, steps } = await provision(t, "packer-provisioner-file");
  await calls.Prepare({ Configs: [config({ source, destination })] });
  await run();
  assert.match(steps.at(-1) ?? "", /from 1000000\/1000000$/);
});

/** Runs a built-in builder with our hook. Returns its artifact, if it makes one. */
async function build(
  t: TestContext,
  name: string,
  settings: Parameters<typeof config>[0],
  onHook: (name: string, machine: RemoteCommunicator) => Promise<void> = async () => {},
) {
  const { peer, rpc } = await launch(t, name);
  const calls = caller(rpc, "Builder", builder);
  const prepared = await calls.Prepare({ Configs: [config(settings)] });
  assert.equal(prepared.Error, undefined);
  const id = peer.nextId();
  const ours = service(hook, {
    Run: async ({ Name, StreamId }) => {
      const rpc = await peer.dial(StreamId);
      await onHook(Name, new RemoteCommunicator(peer, rpc));
      await rpc.close();
      return null;
    },
    Cancel: () => null,
  });
  const ui = recordingUi();
  peer.serve(id, ui.with({ Hook: ours })).catch(() => {});
  const artifactId = await calls.Run(id);
  return caller(await peer.dial(artifactId), "Artifact", artifact);
}

test("[NETRPC-26] the file builder makes a file, and its artifact destroys it", async (t) => {
  const target = join(scratchDirectory(t), "made");
  const made = await build(t, "packer-builder-file", { content: "by Packer", target });
  assert.deepEqual(await made.Files(), [target]);
  assert.equal(readFileSync(target, "utf8"), "by Packer");
  assert.equal(await made.Destroy(), undefined);
  assert.equal(existsSync(target), false);
});

test("[NETRPC-26] the null builder runs our hook with its machine", async (t) => {
  const path = join(scratchDirectory(t), "file");
  writeFileSync(path, "over ssh");
  const { builder: settings } = await machine(t);
  const { type: _, ...ssh } = settings;
  const hooks: string[] = [];
  let downloaded = "";
  const made = await build(t, "packer-builder-null", ssh, async (name, rpc) => {
    hooks.push(name);
    downloaded = Buffer.from(await rpc.download(path)).toString();
  });
  assert.deepEqual(hooks, [HOOK_PROVISION]);
  assert.equal(downloaded, "over ssh");
  assert.equal(await made.Id(), "Null");
});

test("[NETRPC-26] the checksum post-processor takes our artifact and gives another", async (t) => {
  const path = scratchDirectory(t);
  const file = join(path, "image");
  writeFileSync(file, "hello\n");
  const { peer, rpc } = await launch(t, "packer-post-processor-checksum");
  const calls = caller(rpc, "PostProcessor", postProcessor);
  const output = join(path, "sum_{{.ChecksumType}}");
  const types = { checksum_types: ["sha256"], output };
  await calls.Configure({
    Configs: [config(types), config({ packer_build_name: "x", packer_builder_type: "x" })],
  });
  const id = peer.nextId();
  const ours = service(artifact, {
    BuilderId: () => "goplug",
    Files: () => [file],
    Id: () => "image",
    String: () => "one file",
    State: () => null,
    Destroy: () => undefined,
  });
  peer.serve(id, recordingUi().with({ Artifact: ours })).catch(() => {});
  const { Err, StreamId } = await calls.PostProcess(id);
  assert.equal(Err, undefined);
  const result = caller(await peer.dial(StreamId), "Artifact", artifact);
  assert.deepEqual(await result.Files(), [file, join(path, "sum_sha256")]);
  const sum = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
  assert.equal(readFileSync(join(path, "sum_sha256"), "utf8").split("\t")[0], sum);
});

test("[NETRPC-26] the ConfigSpec of a built-in plugin is gob in gob in gob", async (t) => {
  const { calls } = await provision(t, "packer-provisioner-shell");
  const { ConfigSpec } = await calls.ConfigSpec();
  const registry = new gob.Registry();
  const type = gob.opaque("cty.Type");
  const attribute = gob.struct("AttrSpec", {
    Name: gob.string(),
    Type: type,
    Required: gob.bool(),
  });
  registry.register("*hcldec.AttrSpec", attribute);
  const spec = gob.decodeGob(gob.record(gob.any()), ConfigSpec, { registry });
  const inline = spec.inline as { Name: string; Type: Uint8Array; Required: boolean };
  assert.equal(inline.Name, "inline");
  assert.equal(inline.Required, false);
  assert.match(gob.inspect(inline.Type), /typeList/);
});
