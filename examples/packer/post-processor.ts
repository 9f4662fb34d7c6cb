import { writeFile } from "node:fs/promises";
import { caller, type RpcClient, type Service, service } from "goplug/netrpc";
import { serveFile } from "./builder.js";
import { encodeConfigSpec, mergeConfigs } from "./config.js";
import { artifact, postProcessor, ui } from "./contract.js";
import type { PackerPeer } from "./peer.js";

/** A post-processor for real Packer builds. It writes the facts about the artifact to the file `output`. */
export function postProcessorService(peer: PackerPeer): Service {
  let output = "";
  return service(postProcessor, {
    ConfigSpec: () => ({
      ConfigSpec: encodeConfigSpec({ output: { type: "string", isRequired: true } }),
    }),
    Configure: ({ Configs }) => {
      const config = mergeConfigs(Configs);
      if (typeof config.output !== "string") throw new Error("goplug: output is required");
      output = config.output;
      return null;
    },
    PostProcess: async (streamId) => {
      const rpc = await peer.dial(streamId);
      try {
        await writeFacts(rpc, output);
      } finally {
        await rpc.close();
      }
      return { Keep: true, StreamId: serveFile(peer, output) };
    },
    Cancel: () => null,
  });
}

async function writeFacts(rpc: RpcClient, output: string): Promise<void> {
  const { BuilderId, Files, Id, String: describe } = caller(rpc, "Artifact", artifact);
  const { Say } = caller(rpc, "Ui", ui);
  const facts = {
    builder: await BuilderId(),
    id: await Id(),
    text: await describe(),
    files: await Files(),
  };
  await writeFile(output, JSON.stringify(facts));
  await Say(`goplug: wrote ${output}`);
}
