import { basename } from "node:path";
import { serve } from "goplug";
import type { Service } from "goplug/netrpc";
import { handshake, PACKER_LINE, SDK_LINE } from "./contract.js";
import { MAIN_ID, PackerPeer } from "./peer.js";

/** The name of a component that a template calls by the name of its plugin alone. */
const DEFAULT_NAME = "-packer-default-plugin-name-";

/** The service of each kind of plugin. */
const SERVICES = {
  builder: "Builder",
  provisioner: "Provisioner",
  "post-processor": "PostProcessor",
} as const;
type Kind = keyof typeof SERVICES;

/** What a program serves: at most one plugin of each kind. */
export type PackerSet = { readonly version: string } & {
  readonly [K in Kind]?: (peer: PackerPeer) => Service;
};

/**
 * Does what Packer asks for on the command line. From 1.7 on it runs `packer-plugin-NAME describe`, and then
 * `packer-plugin-NAME start KIND NAME`. Older versions run `packer-KIND-NAME` without arguments.
 */
export function servePacker(set: PackerSet): void {
  const [command, kind] = process.argv.slice(2);
  if (command === "describe") console.log(JSON.stringify(describe(set)));
  else if (command === "start") serveKind(set, kind, true);
  else
    serveKind(set, /^packer-([a-z-]+?)-[^-]+$/.exec(basename(process.argv[1] ?? ""))?.[1], false);
}

/** Without `protocol_version`, which means that config specs are gob and not protobuf. */
function describe({ version, ...set }: PackerSet) {
  const names = (kind: Kind) => (set[kind] === undefined ? [] : [DEFAULT_NAME]);
  return {
    version,
    sdk_version: "0.6.0",
    api_version: "x5.0",
    builders: names("builder"),
    post_processors: names("post-processor"),
    provisioners: names("provisioner"),
    datasources: [],
  };
}

/** Packer with packer-plugin-sdk expects another handshake line than older versions. */
function serveKind(set: PackerSet, kind: string | undefined, isSdk: boolean): void {
  const service = Object.hasOwn(SERVICES, kind ?? "") ? set[kind as Kind] : undefined;
  const isStartedByPacker = process.env[handshake.magicCookieKey] === handshake.magicCookieValue;
  // To somebody who starts it by hand, `serve` says what the program is.
  if (service === undefined && isStartedByPacker) {
    console.error(`Unknown plugin type: ${kind}`);
    process.exitCode = 1;
    return;
  }
  serve({
    handshake: { ...handshake, line: isSdk ? SDK_LINE : PACKER_LINE },
    // Packer connects once. It ends the plugin with SIGKILL, which would leave the socket's file behind.
    maxConnections: 1,
    serveConn: async (conn) => {
      const peer = PackerPeer.plugin(conn);
      if (service !== undefined) {
        await peer.serve(MAIN_ID, { [SERVICES[kind as Kind]]: service(peer) });
      }
      await peer.close();
    },
  });
}
