import { rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkCookie, formatLine } from "goplug";
import type { Service } from "goplug/netrpc";
import { API_VERSION, cookie, PACKER_LINE, SDK_LINE } from "./contract.js";
import { MAIN_ID, PackerPeer } from "./peer.js";

/**
 * Serves one kind of plugin to Packer, which ends the plugin with SIGKILL. A Packer with packer-plugin-sdk starts it as
 * `PLUGIN start KIND NAME` and expects another handshake line than older versions.
 */
export function servePacker(name: string, service: (peer: PackerPeer) => Service): void {
  const grammar = process.argv[2] === "start" ? SDK_LINE : PACKER_LINE;
  if (checkCookie(process.env, cookie) !== undefined) {
    console.error("Please do not execute plugins directly. Packer will execute these for you.");
    process.exitCode = 1;
    return;
  }
  // Packer ends the plugin after the build. An interrupt from the terminal is for Packer alone.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});
  const address = join(tmpdir(), `packer-goplug-${process.pid}`);
  const listener = createServer((socket: Socket) => {
    listener.close();
    const peer = PackerPeer.plugin(socket);
    void peer.closed.then(() => process.exit());
    void peer.serve(MAIN_ID, { [name]: service(peer) });
  });
  // SIGKILL runs no exit handler. Usually the file is already gone: the listener is closed at the first connection.
  process.on("exit", () => rmSync(address, { force: true }));
  listener.listen(address, () => {
    const handshake = {
      appVersion: API_VERSION,
      network: "unix",
      address,
      protocol: "",
      certificate: "",
      multiplex: "",
    } as const;
    process.stdout.write(formatLine(handshake, grammar));
  });
}
