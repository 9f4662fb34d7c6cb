/**
 * A host's connection to a plugin without the life of a process, over any open connection. It is for plugins that
 * goplug neither starts nor finds, for instance behind a tunnel.
 */
import type { Duplex, Writable } from "node:stream";
import type { CallOptions } from "../../protocol/netrpc/index.js";
import { assertPluginSet } from "../contract/check-config.js";
import type { MuxBroker } from "../contract/mux-broker.js";
import type { ClientOf, ClientPluginSet } from "../contract/plugin.js";
import { KeepAlive } from "../keep-alive.js";
import { transportOf } from "../net/socket.js";
import { guarded, type Logger } from "../observe/logger.js";
import { HostConnection } from "./host-connection.js";

/** Which plugins there are, and where their output goes. */
export interface HostConnOptions<P extends ClientPluginSet> {
  /** The plugins by name. */
  readonly plugins: P;
  /** Gets what the plugin prints on stdout. Default: it is dropped. */
  readonly syncStdout?: Writable;
  /** Gets what the plugin prints on stderr. Default: it is dropped. */
  readonly syncStderr?: Writable;
  /** Gets goplug's own records. Default: none. */
  readonly logger?: Logger;
  /**
   * Whether a contract must have exactly the fields of the plugin's types. If not, the call fails with CodecError
   * `type-mismatch`, reason `fields` (the cause of RpcError `bad-reply`). Default false: differences are logged [GOB-56].
   */
  readonly strict?: boolean;
}

/** Calls to a plugin over one connection. Go: `RPCClient`. */
export interface HostConn<P extends ClientPluginSet> extends AsyncDisposable {
  /**
   * Makes a new instance of a plugin.
   *
   * @throws PluginError `unknown-plugin`. @throws ServerError from the plugin. @throws RpcError when the connection ends.
   */
  dispense<N extends keyof P & string>(name: N, options?: CallOptions): Promise<ClientOf<P[N]>>;
  /** Calls the plugin and waits for its answer. @throws RpcError when the connection ends. */
  ping(options?: CallOptions): Promise<void>;
  /** Asks the plugin to end. It answers first. @throws RpcError when the connection ends before the answer. */
  quit(options?: CallOptions): Promise<void>;
  /** Further streams between host and plugin. */
  readonly broker: MuxBroker;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<unknown>;
  /** Closes the connection without asking the plugin to end. Go's Close asks it too. */
  close(): Promise<void>;
}

/**
 * Opens control, stdio and broker on `duplex`. goplug never calls `ref` or `unref` on it: whether it keeps the process
 * alive is the caller's decision.
 *
 * @throws PluginError `bad-config`. @throws MuxError if the connection ends meanwhile. Go: `NewRPCClient`.
 */
export async function hostConn<P extends ClientPluginSet>(
  duplex: Duplex,
  options: HostConnOptions<P>,
): Promise<HostConn<P>> {
  assertPluginSet(options.plugins, "plugins", "client");
  const logger = guarded(options.logger);
  const keepAlive = new KeepAlive();
  const connection = await HostConnection.open(transportOf(duplex), {
    ...options,
    logger,
    keepAlive,
  });
  return Object.assign(connection, { [Symbol.asyncDispose]: () => connection.close() });
}
