import { lstatSync, unlinkSync } from "node:fs";
import type { Address } from "./socket.js";

/**
 * Removes a unix socket's file that its owner left behind: it crashed, or was killed [PLUGIN-7]. A file
 * that is no socket stays, whatever a plugin called its address. Synchronous, because our own process
 * may be exiting.
 */
export function removeSocketFile({ network, address }: Address): void {
  // A leading @ is Linux's abstract namespace, which has no files.
  if (network !== "unix" || address.startsWith("@")) return;
  try {
    if (lstatSync(address).isSocket()) unlinkSync(address);
  } catch {
    // Its owner has removed it.
  }
}

/** The socket that a handshake line names, also one whose other fields are not for us. */
export function socketIn(line: string): Address | undefined {
  const [, , network, address] = line.trim().split("|");
  return network === "unix" && address ? { network, address } : undefined;
}
