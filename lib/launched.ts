import { chmod, chown, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { ConnectionOptions } from "node:tls";
import { GO_PLUGIN_ENV, type Handshake, pluginEnv } from "../protocol/handshake/index.js";
import { hostOptions, trustPlugin } from "./auto-mtls.js";
import { BoundedWriter } from "./bounded-writer.js";
import { generateCertificate, type OneTimeCertificate } from "./certificate.js";
import { verifyChecksum } from "./checksum.js";
import type { ClientConfig } from "./client-config.js";
import { publishProcess } from "./diagnostics.js";
import { isPluginError } from "./errors.js";
import { groupId } from "./group.js";
import { LogReader } from "./hclog.js";
import { awaitHandshake } from "./launch.js";
import type { Logger } from "./logger.js";
import { ProcessRunner } from "./process-runner.js";
import type { Runner } from "./runner.js";
import { killed, removeSocketDir } from "./shutdown.js";
import type { StderrTail } from "./stderr-tail.js";
import { tracer, traceWait } from "./trace.js";

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
  /** The runner is known before it has started, so that its owner can end it. */
  readonly onRunner: (runner: Runner) => void;
}

/** Starts a plugin and waits for its handshake. Go: `Client.Start`. */
export async function launch(config: ClientConfig, context: LaunchContext): Promise<Launched> {
  const { logger } = context;
  const socketDir = config.runner === undefined ? undefined : await makeSocketDir(config);
  let runner: Runner | undefined;
  try {
    const own = config.autoMtls ? await ownCertificate(logger) : undefined;
    let tls = own === undefined ? config.tls : hostOptions(own);
    const env = environment(config, context.appVersions, own, socketDir);
    if (config.secureConfig !== undefined) {
      await verifyChecksum(config.command![0]!, config.secureConfig);
    }
    runner =
      config.runner === undefined
        ? new ProcessRunner({
            command: config.command!,
            env,
            cwd: config.cwd,
            processGroup: config.processGroup,
          })
        : await config.runner({ env, socketDir: socketDir! });
    context.onRunner(runner);
    logger.debug({ path: runner.name }, "starting plugin");
    await traceWait("process", `start of ${runner.name}`, runner.start());
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
      startTimeoutMs: config.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS,
      signal: context.signal,
      stderr: context.stderrTail,
    });
    const handshake = await traceWait("handshake", `line of ${runner.name}`, waiting);
    tracer("handshake")?.(`plugin ${runner.id} says ${JSON.stringify(handshake)}`);
    logger.debug({ version: handshake.appVersion }, "using plugin");
    const { network, address } = (await runner.pluginToHost?.(handshake)) ?? handshake;
    return { runner, handshake: { ...handshake, network, address }, tls, socketDir };
  } catch (error) {
    // After most failures it has ended already.
    if (runner !== undefined && runner.id !== "") await killed(runner);
    removeSocketDir(socketDir);
    if (isPluginError(error)) {
      const path = runner?.name ?? config.command?.[0] ?? "";
      publishProcess({ event: "error", path, error });
    }
    throw error;
  }
}

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

/** For custom runners only, as in Go: a child process makes its socket in its own temporary directory. */
async function makeSocketDir({ unixSocket }: ClientConfig): Promise<string> {
  const socketDir = await mkdtemp(join(unixSocket?.tempDir ?? tmpdir(), "plugin-dir"));
  if (unixSocket?.group) {
    await chown(socketDir, process.getuid?.() ?? -1, await groupId(unixSocket.group));
    await chmod(socketDir, 0o770);
  }
  return socketDir;
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
