/** Everything a plugin serves to its hosts, without the process around it. */
import type { Duplex } from "node:stream";
import type { TlsOptions } from "node:tls";
import { Deferred } from "../../protocol/async/deferred.js";
import type { Environment } from "../../protocol/handshake/index.js";
import { type Listener, openListener } from "../net/listener.js";
import { transportOf } from "../net/socket.js";
import { settled } from "../settled.js";
import { tlsAcceptor } from "../tls/tls-acceptor.js";
import { PluginConnection, type PluginConnectionOptions } from "./plugin-connection.js";

/** What is served on every connection, and where to listen. */
export interface PluginServerOptions extends PluginConnectionOptions {
  /** The host's wishes about the listener. */
  readonly env: Environment;
  /** Default: `tcp` on Windows, `unix` elsewhere. */
  readonly network?: "unix" | "tcp" | undefined;
  /** For every connection. Default: no TLS. */
  readonly tls?: TlsOptions | undefined;
}

/** How long connections may take to close, in milliseconds. */
const CLOSE_MS = 500;

/**
 * A plugin's listener and its connections. Any number of hosts may connect; each gets a session, a broker and
 * control services of its own. Go: `RPCServer`.
 */
export class PluginServer {
  readonly listener: Listener;
  readonly #options: PluginConnectionOptions;
  readonly #connections = new Set<PluginConnection>();
  readonly #quit = new Deferred();

  private constructor(listener: Listener, options: PluginConnectionOptions) {
    this.listener = listener;
    this.#options = options;
  }

  /** @throws PluginError `listen-failed`, `path-too-long`, `bad-config`, `tls-failed`. */
  static async open(options: PluginServerOptions): Promise<PluginServer> {
    const { env, network, tls, onFailure } = options;
    const secure = tls && (await tlsAcceptor(tls, onFailure));
    const listener = await openListener(env, network);
    const server = new PluginServer(listener, options);
    const serve = (conn: Duplex) => server.#serve(conn);
    listener.server.on("connection", secure === undefined ? serve : secure(serve));
    return server;
  }

  /** Resolves when the first host says Quit. Stays pending when none does. */
  get quit(): Promise<void> {
    return this.#quit.promise;
  }

  /** How many hosts are connected. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Answers all calls that are being handled, from all hosts, with the error `text`. */
  fail(text: string): void {
    for (const connection of this.#connections) connection.fail(text);
  }

  /**
   * Stops listening, removes a unix socket's file, and closes the connections after everything written on them.
   * Does not wait for a slow host longer than {@link CLOSE_MS}.
   */
  async close(): Promise<void> {
    await this.listener.close();
    const closing = [...this.#connections].map((connection) => connection.close());
    await settled(Promise.all(closing), CLOSE_MS);
  }

  #serve(conn: Duplex): void {
    const connection = new PluginConnection(transportOf(conn), this.#options);
    this.#connections.add(connection);
    connection.quit.then(this.#quit.resolve);
    connection.serve().finally(() => this.#connections.delete(connection));
  }
}
