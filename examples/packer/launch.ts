import { execFile } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { Writable } from "node:stream";
import { promisify } from "node:util";
import { Client, type LineGrammar } from "goplug";
import type { RpcClient } from "goplug/netrpc";
import { handshake, PACKER_LINE, SDK_LINE } from "./contract.js";
import { MAIN_ID, PackerPeer } from "./peer.js";

/** A running Packer plugin: calls on its main stream, and further streams. */
export interface PackerPlugin extends AsyncDisposable {
  readonly peer: PackerPeer;
  readonly rpc: RpcClient;
  /** Everything that it has logged. */
  log(): string;
}

/**
 * Starts a plugin as Packer does. Disposing it sends SIGKILL, because the protocol has no other way to end a plugin.
 *
 * @throws PluginError - what `Client.start` says about a plugin that does not come up.
 */
export async function launchPacker(
  command: readonly string[],
  line: LineGrammar,
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

/**
 * Starts a plugin that is built into Packer.
 *
 * @param name - `packer-provisioner-shell`.
 */
export async function launchBuiltIn(packer: string, name: string): Promise<PackerPlugin> {
  const minor = await minorVersion(packer);
  const command = [packer, minor < 11 ? "plugin" : "execute", name];
  return launchPacker(command, minor < 7 ? PACKER_LINE : SDK_LINE);
}

/** The 6 of Packer 1.6.2. */
export async function minorVersion(packer: string): Promise<number> {
  // Packer would ask a server for news first.
  const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
  const { stdout } = await promisify(execFile)(packer, ["version"], { env });
  const [, minor] = /v1\.(\d+)\./.exec(stdout) ?? [];
  if (minor === undefined) throw new Error(`not a Packer 1: ${packer} (version: ${stdout.trim()})`);
  return Number(minor);
}
