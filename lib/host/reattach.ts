import { PluginError } from "../errors.js";
import { type Address, connectSocket } from "../net/socket.js";
import { AttachedProcess, isAlive } from "./attached-process.js";
import type { AttachedRunner } from "./runner.js";

/** What it takes to use a plugin that runs already. Go: `ReattachConfig`. */
export interface ReattachConfig {
  /** Default `netrpc`. */
  readonly protocol?: string;
  /** The application version it serves; chooses among `versionedPlugins`. Default: the handshake's. */
  readonly protocolVersion?: number;
  readonly address: Address;
  /** The plugin's process; needed unless `runner` is given or `test` is set. */
  readonly pid?: number;
  /** Watches and ends the plugin, where it is no process of this machine. Go: `ReattachFunc`. */
  readonly runner?: () => AttachedRunner | Promise<AttachedRunner>;
  /** The plugin is in test mode: `kill` closes the connection and leaves the plugin alone. */
  readonly test?: boolean;
}

/** A runner for a plugin whose life is not ours. */
class Bystander implements AttachedRunner {
  readonly id = "";
  readonly handles = [];
  readonly exited = new Promise<never>(() => {});
  kill(): void {}
}

/**
 * Finds the plugin: its process must live and its socket answer. The process is not touched when it
 * does not, because its number may be another's by now.
 *
 * @throws PluginError `process-not-found`, `bad-config`. Go: `Client.reattach`.
 */
export async function findPlugin(config: ReattachConfig): Promise<AttachedRunner> {
  const { pid, address } = config;
  assertFindable(config);
  try {
    if (pid !== undefined && !isAlive(pid)) throw new Error(`there is no process ${pid}`);
    const probe = await connectSocket(address);
    probe.destroy();
  } catch (cause) {
    const why = (cause as Error).message;
    throw new PluginError("process-not-found", `reattachment process not found: ${why}`, {
      phase: "connect",
      path: address.address,
      cause,
    });
  }
  if (config.runner !== undefined) return config.runner();
  return config.test === true ? new Bystander() : new AttachedProcess(pid!);
}

function assertFindable({ pid, runner, test }: ReattachConfig): void {
  const hasPid = pid !== undefined && Number.isInteger(pid) && pid > 0;
  if (hasPid || runner !== undefined || test === true) return;
  throw new PluginError("bad-config", `plugin: reattach needs a pid, not ${pid}`, {
    phase: "config",
  });
}
