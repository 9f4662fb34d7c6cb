/** The configuration of a client for a plugin that runs already. */
import type { Address } from "../net/socket.js";
import type { AttachedRunner } from "./process/runner.js";

/** Where a running plugin is, and what it speaks. Go: `ReattachConfig`. */
export interface ReattachConfig {
  /** The protocol of its handshake. Default `netrpc`. */
  readonly protocol?: string;
  /** The application version it serves; chooses among `versionedPlugins`. Default: the one of `handshake`. */
  readonly protocolVersion?: number;
  /** Where it listens. */
  readonly address: Address;
  /** The number of the plugin's process. Needed unless `runner` is given or `test` is set. */
  readonly pid?: number;
  /** Watches and ends a plugin that is not a process of this machine. Go: `ReattachFunc`. */
  readonly runner?: () => AttachedRunner | Promise<AttachedRunner>;
  /** The plugin is in test mode: `kill` closes the connection and does not end the plugin. */
  readonly test?: boolean;
}
