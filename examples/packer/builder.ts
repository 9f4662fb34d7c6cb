import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { gob } from "goplug";
import { caller, type RpcClient, type Service, service } from "goplug/netrpc";
import { encodeConfigSpec, mergeConfigs } from "./config.js";
import { artifact, builder, HOOK_PROVISION, hook, ui } from "./contract.js";
import { localCommunicator } from "./local-communicator.js";
import type { PackerPeer } from "./peer.js";
import { relayedUi, trackProgress } from "./ui.js";

/**
 * A builder for real Packer builds. Its machine is this computer. It writes `content` to the file `output`, lets Packer
 * run the provisioners of the template, and gives the file as its artifact.
 */
interface Config {
  readonly output: string;
  readonly content?: string;
}

export function builderService(peer: PackerPeer): Service {
  let config: Config | undefined;
  let hooks: { Cancel(): Promise<unknown> } | undefined;
  const cancelled = new AbortController();
  return service(builder, {
    ConfigSpec: () => ({
      ConfigSpec: encodeConfigSpec({
        output: { type: "string", isRequired: true },
        content: { type: "string" },
      }),
    }),
    Prepare: ({ Configs }) => {
      const merged = mergeConfigs(Configs);
      if (typeof merged.output !== "string") return refused("goplug: output is required");
      config = merged as unknown as Config;
      return { GeneratedVars: ["GoplugOutput"] };
    },
    Run: async (streamId) => {
      if (config === undefined) throw new Error("goplug: Run before Prepare");
      const rpc = await peer.dial(streamId);
      hooks = caller(rpc, "Hook", hook);
      try {
        await build(peer, rpc, config, cancelled.signal);
      } finally {
        hooks = undefined;
        await rpc.close();
      }
      return serveFile(peer, config.output);
    },
    Cancel: async () => {
      cancelled.abort(new Error("goplug: the build was cancelled"));
      await hooks?.Cancel();
      return null;
    },
  });
}

const refused = (Message: string) => ({ Error: { Message } });

async function build(
  peer: PackerPeer,
  rpc: RpcClient,
  { output, content = "" }: Config,
  signal: AbortSignal,
): Promise<void> {
  const { Say } = caller(rpc, "Ui", ui);
  const { Run } = caller(rpc, "Hook", hook);
  await Say(`goplug: building ${output}`);
  const size = Buffer.byteLength(content);
  const bar = await trackProgress(rpc, output, size);
  await mkdir(dirname(output), { recursive: true });
  await writeFile(output, content);
  await bar.add(size);
  await bar.close();
  signal.throwIfAborted();

  // Packer dials this stream while it runs the provisioners, and closes it after that.
  const id = peer.nextId();
  const machine = localCommunicator(peer);
  peer
    .serve(id, (register) => ({ Communicator: machine, Ui: relayedUi(rpc, register) }))
    .catch(() => {});
  const text = (value: string) => gob.value(gob.string(), value);
  await Run({
    Name: HOOK_PROVISION,
    Data: gob.value(gob.record(gob.any()), {
      ID: text(output),
      ConnType: text("none"),
      GoplugOutput: text(output),
    }),
    StreamId: id,
  });
  signal.throwIfAborted();
}

/** Serves an artifact that is one file. Packer dials it after it has read our answer. */
export function serveFile(peer: PackerPeer, path: string): number {
  const id = peer.nextId();
  const file = service(artifact, {
    BuilderId: () => "goplug",
    Files: () => [path],
    Id: () => path,
    String: () => `goplug: ${path}`,
    State: () => null,
    Destroy: async () => {
      try {
        await rm(path);
        return undefined;
      } catch (error) {
        return { Message: (error as Error).message };
      }
    },
  });
  peer.serve(id, { Artifact: file }).catch(() => {});
  return id;
}
