/** A plugin served by the test's own process, on a real socket. */
import type { Writable } from "node:stream";
import { Deferred } from "../../protocol/async/deferred.js";
import { negotiateVersion } from "../../protocol/handshake/index.js";
import { assertHandshake } from "../contract/check-config.js";
import type { ReattachConfig } from "../host/reattach-config.js";
import { transportOf } from "../net/socket.js";
import { failuresTo, guarded, type Logger } from "../observe/logger.js";
import { bytesOf, outputStream, type Write } from "../plugin/output-stream.js";
import { PluginConnection } from "../plugin/plugin-connection.js";
import { PluginServer } from "../plugin/plugin-server.js";
import { type ServeConfig, serverPluginSets } from "../plugin/serve-config.js";
import { SyncOutput } from "../plugin/sync-output.js";
import { pluginTls } from "../tls/plugin-tls.js";

/** Options of {@link serveTest}: those of `serve` that need no process, and some for tests. */
export interface ServeTestConfig
  extends Pick<
    ServeConfig,
    | "handshake"
    | "plugins"
    | "versionedPlugins"
    | "network"
    | "tlsProvider"
    | "maxWaitingOutputBytes"
    | "strict"
  > {
  /** The host's versions, as it would send them. Default: none, and then the lowest version is served. */
  readonly hostVersions?: readonly number[];
  /** Gets goplug's own log records. Default: they are dropped. */
  readonly logger?: Logger;
  /**
   * Whether the host's sync streams get what this process prints, until `close`. It is printed as before
   * too. Default false.
   */
  readonly syncStdio?: boolean;
}

/** A plugin that this process serves. */
export interface TestServer extends AsyncDisposable {
  /**
   * Where to find it: for `new Client({ reattach })`. The client's `kill` closes its own connection and does
   * nothing else.
   */
  readonly reattach: ReattachConfig;
  /** What is written here arrives as the plugin's stdout. */
  readonly stdout: Writable;
  /** What is written here arrives as the plugin's stderr. */
  readonly stderr: Writable;
  /** Stops listening, closes the connections, and ends `syncStdio`. Each call returns the same promise. */
  close(): Promise<void>;
  /** Resolves after `close`, which a host's Quit calls too. */
  readonly closed: Promise<void>;
}

/**
 * Serves plugins from inside a test or a debugger. As `serve`, but without a cookie, a handshake line, AutoMTLS,
 * signal handlers or an exit, and with stdout and stderr untouched. The process stays alive until `close`.
 *
 * @throws PluginError `bad-config`, `listen-failed`, `path-too-long`, `tls-failed`.
 * Go: `Serve` with `ServeConfig.Test`.
 */
export async function serveTest(config: ServeTestConfig): Promise<TestServer> {
  assertHandshake(config.handshake);
  const logger = guarded(config.logger);
  const sets = serverPluginSets(config);
  const offer = { PLUGIN_PROTOCOL_VERSIONS: (config.hostVersions ?? []).join(",") };
  const { version } = negotiateVersion(offer, [...sets.keys()]);
  const { tls } = await pluginTls(config.tlsProvider, {}, logger);
  const maxWaitingBytes = config.maxWaitingOutputBytes;
  const stdout = new SyncOutput({ name: "stdout", maxWaitingBytes, logger });
  const stderr = new SyncOutput({ name: "stderr", maxWaitingBytes, logger });
  const onFailure = failuresTo(logger);
  const options = { plugins: sets.get(version)!, stdout, stderr, logger, strict: config.strict };
  const server = await PluginServer.open({
    env: process.env,
    network: config.network,
    tls,
    onFailure,
    connection: (conn) => new PluginConnection(transportOf(conn), options),
  });
  const giveBack = config.syncStdio ? [tee("stdout", stdout), tee("stderr", stderr)] : [];
  const closed = new Deferred();
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= closeAll(server, giveBack, [stdout, stderr]).then(closed.resolve);
    return closing;
  };
  server.quit.then(close);
  const { network, address } = server.listener;
  return {
    reattach: {
      protocol: "netrpc",
      protocolVersion: version,
      address: { network, address },
      pid: process.pid,
      test: true,
    },
    stdout: outputStream(stdout),
    stderr: outputStream(stderr),
    close,
    closed: closed.promise,
    [Symbol.asyncDispose]: close,
  };
}

async function closeAll(
  server: PluginServer,
  giveBack: readonly (() => void)[],
  outputs: readonly SyncOutput[],
): Promise<void> {
  for (const give of giveBack) give();
  await server.close();
  for (const output of outputs) output.close();
}

/** Lets `output` have a copy of what is printed, at the pace of the real stream. Returns what ends that. */
function tee(name: "stdout" | "stderr", output: SyncOutput): () => void {
  const stream = process[name];
  const { write } = stream;
  const teed: Write = (chunk, encoding, callback) => {
    output.write(bytesOf(chunk, typeof encoding === "string" ? encoding : undefined));
    return (write as Write).call(stream, chunk, encoding, callback);
  };
  stream.write = teed as typeof write;
  return () => {
    // Somebody else may have replaced it since.
    if ((stream.write as Write) === teed) stream.write = write;
  };
}
