/**
 * A host's end of go-plugin's connection by itself, over any open connection: for plugins that goplug neither
 * starts nor finds, behind a tunnel for instance.
 */
import type { Duplex, Writable } from "node:stream";
import type { CallOptions } from "../../protocol/netrpc/index.js";
import type { MuxBroker } from "../contract/mux-broker.js";
import type { ClientOf, ClientPluginSet } from "../contract/plugin.js";
import { KeepAlive } from "../keep-alive.js";
import { transportOf } from "../net/socket.js";
import { guarded, type Logger, NULL_LOGGER } from "../observe/logger.js";
import { HostConnection } from "./host-connection.js";

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
