/** The files of unix sockets. */
import { lstatSync, unlinkSync } from "node:fs";
import { GO_PLUGIN_LINE } from "../../protocol/handshake/index.js";
import type { Address } from "./socket.js";

/**
 * Removes the file that a process left behind when it crashed or was killed [PLUGIN-7]. Any other kind of file
 * stays, because the address may come from a plugin, which can name any file. Synchronous, because our own
 * process may be exiting.
 */
export function removeSocketFile({ network, address }: Address): void {
  // A leading @ stands for Linux's abstract namespace, which has no files.
  if (network !== "unix" || address.startsWith("@")) return;
  try {
    if (lstatSync(address).isSocket()) unlinkSync(address);
  } catch {
    // Its owner removed it.
  }
}

/** The unix socket that a handshake line names, even if the rest of the line is wrong. */
export function socketIn(line: string, { fields } = GO_PLUGIN_LINE): Address | undefined {
  const parts = line.trim().split("|");
  const network = parts[fields.indexOf("network")];
  const address = parts[fields.indexOf("address")];
  return network === "unix" && address ? { network, address } : undefined;
}
