/** The protocols that a plugin may announce in its handshake, and the one that goplug speaks as a host. */
import { PluginError } from "../errors.js";
import type { ClientConfig } from "./client-config.js";

/** Go's net/rpc over yamux. */
export const NETRPC = "netrpc";

/** What a plugin may announce. */
export const allowedProtocols = ({
  allowedProtocols = [NETRPC],
}: Pick<ClientConfig, "allowedProtocols">): readonly string[] => allowedProtocols;

/**
 * Refuses a protocol that was allowed but that goplug does not speak.
 *
 * @throws PluginError `unsupported-protocol`.
 */
export function assertSpoken(protocol: string): void {
  if (protocol === NETRPC) return;
  const text = `unknown server protocol: ${protocol}`;
  throw new PluginError("unsupported-protocol", text, { phase: "connect" });
}
