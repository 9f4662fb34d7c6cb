import { caller, type Service, service } from "goplug/netrpc";
import { encodeConfigSpec, mergeConfigs } from "./config.js";
import { provisioner, ui } from "./contract.js";
import type { PackerPeer } from "./peer.js";
import { RemoteCommunicator } from "./remote-communicator.js";

/**
 * A provisioner for real Packer builds. It writes `content` to `path` on the machine, reads it back, and runs the
 * commands of `inline` there, with `content` as their stdin.
 */
interface Config {
  readonly path?: string;
  readonly content?: string;
  readonly inline?: readonly string[];
}

export function provisionerService(peer: PackerPeer): Service {
  let config: Config = {};
  const cancelled = new AbortController();
  return service(provisioner, {
    ConfigSpec: () => ({
      ConfigSpec: encodeConfigSpec({
        path: { type: "string", isRequired: true },
        content: { type: "string" },
        inline: { type: { list: "string" } },
      }),
    }),
    Prepare: ({ Configs }) => {
      config = mergeConfigs(Configs);
      if (typeof config.path !== "string") throw new Error("goplug: path is required");
      return null;
    },
    // The call is answered when everything is done. A Cancel may arrive on the same stream before that.
    Provision: async ({ StreamID }) => {
      const rpc = await peer.dial(StreamID);
      try {
        const gone = new Promise<never>((_, reject) => {
          const fail = () => reject(new Error("goplug: provisioning was cancelled"));
          cancelled.signal.addEventListener("abort", fail, { once: true });
        });
        await Promise.race([gone, provision(peer, rpc, config)]);
      } finally {
        await rpc.close();
      }
      return null;
    },
    Cancel: () => {
      cancelled.abort();
      return null;
    },
  });
}

async function provision(
  peer: PackerPeer,
  rpc: Awaited<ReturnType<PackerPeer["dial"]>>,
  { path = "", content = "", inline = [] }: Config,
): Promise<void> {
  const { Say, Message, Error: Complain } = caller(rpc, "Ui", ui);
  const machine = new RemoteCommunicator(peer, rpc);
  await Say(`goplug: provisioning ${path}`);
  await machine.upload(path, Buffer.from(content));
  const back = await machine.download(path);
  await Message(`read back: ${Buffer.from(back).toString()}`);
  for (const command of inline) {
    const { exitCode, stdout, stderr } = await machine.run(command, content);
    if (stdout !== "") await Message(stdout.trimEnd());
    if (stderr !== "") await Complain(stderr.trimEnd());
    if (exitCode !== 0) throw new Error(`goplug: exit code ${exitCode} of ${command}`);
  }
}
