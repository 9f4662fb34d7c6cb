/** Starts a plugin and waits until it has said where it listens. */
import type { Handshake } from "../../protocol/handshake/index.js";
import { isPluginError } from "../errors.js";
import type { Address } from "../net/socket.js";
import { processChannel } from "../observe/diagnostics.js";
import type { Logger } from "../observe/logger.js";
import { tracer, traceWait } from "../observe/trace.js";
import { hostOptions, trustPlugin } from "../tls/auto-mtls.js";
import { generateCertificate, type OneTimeCertificate } from "../tls/certificate.js";
import { awaitHandshake } from "./await-handshake.js";
import type { ClientConfig } from "./client-config.js";
import { pluginEnvironment } from "./plugin-environment.js";
import { readLog } from "./plugin-log.js";
import { verifyChecksum } from "./process/checksum.js";
import { killAtExit } from "./process/kill-at-exit.js";
import { ProcessRunner } from "./process/process-runner.js";
import { programFile } from "./process/program.js";
import type { Runner } from "./process/runner.js";
import { allowedProtocols } from "./protocols.js";
import { Remains } from "./remains.js";
import type { RunningPlugin, StartContext } from "./running-plugin.js";
import { forceKill } from "./shutdown.js";
import { makeSocketDir, removeSocketDir } from "./socket-dir.js";
import { StartBudget } from "./start-budget.js";

const DEFAULT_START_TIMEOUT_MS = 60_000;

/**
 * Starts a plugin and waits for its handshake. A failed start leaves no process and no directory behind.
 *
 * @throws PluginError - most codes of `PluginErrorCode` up to the handshake. Go: `Client.Start`.
 */
export async function launch(config: ClientConfig, context: StartContext): Promise<RunningPlugin> {
  const { logger, appVersions, signal } = context;
  const socketDir = await makeSocketDir(config);
  const budget = new StartBudget(config.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS, signal);
  // What the plugin leaves behind is known only when it is up.
  const left = { remains: new Remains({ socketDir }) };
  let runner: Runner | undefined;
  const endNow = () => {
    runner?.kill();
    left.remains.tidyNow();
  };
  const forget = config.cleanup === false ? () => {} : killAtExit(endNow);
  try {
    const own = config.autoMtls ? await ownCertificate(logger) : undefined;
    const tls = own === undefined ? config.tls : hostOptions(own);
    const env = pluginEnvironment(config, { appVersions, own, socketDir });
    const file = await checkedFile(config, env);
    runner = await budget.run("runner", () => makeRunner(config, env, socketDir, file));
    runner.exited.then(forget);
    return await startRunner(runner, { config, context, budget, tls, left, socketDir });
  } catch (error) {
    // Without an id the start has not begun or is still under way: there is no end to wait for.
    if (runner?.id === "") runner.kill();
    else if (runner !== undefined) await forceKill(runner);
    removeSocketDir(socketDir);
    forget();
    if (isPluginError(error)) {
      const path = runner?.name ?? config.command?.[0] ?? "";
      processChannel.publish({ event: "error", path, error });
    }
    throw error;
  }
}

/** What the steps of a launch share. */
interface Launch {
  readonly config: ClientConfig;
  readonly context: StartContext;
  readonly budget: StartBudget;
  /** Of the configuration, or ours with AutoMTLS. The plugin's certificate comes with the handshake. */
  readonly tls: RunningPlugin["tls"];
  readonly left: Left;
  readonly socketDir: string | undefined;
}

/** What the plugin leaves behind, as far as it is known by now. */
interface Left {
  remains: Remains;
}

async function startRunner(runner: Runner, launch: Launch): Promise<RunningPlugin> {
  const { config, context, budget, left, socketDir } = launch;
  const { logger, onRunner } = context;
  onRunner(runner);
  logger.debug({ path: runner.name }, "starting plugin");
  const starting = budget.run(runner.name, () => runner.start());
  await traceWait("process", `start of ${runner.name}`, starting);
  processChannel.publish({ event: "start", id: runner.id, path: runner.name });
  logger.debug({ path: runner.name, pid: runner.id }, "plugin started");
  readLog(runner, config, context);
  const { handshake, tls } = await shakeHands(runner, launch);
  const address = await translated(runner, handshake, budget);
  const remains = new Remains({ outputs: [runner.stdout, runner.stderr], address, socketDir });
  left.remains = remains;
  return {
    runner,
    address,
    protocol: handshake.protocol,
    version: handshake.appVersion,
    tls,
    remains,
  };
}

/** Waits for the line. With TLS the certificate in it says whom to trust. */
async function shakeHands(
  runner: Runner,
  { config, context, budget, tls }: Launch,
): Promise<{ readonly handshake: Handshake; readonly tls: RunningPlugin["tls"] }> {
  const { logger, appVersions, stderrTail } = context;
  let trusting = tls;
  logger.debug({ path: runner.name }, "waiting for RPC address");
  const waiting = awaitHandshake({
    runner,
    expect: { appVersions, allowedProtocols: allowedProtocols(config) },
    grammar: config.handshake.line,
    check: ({ certificate }) => {
      trusting = trustPlugin(tls, certificate);
    },
    budget,
    stderrTail,
  });
  const handshake = await traceWait("handshake", `line of ${runner.name}`, waiting);
  tracer("handshake")?.(`plugin ${runner.id} says ${JSON.stringify(handshake)}`);
  logger.debug({ version: handshake.appVersion }, "using plugin");
  return { handshake, tls: trusting };
}

/** Where to dial for the address that the plugin announced. */
async function translated(
  runner: Runner,
  { network, address }: Handshake,
  budget: StartBudget,
): Promise<Address> {
  const announced = { network, address };
  const dialled = await budget.run(runner.name, () => runner.pluginToHost?.(announced));
  // A runner of the user may return more than an address.
  return dialled === undefined ? announced : { network: dialled.network, address: dialled.address };
}

/**
 * Verifies the checksum, if the user gave one. The file is looked up once, so that the file that was checked is the
 * file that is started. Go checks a relative path from one directory and starts it from another.
 *
 * @returns the file to start; undefined if there is no checksum, or no such program.
 */
async function checkedFile(
  { command = [], cwd, secureConfig }: ClientConfig,
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  if (secureConfig === undefined) return undefined;
  const [name = ""] = command;
  const file = programFile(name, env, cwd);
  await verifyChecksum(file ?? name, secureConfig);
  return file;
}

function makeRunner(
  config: ClientConfig,
  env: Readonly<Record<string, string>>,
  socketDir: string | undefined,
  file: string | undefined,
): Runner | Promise<Runner> {
  const { command = [], cwd, processGroup } = config;
  // A custom runner always gets a directory.
  if (config.runner !== undefined) return config.runner({ env, socketDir: socketDir! });
  return new ProcessRunner({ command, file, env, cwd, processGroup });
}

function ownCertificate(logger: Logger): Promise<OneTimeCertificate> {
  logger.debug({}, "configuring client automatic mTLS");
  return generateCertificate();
}
