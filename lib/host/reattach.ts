/** Finds a plugin that runs already. */
import { PluginError } from "../errors.js";
import { connectSocket } from "../net/socket.js";
import type { ClientConfig } from "./client-config.js";
import { AttachedProcess, isAlive } from "./process/attached-process.js";
import type { AttachedRunner } from "./process/runner.js";
import { allowedProtocols, NETRPC } from "./protocols.js";
import type { ReattachConfig } from "./reattach-config.js";
import { Remains } from "./remains.js";
import type { RunningPlugin, StartContext } from "./running-plugin.js";

/**
 * Checks that the plugin speaks what the host allows, and that it is there. Go checks neither protocol nor version
 * here, and has no sets by version.
 *
 * @throws PluginError `unsupported-protocol`, `app-version`, `process-not-found`, `bad-config`. Go: `Client.reattach`.
 */
export async function reattach(
  attach: ReattachConfig,
  config: ClientConfig,
  { appVersions, onRunner }: Pick<StartContext, "appVersions" | "onRunner">,
): Promise<RunningPlugin> {
  const { address, protocol = NETRPC } = attach;
  const version = attach.protocolVersion ?? config.handshake.protocolVersion ?? 0;
  assertAllowed(protocol, allowedProtocols(config));
  assertServed(version, appVersions);
  const runner = await findPlugin(attach);
  onRunner(runner);
  return { runner, address, protocol, version, tls: config.tls, remains: new Remains({ address }) };
}

function assertAllowed(protocol: string, allowed: readonly string[]): void {
  if (allowed.includes(protocol)) return;
  const text = `unsupported plugin protocol ${JSON.stringify(protocol)}. Supported: [${allowed.join(" ")}]`;
  throw new PluginError("unsupported-protocol", text, { phase: "config" });
}

function assertServed(version: number, hostVersions: readonly number[]): void {
  if (hostVersions.includes(version)) return;
  const text =
    `incompatible API version with plugin. Plugin version: ${version}, ` +
    `Client versions: [${hostVersions.join(" ")}]`;
  const facts = { pluginVersion: version, hostVersions };
  throw new PluginError("app-version", text, { phase: "config", ...facts });
}

/**
 * The runner of a plugin whose process lives and whose socket answers. If one of the two fails, the process is left
 * alone: its number may be another program's by now.
 */
async function findPlugin(config: ReattachConfig): Promise<AttachedRunner> {
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
  return config.test === true || pid === undefined ? new Bystander() : new AttachedProcess(pid);
}

/** The runner of a plugin in test mode: its life is not ours to watch or to end. */
class Bystander implements AttachedRunner {
  readonly id = "";
  readonly handles = [];
  readonly exited = new Promise<never>(() => {});
  kill(): void {}
}

function assertFindable({ pid, runner, test }: ReattachConfig): void {
  const hasPid = pid !== undefined && Number.isInteger(pid) && pid > 0;
  if (hasPid || runner !== undefined || test === true) return;
  throw new PluginError("bad-config", `plugin: reattach needs a pid, not ${pid}`, {
    phase: "config",
  });
}
