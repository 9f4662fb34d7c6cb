import { serve } from "goplug";
import type { Service } from "goplug/netrpc";
import { handshake, PACKER_LINE, SDK_LINE } from "./contract.js";
import { MAIN_ID, PackerPeer } from "./peer.js";

/**
 * Serves one kind of plugin to Packer, which ends the plugin with SIGKILL. A Packer with packer-plugin-sdk starts it as
 * `PLUGIN start KIND NAME` and expects another handshake line than older versions.
 */
export function servePacker(name: string, service: (peer: PackerPeer) => Service): Promise<void> {
  return serve({
    handshake: { ...handshake, line: process.argv[2] === "start" ? SDK_LINE : PACKER_LINE },
    // Packer connects once. SIGKILL would leave the socket's file behind.
    maxConnections: 1,
    serveConn: async (conn) => {
      const peer = PackerPeer.plugin(conn);
      await peer.serve(MAIN_ID, { [name]: service(peer) });
      await peer.close();
    },
  });
}
