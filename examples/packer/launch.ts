import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { type LineGrammar, parseLine } from "goplug";
import type { RpcClient } from "goplug/netrpc";
import { API_VERSION, cookie, PACKER_LINE } from "./contract.js";
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
 */
export async function launchPacker(
  [program = "", ...args]: readonly string[],
  grammar: LineGrammar = PACKER_LINE,
): Promise<PackerPlugin> {
  const env = { ...process.env, [cookie.magicCookieKey]: cookie.magicCookieValue };
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (chunk) => {
    log += chunk;
  });
  const exited = new Promise((resolve) => {
    child.once("error", resolve).once("exit", resolve);
  });
  const kill = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  try {
    const lines = createInterface({ input: child.stdout });
    const line = await Promise.race([once(lines, "line"), exited.then(() => undefined)]);
    if (line === undefined) throw new Error(`${program} ended before its handshake\n${log}`);
    const expect = { appVersions: [API_VERSION], allowedProtocols: ["netrpc"] };
    const { address } = parseLine(String(line[0]), expect, grammar);
    const socket = connect(address);
    await once(socket, "connect");
    const peer = PackerPeer.host(socket);
    const rpc = await peer.dial(MAIN_ID);
    const dispose = async () => {
      await peer.close();
      await kill();
    };
    return { peer, rpc, log: () => log, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await kill();
    throw error;
  }
}
