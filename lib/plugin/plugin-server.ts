import type { Duplex } from "node:stream";
import type { TlsOptions } from "node:tls";
import type { Environment } from "../../protocol/handshake/index.js";
import type { ServerPluginSet } from "../contract/plugin.js";
import { type Listener, openListener } from "../net/listener.js";
import { transportOf } from "../net/socket.js";
import { tlsAcceptor } from "../tls/plugin-tls.js";
import { PluginConnection } from "./plugin-connection.js";
import type { SyncOutput } from "./sync-output.js";

export interface PluginServerOptions {
  readonly env: Environment;
  /** Default: what the platform has. */
  readonly network?: "unix" | "tcp" | undefined;
  /** TLS on every connection. */
  readonly tls?: TlsOptions | undefined;
  readonly plugins: ServerPluginSet;
  readonly stdout: SyncOutput;
  readonly stderr: SyncOutput;
  /** A failure that no caller sees. */
  readonly onError: (text: string, error: unknown) => void;
}

/** How long connections may take to close after Quit was answered. */
const CLOSE_MS = 500;

/**
 * A plugin's listener and its connections: any number of hosts, each with a session, a broker and
 * control services of its own. Go: `RPCServer`.
 */
export class PluginServer {
  readonly listener: Listener;
  /** Resolves when a host said Quit. */
  readonly quit: Promise<void>;
  readonly #connections = new Set<PluginConnection>();

  private constructor(listener: Listener, quit: Promise<void>) {
    this.listener = listener;
    this.quit = quit;
  }

  /** @throws PluginError `listen-failed`, `path-too-long`, `bad-config`, `tls-failed`. */
  static async open(options: PluginServerOptions): Promise<PluginServer> {
    let onQuit!: () => void;
    const quit = new Promise<void>((resolve) => {
      onQuit = resolve;
    });
    const { env, network, tls, onError } = options;
    const secure = tls && (await tlsAcceptor(tls, onError));
    const listener = await openListener(env, network);
    const server = new PluginServer(listener, quit);
    const serve = (socket: Duplex) => server.#serve(socket, options, onQuit);
    listener.server.on("connection", secure === undefined ? serve : secure(serve));
    return server;
  }

  /** How many hosts are connected. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Fails what every host waits for with `text`, and says so before the end. */
  fail(text: string): void {
    for (const connection of this.#connections) connection.fail(text);
  }

  /** Stops listening, which removes the socket's file, and closes the connections after what they say. */
  async close(): Promise<void> {
    await this.listener.close();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    const closed = Promise.all([...this.#connections].map((connection) => connection.close()));
    await Promise.race([closed, late]);
    clearTimeout(timer);
  }

  #serve(socket: Duplex, options: PluginServerOptions, onQuit: () => void): void {
    const connection = new PluginConnection(transportOf(socket), { ...options, onQuit });
    this.#connections.add(connection);
    connection.serve().finally(() => this.#connections.delete(connection));
  }
}
