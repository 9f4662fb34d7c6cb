/** The protocols that a plugin may announce in its handshake, and the one that goplug speaks as a host. */
import { PluginError } from "../errors.js";
import type { ClientConfig } from "./client-config.js";

/** Go's net/rpc over yamux. */
export const NETRPC = "netrpc";

/** What a plugin may announce. A line without a field for the protocol says it by its form. */
export function allowedProtocols({
  allowedProtocols,
  handshake: { line },
}: Pick<ClientConfig, "allowedProtocols" | "handshake">): readonly string[] {
  if (allowedProtocols !== undefined) return allowedProtocols;
  const isFixed = line !== undefined && !line.fields.includes("protocol");
  return [isFixed ? line.defaultProtocol : NETRPC];
}

/** Whether goplug can talk to the plugin. If not, the caller has only the address and the process. */
export const isSpoken = (protocol: string): boolean => protocol === NETRPC;

/**
 * Refuses a protocol that was allowed but that goplug does not speak.
 *
 * @throws PluginError `unsupported-protocol`.
 */
export function assertSpoken(protocol: string): void {
  if (isSpoken(protocol)) return;
  const text = `unknown server protocol: ${protocol}`;
  throw new PluginError("unsupported-protocol", text, { phase: "connect" });
}
