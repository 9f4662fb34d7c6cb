/** Everything a plugin serves to its hosts, without the process around it. */
import type { Duplex } from "node:stream";
import type { TlsOptions } from "node:tls";
import { Deferred } from "../../protocol/async/deferred.js";
import type { Environment } from "../../protocol/handshake/index.js";
import { type Listener, openListener } from "../net/listener.js";
import type { OnFailure } from "../observe/logger.js";
import { settled } from "../settled.js";
import { tlsAcceptor } from "../tls/tls-acceptor.js";
import type { ServedConnection } from "./served-connection.js";

/** Where to listen, and how connections are served. */
export interface PluginServerOptions {
  /** Makes what serves a new connection. */
  readonly connection: (conn: Duplex) => ServedConnection;
  /** Stop listening after so many connections. Default: no limit. */
  readonly maxConnections?: number | undefined;
  /** Gets the failures that no caller sees. */
  readonly onFailure: OnFailure;
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
  readonly #options: PluginServerOptions;
  readonly #connections = new Set<ServedConnection>();
  #acceptedCount = 0;
  readonly #quit = new Deferred();

  private constructor(listener: Listener, options: PluginServerOptions) {
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

  /** Resolves when the first host says Quit, or when the last of `maxConnections` has ended. */
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
   * Stops listening, removes a unix socket's file, and closes the connections after everything printed and everything
   * written on them. Does not wait for a host that takes nothing longer than {@link CLOSE_MS}.
   */
  async close(): Promise<void> {
    await this.listener.close();
    await Promise.all([...this.#connections].map((connection) => connection.drain()));
    const closing = [...this.#connections].map((connection) => connection.close());
    await settled(Promise.all(closing), CLOSE_MS);
  }

  #serve(conn: Duplex): void {
    this.#acceptedCount++;
    if (this.#isLast) void this.listener.close();
    const connection = this.#options.connection(conn);
    this.#connections.add(connection);
    connection.quit.then(this.#quit.resolve);
    connection.serve().finally(() => {
      this.#connections.delete(connection);
      if (this.#isLast && this.#connections.size === 0) this.#quit.resolve();
    });
  }

  /** No further host can connect. */
  get #isLast(): boolean {
    return this.#acceptedCount >= (this.#options.maxConnections ?? Number.POSITIVE_INFINITY);
  }
}
