import { chmod, chown, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { ConnectionOptions } from "node:tls";
import { GO_PLUGIN_ENV, type Handshake, pluginEnv } from "../../protocol/handshake/index.js";
import { isPluginError, PluginError } from "../errors.js";
import { groupId } from "../net/group.js";
import type { Address } from "../net/socket.js";
import { BoundedWriter } from "../observe/bounded-writer.js";
import { publishProcess } from "../observe/diagnostics.js";
import { LogReader } from "../observe/hclog.js";
import type { Logger } from "../observe/logger.js";
import { tracer, traceWait } from "../observe/trace.js";
import { hostOptions, trustPlugin } from "../tls/auto-mtls.js";
import { generateCertificate, type OneTimeCertificate } from "../tls/certificate.js";
import { awaitHandshake } from "./await-handshake.js";
import { verifyChecksum } from "./checksum.js";
import type { ClientConfig } from "./client-config.js";
import { StartBudget } from "./patience.js";
import { ProcessRunner } from "./process-runner.js";
import { programFile } from "./program.js";
import type { Runner } from "./runner.js";
import { forceKill, removeSocketDir } from "./shutdown.js";
import type { StderrTail } from "./stderr-tail.js";

const DEFAULT_START_TIMEOUT_MS = 60_000;
const DEFAULT_MIN_PORT = 10_000;
const DEFAULT_MAX_PORT = 25_000;
const DEFAULT_LOG_BUFFER_BYTES = 65_536;

/** A plugin that was started and has said where it listens. */
export interface Launched {
  readonly runner: Runner;
  readonly handshake: Handshake;
  /** For connections to it. */
  readonly tls: ConnectionOptions | undefined;
  /** Made for a custom runner's sockets; to be removed with the plugin. */
  readonly socketDir: string | undefined;
}

export interface LaunchContext {
  readonly appVersions: readonly number[];
  readonly signal: AbortSignal;
  readonly stderrTail: StderrTail;
  readonly logger: Logger;
  /** The runner is known before it has started, so that its owner can end it, and remove the directory. */
  readonly onRunner: (runner: Runner, socketDir: string | undefined) => void;
}

/** Starts a plugin and waits for its handshake. Go: `Client.Start`. */
export async function launch(config: ClientConfig, context: LaunchContext): Promise<Launched> {
  const { logger } = context;
  const socketDir = await makeSocketDir(config);
  const budget = new StartBudget(config.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS, context.signal);
  let runner: Runner | undefined;
  try {
    const own = config.autoMtls ? await ownCertificate(logger) : undefined;
    let tls = own === undefined ? config.tls : hostOptions(own);
    const env = environment(config, context.appVersions, own, socketDir);
    const file = await checkedFile(config, env);
    runner = await budget.run("runner", () => makeRunner(config, env, socketDir, file));
    context.onRunner(runner, socketDir);
    logger.debug({ path: runner.name }, "starting plugin");
    await traceWait("process", `start of ${runner.name}`, startRunner(runner, budget));
    publishProcess({ event: "start", id: runner.id, path: runner.name });
    logger.debug({ path: runner.name, pid: runner.id }, "plugin started");
    readLog(runner, config, context);
    logger.debug({ path: runner.name }, "waiting for RPC address");
    const waiting = awaitHandshake({
      runner,
      expect: {
        appVersions: context.appVersions,
        allowedProtocols: config.allowedProtocols ?? ["netrpc"],
      },
      check: ({ certificate }) => {
        tls = trustPlugin(tls, certificate);
      },
      budget,
      stderr: context.stderrTail,
    });
    const handshake = await traceWait("handshake", `line of ${runner.name}`, waiting);
    tracer("handshake")?.(`plugin ${runner.id} says ${JSON.stringify(handshake)}`);
    logger.debug({ version: handshake.appVersion }, "using plugin");
    const { network, address } = await translated(runner, handshake, budget);
    return { runner, handshake: { ...handshake, network, address }, tls, socketDir };
  } catch (error) {
    // After most failures it has ended already. Without an id it was not started, or is being started still.
    if (runner?.id === "") runner.kill();
    else if (runner !== undefined) await forceKill(runner);
    removeSocketDir(socketDir);
    if (isPluginError(error)) {
      const path = runner?.name ?? config.command?.[0] ?? "";
      publishProcess({ event: "error", path, error });
    }
    throw error;
  }
}

/**
 * The file whose checksum is the wanted one, if one is: looked up once, so that what was checked is what is started.
 * Go checks a relative path from one directory and starts it from another.
 */
async function checkedFile(
  { command, cwd, secureConfig }: ClientConfig,
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  if (secureConfig === undefined) return undefined;
  const name = command![0]!;
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
  // A runner always gets a directory.
  if (config.runner !== undefined) return config.runner({ env, socketDir: socketDir! });
  const { cwd, processGroup } = config;
  return new ProcessRunner({ command: config.command!, file, env, cwd, processGroup });
}

const startRunner = (runner: Runner, budget: StartBudget): Promise<void> =>
  budget.run(runner.name, () => runner.start());

/** Where to dial for the address that the plugin announced. */
const translated = async (
  runner: Runner,
  handshake: Handshake,
  budget: StartBudget,
): Promise<Address> =>
  (await budget.run(runner.name, () => runner.pluginToHost?.(handshake))) ?? handshake;

function ownCertificate(logger: Logger): Promise<OneTimeCertificate> {
  logger.debug({}, "configuring client automatic mTLS");
  return generateCertificate();
}

function environment(
  config: ClientConfig,
  appVersions: readonly number[],
  own: OneTimeCertificate | undefined,
  socketDir: string | undefined,
): Record<string, string> {
  const env = pluginEnv(config.skipHostEnv ? {} : process.env, config.env ?? {}, {
    cookie: config.handshake,
    appVersions,
    minPort: config.minPort ?? DEFAULT_MIN_PORT,
    maxPort: config.maxPort ?? DEFAULT_MAX_PORT,
  });
  if (own !== undefined) env[GO_PLUGIN_ENV.clientCert] = own.cert;
  const group = config.unixSocket?.group;
  if (group) env[GO_PLUGIN_ENV.unixSocketGroup] = group;
  if (socketDir !== undefined) env[GO_PLUGIN_ENV.unixSocketDir] = socketDir;
  return env;
}

/**
 * For custom runners always, for child processes on demand. By default those make their socket in their own
 * temporary directory, as in Go: a plugin that runs as another user could not use a private one of ours.
 */
async function makeSocketDir({ runner, unixSocket }: ClientConfig): Promise<string | undefined> {
  if (runner === undefined && unixSocket?.tempDir === undefined) return undefined;
  let socketDir: string | undefined;
  try {
    socketDir = await mkdtemp(join(unixSocket?.tempDir ?? tmpdir(), "plugin-dir"));
    if (unixSocket?.group) {
      await chown(socketDir, process.getuid?.() ?? -1, groupId(unixSocket.group));
      await chmod(socketDir, 0o770);
    }
    return socketDir;
  } catch (cause) {
    removeSocketDir(socketDir);
    const text = `plugin: cannot make a directory for sockets: ${(cause as Error).message}`;
    throw new PluginError("bad-config", text, { phase: "start", cause });
  }
}

/** Three readers of one stream: the raw copy, the end of it for errors, the records for the logger. */
function readLog(
  runner: Runner,
  config: ClientConfig,
  { stderrTail, logger }: LaunchContext,
): void {
  const module = basename(runner.name);
  const reader = new LogReader(
    ({ level, message, fields }) => logger[level]({ plugin: module, ...fields }, message),
    config.pluginLogBufferSize ?? DEFAULT_LOG_BUFFER_BYTES,
  );
  const { stderr } = runner;
  const copy =
    config.stderr &&
    new BoundedWriter(config.stderr, (bytes) =>
      logger.warn(
        { plugin: module, bytes },
        "the reader of stderr is too slow, output was dropped",
      ),
    );
  stderr.on("data", (chunk: Buffer) => {
    stderrTail.push(chunk);
    copy?.write(chunk);
    if (config.logger !== undefined) reader.push(chunk);
  });
  stderr.once("end", () => reader.end());
  stderr.on("error", (error) => logger.error({ error: error.message }, "reading plugin stderr"));
}
