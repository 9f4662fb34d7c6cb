import { once } from "node:events";
import { connect } from "node:net";
import { Writable } from "node:stream";
import { Client, type LineGrammar } from "goplug";
import type { RpcClient } from "goplug/netrpc";
import { handshake, PACKER_LINE } from "./contract.js";
import { MAIN_ID, PackerPeer } from "./peer.js";

/** A running Packer plugin: calls on its main stream, and further streams. */
export interface PackerPlugin extends AsyncDisposable {
  readonly peer: PackerPeer;
  readonly rpc: RpcClient;
  /** Everything that it has logged. */
  log(): string;
}

/**
 * Starts a plugin as Packer does. The command of a built-in one is `["packer", "plugin", "packer-provisioner-shell"]`.
 * Disposing it sends SIGKILL, because the protocol has no other way to end a plugin.
 *
 * @throws PluginError - what `Client.start` says about a plugin that does not come up.
 */
export async function launchPacker(
  command: readonly string[],
  line: LineGrammar = PACKER_LINE,
): Promise<PackerPlugin> {
  let log = "";
  const stderr = new Writable({
    write(chunk, _encoding, done) {
      log += chunk;
      done();
    },
  });
  const client = new Client({ handshake: { ...handshake, line }, plugins: {}, command, stderr });
  try {
    const { address } = await client.start();
    const socket = connect(address);
    await once(socket, "connect");
    const peer = PackerPeer.host(socket);
    const rpc = await peer.dial(MAIN_ID);
    const dispose = async () => {
      await peer.close();
      await client.kill();
    };
    return { peer, rpc, log: () => log, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await client.kill();
    throw error;
  }
}
