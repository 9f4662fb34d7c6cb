import type { Duplex, Readable, Writable } from "node:stream";
import type { CallOptions } from "../protocol/netrpc/index.js";
import { KeepAlive } from "./keep-alive.js";
import { guarded, type Logger, NULL_LOGGER } from "./logger.js";
import type { MuxBroker } from "./mux-broker.js";
import type { ClientOf, ClientPluginSet, ServerPluginSet } from "./plugin.js";
import { HostConnection } from "./rpc-client.js";
import { PluginConnection } from "./rpc-server.js";
import { transportOf } from "./socket.js";
import { SyncOutput } from "./sync-output.js";

/**
 * go-plugin's connection by itself, over any open connection, for hosts and plugins that are neither started nor found
 * by goplug: through a tunnel, over a listener of one's own.
 */

export interface HostConnOptions<P extends ClientPluginSet> {
  readonly plugins: P;
  /** Gets what the plugin prints; dropped by default. */
  readonly syncStdout?: Writable;
  readonly syncStderr?: Writable;
  readonly logger?: Logger;
}

/** Go: `RPCClient`. */
export interface HostConn<P extends ClientPluginSet> extends AsyncDisposable {
  /** @throws PluginError `unknown-plugin`. @throws ServerError from the plugin. */
  dispense<N extends keyof P & string>(name: N, options?: CallOptions): Promise<ClientOf<P[N]>>;
  ping(options?: CallOptions): Promise<void>;
  /** Asks the plugin to end; it answers first. */
  quit(options?: CallOptions): Promise<void>;
  readonly broker: MuxBroker;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<unknown>;
  /** Closes without Quit. Go's Close says Quit too. */
  close(): Promise<void>;
}

/**
 * A host's end on `duplex`: control, stdio and broker. What keeps the process alive is the duplex, so the caller.
 *
 * @throws MuxError when the connection ends meanwhile. Go: `NewRPCClient`.
 */
export async function hostConn<P extends ClientPluginSet>(
  duplex: Duplex,
  options: HostConnOptions<P>,
): Promise<HostConn<P>> {
  const logger = options.logger === undefined ? NULL_LOGGER : guarded(options.logger);
  const keepAlive = new KeepAlive();
  const connection = await HostConnection.open(transportOf(duplex), {
    ...options,
    logger,
    keepAlive,
  });
  return Object.assign(connection, { [Symbol.asyncDispose]: () => connection.close() });
}

export interface PluginConnOptions {
  readonly plugins: ServerPluginSet;
  /** What goes to the host's sync streams. */
  readonly stdout?: Readable;
  readonly stderr?: Readable;
  readonly logger?: Logger;
}

/** Go: `RPCServer`, for one connection. */
export interface PluginConn extends AsyncDisposable {
  /** Resolves when the host said Quit, which has been answered by then. The connection is still open. */
  readonly quit: Promise<void>;
  /** Resolves when the connection has ended. Never rejects. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/** A plugin's end on `duplex`; serves until the host closes it. Go: `RPCServer.ServeConn`. */
export function pluginConn(duplex: Duplex, options: PluginConnOptions): PluginConn {
  const logger = options.logger === undefined ? NULL_LOGGER : guarded(options.logger);
  let onQuit!: () => void;
  const quit = new Promise<void>((resolve) => {
    onQuit = resolve;
  });
  const connection = new PluginConnection(transportOf(duplex), {
    plugins: options.plugins,
    stdout: outputOf(options.stdout),
    stderr: outputOf(options.stderr),
    onQuit,
    onError: (text, error) => logger.error({ error: String(error) }, text),
  });
  const closed = connection.serve();
  const close = () => connection.close();
  return { quit, closed, close, [Symbol.asyncDispose]: close };
}

function outputOf(source: Readable | undefined): SyncOutput {
  const output = new SyncOutput();
  source?.on("data", (chunk: string | Uint8Array) => output.write(Buffer.from(chunk as string)));
  return output;
}
