/** Finds a plugin that runs already. */
import { PluginError } from "../errors.js";
import { type Address, connectSocket } from "../net/socket.js";
import type { ClientConfig } from "./client-config.js";
import { AttachedProcess } from "./process/attached-process.js";
import { holdsListener, isAlive } from "./process/process-table.js";
import type { AttachedRunner } from "./process/runner.js";
import { allowedProtocols, NETRPC } from "./protocols.js";
import type { ReattachConfig } from "./reattach-config.js";
import { Remains } from "./remains.js";
import type { FoundPlugin, RunningPlugin, StartContext } from "./running-plugin.js";

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
  const plugin = await findPlugin(attach);
  onRunner(plugin.runner);
  const remains = new Remains({ address, isForeign: true });
  return { ...plugin, address, protocol, version, tls: config.tls, remains };
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

/** A plugin that runs already: what watches and ends it, and what else is known of it. */
type Found = Required<Pick<RunningPlugin, "runner" | "found">>;

/**
 * Finds a plugin whose process lives and whose socket answers. This does not show that the two belong together: the
 * number of the process may be another program's by now, and anybody may listen at the address [PLUGIN-15].
 */
async function findPlugin(config: ReattachConfig): Promise<Found> {
  const { pid, address, test } = config;
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
  if (config.runner !== undefined) return { runner: await config.runner(), found: UNWATCHED };
  if (test === true || pid === undefined) return { runner: new Bystander(), found: IN_TEST_MODE };
  return findProcess(pid, address);
}

async function findProcess(pid: number, address: Address): Promise<Found> {
  const runner = new AttachedProcess(pid);
  const isListener = await holdsListener(pid, address);
  const whyNotOurs = () => {
    if (pid === process.pid) return "it is our own process";
    if (pid === 1) return "it is the first process of the system";
    if (isListener !== false) return undefined;
    return `process ${pid} does not listen on ${address.network} ${address.address}`;
  };
  return {
    runner,
    found: { whyNotOurs, hurry: () => runner.hurry(), release: () => runner.release() },
  };
}

/** A runner of the user knows best whom it ends. */
const UNWATCHED: FoundPlugin = { whyNotOurs: () => undefined, hurry() {}, release() {} };
const IN_TEST_MODE: FoundPlugin = { ...UNWATCHED, whyNotOurs: () => "it is in test mode" };

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
