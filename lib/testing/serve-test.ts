import { negotiateVersion } from "../../protocol/handshake/index.js";
import type { ReattachConfig } from "../host/reattach-config.js";
import { guarded, type Logger, NULL_LOGGER } from "../observe/logger.js";
import { PluginServer } from "../plugin/plugin-server.js";
import { type ServeConfig, serverPluginSets } from "../plugin/serve.js";
import { SyncOutput } from "../plugin/sync-output.js";
import { pluginTls, type TlsProvider } from "../tls/plugin-tls.js";

export interface ServeTestConfig
  extends Pick<ServeConfig, "handshake" | "plugins" | "versionedPlugins" | "network"> {
  /** The host's versions, as it would tell them. Default none: then the lowest set is served. */
  readonly hostVersions?: readonly number[];
  readonly tlsProvider?: TlsProvider;
  /** goplug's own log records. Default: none. */
  readonly logger?: Logger;
  /** Send this process's stdout and stderr to the host's sync streams too, until `close`. Default false. */
  readonly syncStdio?: boolean;
}

/** A plugin served by this very process. */
export interface TestServer extends AsyncDisposable {
  /** For `new Client({ reattach })`; its `kill` closes the client's connection and no more. */
  readonly reattach: ReattachConfig;
  /** Printed output, as far as it is written here. */
  readonly stdout: SyncOutput;
  readonly stderr: SyncOutput;
  /** Stops listening, closes the connections, gives stdout and stderr back. Safe to call again. */
  close(): Promise<void>;
  /** Resolves after `close`, or after a host said Quit. */
  readonly closed: Promise<void>;
}

/**
 * Serves plugins from inside a test or a debugger: on a real socket, but without a cookie, a handshake line,
 * signal handlers or an exit, and with stdout and stderr untouched. The process stays alive until `close`.
 *
 * @throws PluginError `bad-config`, `listen-failed`, `path-too-long`, `tls-failed`.
 * Go: `Serve` with `ServeConfig.Test`.
 */
export async function serveTest(config: ServeTestConfig): Promise<TestServer> {
  const { hostVersions = [] } = config;
  const logger = config.logger === undefined ? NULL_LOGGER : guarded(config.logger);
  const sets = serverPluginSets(config);
  const offer = { PLUGIN_PROTOCOL_VERSIONS: hostVersions.join(",") };
  const { version } = negotiateVersion(offer, [...sets.keys()]);
  const stdout = new SyncOutput();
  const stderr = new SyncOutput();
  const { tls } = await pluginTls(config.tlsProvider, {}, logger);
  const server = await PluginServer.open({
    env: process.env,
    network: config.network,
    tls,
    plugins: sets.get(version)!,
    stdout,
    stderr,
    onError: (text, error) => logger.error({ error: String(error) }, text),
  });
  const restore = config.syncStdio ? [tee("stdout", stdout), tee("stderr", stderr)] : [];
  let closing: Promise<void> | undefined;
  let onClosed!: () => void;
  const closed = new Promise<void>((resolve) => {
    onClosed = resolve;
  });
  const close = () => {
    for (const giveBack of restore.splice(0)) giveBack();
    closing ??= server.close().then(onClosed);
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
    stdout,
    stderr,
    close,
    closed,
    [Symbol.asyncDispose]: close,
  };
}

/** Lets what is printed go to `output` as well; returns what ends that. */
function tee(name: "stdout" | "stderr", output: SyncOutput): () => void {
  const stream = process[name];
  const write = stream.write;
  const teed = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const encoding = typeof rest[0] === "string" ? (rest[0] as BufferEncoding) : "utf8";
    output.write(typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk.slice());
    return write.call(stream, chunk as string, ...(rest as []));
  };
  stream.write = teed as typeof stream.write;
  return () => {
    // Somebody may have exchanged it after us.
    if (stream.write === teed) stream.write = write;
  };
}
